// SPDX-License-Identifier: MIT
#include "tequio/data/npy_header.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "tequio/data/format_error.hpp"

namespace {

using namespace tequio::data;
using testing::HasSubstr;
using testing::StartsWith;

std::string with_length(const std::string& header, unsigned version, std::size_t length) {
  std::string file = "\x93NUMPY";
  file += static_cast<char>(version);
  file += '\0';
  for (unsigned byte = 0; byte < (version == 1 ? 2U : 4U); ++byte)
    file += static_cast<char>(length >> 8U * byte & 0xffU);
  return file + header;
}

std::string file(const std::string& header, unsigned version = 1) {
  return with_length(header, version, header.size());
}

npy_header parse(const std::string& bytes, const npy_options& options = {}) {
  return parse_npy_header(std::as_bytes(std::span(bytes)), "a.npy", options);
}

/// The message that `bytes` are refused with.
std::string refusal(const std::string& bytes, const npy_options& options = {}) {
  try {
    (void)parse(bytes, options);
  } catch (const format_error& failure) {
    EXPECT_EQ(failure.object(), "a.npy");
    EXPECT_FALSE(failure.cure().empty()) << failure.what();
    return failure.what();
  }
  return "accepted";
}

std::string header(const std::string& descr, const std::string& order, const std::string& shape) {
  return "{'descr': " + descr + ", 'fortran_order': " + order + ", 'shape': " + shape + ", }";
}

std::string of_shape(const std::string& shape) { return file(header("'<f8'", "False", shape)); }
std::string of_order(const std::string& order) { return file(header("'<f8'", order, "(6,)")); }
std::string of_descr(const std::string& descr) { return file(header(descr, "False", "(6,)")); }

// --- the start of the file -------------------------------------------------------------------------------------------

TEST(npy_header, refuses_an_empty_file) { EXPECT_EQ(refusal(""), "a.npy: empty file; write it again with numpy.save"); }

TEST(npy_header, refuses_what_is_no_npy_and_shows_its_first_bytes) {
  EXPECT_EQ(refusal("hello world"),
            "a.npy: not a .npy file: it starts with 'hello wo'; give files written by numpy.save");
  EXPECT_THAT(refusal("\xef\xbb\xbf\x93NUMPY\x01"), HasSubstr("it starts with '\\xef\\xbb\\xbf\\x93NUMP'"));
  EXPECT_THAT(refusal("\x93NUMPX\x01\x01"), HasSubstr("not a .npy file"));
  EXPECT_THAT(refusal("12345"), HasSubstr("not a .npy file: it starts with '12345'"));
}

TEST(npy_header, knows_zip_gzip_and_pickle) {
  EXPECT_THAT(refusal("PK\x03\x04zip"), HasSubstr("name it .npz"));
  EXPECT_THAT(refusal("\x1f\x8b\x08"), HasSubstr("compressed by gzip"));
  EXPECT_THAT(refusal("\x80\x04\x95pickle"), HasSubstr("Python pickle"));
}

TEST(npy_header, says_where_a_cut_file_ends) {
  const std::string whole = of_shape("(6,)");
  EXPECT_THAT(refusal(whole.substr(0, 5)),
              HasSubstr("EOF: reading magic string of a .npy file, expected 8 bytes got 5"));
  EXPECT_THAT(refusal(whole.substr(0, 6)),
              HasSubstr("EOF: reading magic string of a .npy file, expected 8 bytes got 6"));
  EXPECT_THAT(refusal(whole.substr(0, 8)), HasSubstr("EOF: reading array header length, expected 2 bytes got 0"));
  EXPECT_THAT(refusal(whole.substr(0, 9)), HasSubstr("EOF: reading array header length, expected 2 bytes got 1"));
  EXPECT_THAT(refusal(with_length("", 2, 0).substr(0, 10)),
              HasSubstr("EOF: reading array header length, expected 4 bytes got 2"));
  EXPECT_THAT(refusal(whole.substr(0, 20)), HasSubstr("EOF: reading array header, expected 57 bytes got 10"));
}

TEST(npy_header, refuses_unknown_versions) {
  std::string bytes = of_shape("(6,)");
  for (const auto& [major, minor] : {std::pair{0, 0}, {1, 1}, {4, 0}, {9, 0}, {255, 255}}) {
    bytes[6] = static_cast<char>(major);
    bytes[7] = static_cast<char>(minor);
    EXPECT_EQ(refusal(bytes), "a.npy: format version " + std::to_string(major) + "." + std::to_string(minor) +
                                  " at byte 6 is unknown; 1.0, 2.0 and 3.0 are known; write it again with numpy.save");
  }
}

TEST(npy_header, refuses_a_length_beyond_the_end_without_allocating_it) {
  EXPECT_THAT(refusal(with_length("{}", 2, 0xffffffff)),
              HasSubstr("EOF: reading array header, expected 4294967295 bytes got 2"));
  EXPECT_THAT(refusal(with_length(std::string(50'000, ' '), 2, 0xffffffff)), HasSubstr("more than the 10000"));
}

TEST(npy_header, believes_10000_characters_unless_told_otherwise) {
  const std::string text = header("'<f8'", "False", "(6,)");
  const auto padded = [&](std::size_t size) { return file(text + std::string(size - text.size(), ' '), 2); };
  EXPECT_EQ(refusal(padded(10'000)), "accepted");
  EXPECT_EQ(
      refusal(padded(10'001)),
      "a.npy: the header's 10001 characters are more than the 10000 that are believed; if you trust the file, raise "
      "the limit on header characters");
  EXPECT_EQ(refusal(padded(10'001), {.header_characters = 10'001}), "accepted");
}

TEST(npy_header, counts_characters_and_not_bytes_in_version_3) {
  std::string name;
  for (int letter = 0; letter < 4000; ++letter) name += "\xe2\x82\xac";
  const std::string text = header("[('" + name + "', '<f8')]", "False", "(6,)");
  ASSERT_GT(text.size(), 10'000U);
  EXPECT_EQ(refusal(file(text, 3)), "accepted");
  EXPECT_THAT(refusal(file(text, 2)), HasSubstr("more than the 10000"));
}

// --- the text of the header ------------------------------------------------------------------------------------------

TEST(npy_header, refuses_an_empty_header) {
  EXPECT_EQ(refusal(file("")),
            "a.npy: bad .npy header at byte 10: the header ends where a value should be; write the file again with "
            "numpy.save");
}

TEST(npy_header, refuses_a_dict_that_is_cut) {
  const std::string text = header("'<f8'", "False", "(6,)");
  for (std::size_t size = 1; size < text.size(); ++size)
    EXPECT_THAT(refusal(file(text.substr(0, size))), StartsWith("a.npy: bad .npy header at byte ")) << size;
  EXPECT_THAT(refusal(file("{'descr': '<f8")), HasSubstr("at byte 20: a string without its closing quote"));
  EXPECT_THAT(refusal(file("{'shape': (6,")), HasSubstr("at byte 23: the header ends where a value should be"));
  EXPECT_THAT(refusal(file("{'shape': (6,)")), HasSubstr("at byte 24: the header ends before its '}'"));
  EXPECT_THAT(refusal(file("{'descr' '<f8'}")), HasSubstr("at byte 19: a key without ':' and a value"));
  EXPECT_THAT(refusal(of_shape("(6]")), HasSubstr("']' where ',' or ')' should be"));
}

TEST(npy_header, refuses_a_length_that_eats_data_and_nul) {
  const std::string text = header("'<f8'", "False", "(6,)");
  EXPECT_THAT(refusal(file(text + std::string("\n\x00\x01", 3))), HasSubstr("something after the dict: \\x00\\x01"));
  EXPECT_THAT(refusal(file(std::string("\0{}", 3))), HasSubstr("at byte 10: unexpected '\\x00'"));
  EXPECT_THAT(refusal(file("{'descr': \x01\x02}")), HasSubstr("unexpected '\\x01'"));
}

TEST(npy_header, evaluates_nothing) {
  EXPECT_EQ(refusal(file("__import__('os').system('true')")),
            "a.npy: bad .npy header at byte 10: '__import__' is not a literal; names and calls are never evaluated");
  EXPECT_THAT(refusal(file("[1, 2, 3]")), HasSubstr("the header is not a dict: [1, 2, 3]"));
  EXPECT_THAT(refusal(file("{1, 2}")), HasSubstr("a key without ':'"));
  EXPECT_THAT(refusal(file("garbage")), HasSubstr("'garbage' is not a literal"));
}

TEST(npy_header, refuses_version_3_that_is_not_utf8) {
  EXPECT_THAT(refusal(file("{'\xff': 1}", 3)), HasSubstr("at byte 14: the header of a version 3.0 file is not UTF-8"));
  EXPECT_THAT(refusal(file("{'\xe2\x82': 1}", 3)), HasSubstr("not UTF-8"));
  EXPECT_THAT(refusal(file("{'a': 1} \xe2", 3)), HasSubstr("ends inside a character"));
}

TEST(npy_header, refuses_missing_foreign_and_double_keys) {
  EXPECT_THAT(refusal(file("{'descr': '<f8', 'shape': (6,)}")), HasSubstr("lacks the key 'fortran_order'"));
  EXPECT_THAT(refusal(file("{}")), HasSubstr("lacks the key 'descr'"));
  EXPECT_THAT(refusal(file("{'descr': '<f8', 'x': 1}")), HasSubstr("at byte 27: the header has the key 'x'"));
  EXPECT_THAT(refusal(file("{1: 2}")), HasSubstr("the header has the key 1"));
  EXPECT_THAT(refusal(file("{b'descr': 2}")), HasSubstr("the header has the key b'descr'"));
  EXPECT_THAT(refusal(file("{'shape': (6,), 'descr': '<f8', 'fortran_order': False, 'shape': (5,)}")),
              HasSubstr("the header has the key 'shape' twice"));
}

TEST(npy_header, refuses_300_nested_parentheses) {
  EXPECT_THAT(refusal(of_shape(std::string(300, '(') + "6" + std::string(300, ')'))),
              HasSubstr("nests deeper than 8 brackets"));
  EXPECT_EQ(refusal(of_shape("((((((6,))))))")), "accepted") << "redundant brackets are Python too";
}

// --- shape -----------------------------------------------------------------------------------------------------------

TEST(npy_header, refuses_shapes_that_are_no_tuples_of_integers) {
  for (const std::string shape : {"[6]", "6", "(6)", "None", "'6'", "{}", "True"})
    EXPECT_THAT(refusal(of_shape(shape)), HasSubstr("the shape is not valid: it is not a tuple")) << shape;
  for (const std::string shape : {"(True,)", "('6',)", "(None,)", "((6,),)", "([],)"})
    EXPECT_THAT(refusal(of_shape(shape)), HasSubstr("is not an integer: ")) << shape;
  for (const std::string shape : {"6.0", "(6.0,)", "(0_6,)", "(6e1,)", "(0x6,)", "(06,)", "(6j,)", "(-,)"})
    EXPECT_THAT(refusal(of_shape(shape)), HasSubstr("is not a decimal integer")) << shape;
  EXPECT_THAT(refusal(of_shape("(2+4,)")), HasSubstr("'+' where ',' or ')' should be"));
  EXPECT_THAT(refusal(of_shape("(,)")), HasSubstr("unexpected ','"));
}

TEST(npy_header, refuses_negative_lengths) {
  EXPECT_EQ(
      refusal(of_shape("(-1,)")),
      "a.npy: bad .npy header at byte 60: the shape is not valid: -1 is negative: (-1,); write the file again with "
      "numpy.save");
  EXPECT_THAT(refusal(of_shape("(2,-3)")), HasSubstr("-3 is negative: (2,-3)"));
  EXPECT_THAT(refusal(of_shape("(-2,-3)")), HasSubstr("-2 is negative"));
}

TEST(npy_header, refuses_products_that_no_file_holds) {
  for (const std::string shape : {"(4611686018427387904,)", "(4611686018427387904, 4)", "(4294967296, 4294967296)",
                                  "(9223372036854775808,)", "(1152921504606846976,)"})
    EXPECT_THAT(refusal(of_shape(shape)), HasSubstr("elements of 8 bytes are more than a file holds")) << shape;
  EXPECT_THAT(refusal(of_shape("(18446744073709551616,)")), HasSubstr("18446744073709551616 is too large"));
  EXPECT_EQ(parse(of_shape("(4611686018427387904, 0, 4611686018427387904)")).count, 0U);
}

TEST(npy_header, refuses_more_than_64_axes) {
  const auto axes = [](int count) {
    std::string shape = "(";
    for (int axis = 0; axis < count; ++axis) shape += "1,";
    return of_shape(shape + ")");
  };
  EXPECT_EQ(parse(axes(64)).shape.size(), 64U);
  EXPECT_THAT(refusal(axes(65)), HasSubstr("65 axes are more than 64"));
}

TEST(npy_header, accepts_any_shape_that_numpy_writes) {
  EXPECT_EQ(parse(of_shape("()")).count, 1U);
  EXPECT_EQ(parse(of_shape("(0,)")).count, 0U);
  EXPECT_EQ(parse(of_shape("(3, 0, 2)")).shape, (npy_shape{3, 0, 2}));
  EXPECT_EQ(parse(of_shape("(2,3)")).data_bytes, 48U);
  EXPECT_EQ(parse(of_shape("(2, 3, 4,)")).count, 24U);
  EXPECT_EQ(parse(of_shape("(np.int64(4), numpy.int32(2))")).shape, (npy_shape{4, 2}));
  EXPECT_THAT(refusal(of_shape("(np.int64('4'),)")), HasSubstr("is not a decimal integer"));
  EXPECT_THAT(refusal(of_shape("(np.system(4),)")), HasSubstr("'np.system' is not a literal"));
  EXPECT_THAT(refusal(file("{'shape': (np.int64(")), HasSubstr("the header ends where an integer should be"));
}

TEST(npy_header, accepts_long_integers_of_python_2_before_version_3) {
  const std::string text = header("'<f8'", "False", "(2L, 3L)");
  EXPECT_EQ(parse(file(text, 1)).shape, (npy_shape{2, 3}));
  EXPECT_EQ(parse(file(text, 2)).shape, (npy_shape{2, 3}));
  EXPECT_THAT(refusal(file(text, 3)), HasSubstr("'2L' is not a decimal integer"));
}

// --- fortran_order and layout ----------------------------------------------------------------------------------------

TEST(npy_header, refuses_orders_that_are_not_true_or_false) {
  for (const std::string order : {"0", "'False'", "None", "()"})
    EXPECT_THAT(refusal(of_order(order)), HasSubstr("fortran_order is not True or False: " + order)) << order;
  EXPECT_THAT(refusal(of_order("false")), HasSubstr("'false' is not a literal"));
  EXPECT_EQ(parse(of_order("True")).order, memory_order::fortran);
  EXPECT_EQ(parse(of_order("False")).order, memory_order::c);
}

TEST(npy_header, takes_keys_in_any_order_quotes_blanks_and_a_comment) {
  const auto parsed = parse(file(" \t{ \"shape\" :(2 ,\n3),'fortran_order':True,u'descr':'>i4'}  # (9,)\n"));
  EXPECT_EQ(parsed.shape, (npy_shape{2, 3}));
  EXPECT_EQ(parsed.order, memory_order::fortran);
  EXPECT_EQ(parsed.type.descriptor, ">i4");
  EXPECT_EQ(parsed.data_bytes, 24U);
}

TEST(npy_header, finds_the_data_without_padding_or_newline) {
  for (unsigned version = 1; version <= 3; ++version) {
    const std::string bytes = file(header("'<f8'", "False", "(6,)"), version);
    EXPECT_EQ(parse(bytes).data_offset, bytes.size());
    EXPECT_EQ(parse(bytes).version, version);
  }
}

// --- descr -----------------------------------------------------------------------------------------------------------

TEST(npy_header, refuses_unknown_descriptors) {
  for (const std::string descr : {"<q9", "<f3", "", "<", "x4", "f-8", "f8 ", " f8", "<f8[s]", "i16", "c4", "b2",
                                  "S99999999999", "U2147483647", "M8[x]", "M8[", "M4", "<f8;", "float65"}) {
    EXPECT_THAT(refusal(of_descr("'" + descr + "'")), HasSubstr("'" + descr + "' is not a dtype descriptor")) << descr;
  }
  for (const std::string descr : {"8", "None", "b'<f8'", "{}", "('<f8',)", "('<f8', (2,))", "True"})
    EXPECT_THAT(refusal(of_descr(descr)), HasSubstr("descr is not a dtype descriptor: " + descr)) << descr;
}

TEST(npy_header, refuses_objects_with_the_word_pickle) {
  for (const std::string descr : {"'O'", "'|O'", "'|O8'", "'object'", "[('a', '<i4'), ('b', '|O')]", "'<i4,O'"})
    EXPECT_THAT(refusal(of_descr(descr)), HasSubstr("its data is a pickle")) << descr;
}

TEST(npy_header, refuses_long_double_by_name) {
  for (const std::string descr : {"<f16", ">c32", "<f12", "longdouble", "float128", "g"})
    EXPECT_THAT(refusal(of_descr("'" + descr + "'")), HasSubstr("'" + descr + "' is long double")) << descr;
}

TEST(npy_header, refuses_broken_records) {
  EXPECT_THAT(refusal(of_descr("[]")), HasSubstr("a record without fields"));
  EXPECT_THAT(refusal(of_descr("['<f8']")), HasSubstr("a field is not (name, descr)"));
  EXPECT_THAT(refusal(of_descr("[('a',)]")), HasSubstr("a field is not (name, descr)"));
  EXPECT_THAT(refusal(of_descr("[(1, '<f8')]")), HasSubstr("a field's name is not a string: 1"));
  EXPECT_THAT(refusal(of_descr("[('a', '<f8'), ('a', '<i4')]")), HasSubstr("two fields are named 'a'"));
  EXPECT_THAT(refusal(of_descr("[('a', '<f8', -1)]")), HasSubstr("a field's shape is not valid: -1"));
  EXPECT_THAT(refusal(of_descr("[('a', '<f8', (65536, 65536))]")), HasSubstr("a field's shape is not valid"));
  EXPECT_THAT(refusal(of_descr("[('a', '<f8', [2])]")), HasSubstr("a field's shape is not a tuple: [2]"));
  EXPECT_THAT(refusal(of_descr("[('a', '|V2147483647'), ('b', '|V1')]")), HasSubstr("a record of more than 2 GiB"));
  EXPECT_THAT(refusal(of_descr("[('a', [('b', [('c', [('d', '<f8')])])])]")), HasSubstr("nests deeper than 8"));
}

TEST(npy_header, knows_the_size_and_name_of_every_type) {
  struct row {
    const char* descr;
    dtype_kind kind;
    std::uint64_t item_bytes;
    const char* canonical;
  };
  using enum dtype_kind;
  for (const row& expected : {row{"|b1", boolean, 1, "|b1"},
                              row{"?", boolean, 1, "|b1"},
                              row{"<i1", signed_integer, 1, "|i1"},
                              row{"|u1", unsigned_integer, 1, "|u1"},
                              row{">i2", signed_integer, 2, ">i2"},
                              row{"=i8", signed_integer, 8, "<i8"},
                              row{"int64", signed_integer, 8, "<i8"},
                              row{"<f2", floating, 2, "<f2"},
                              row{"f4", floating, 4, "<f4"},
                              row{"|f8", floating, 8, "<f8"},
                              row{"d", floating, 8, "<f8"},
                              row{"float64", floating, 8, "<f8"},
                              row{">c16", complex, 16, ">c16"},
                              row{"|S5", bytes, 5, "|S5"},
                              row{"a5", bytes, 5, "|S5"},
                              row{"S0", bytes, 0, "|S0"},
                              row{"<U26", text, 104, "<U26"},
                              row{">U4", text, 16, ">U4"},
                              row{"|V3", raw, 3, "|V3"},
                              row{"<M8[25us]", datetime, 8, "<M8[25us]"},
                              row{"<M8", datetime, 8, "<M8"},
                              row{">m8[D]", timedelta, 8, ">m8[D]"},
                              row{"<f8,<i4", record, 12, "[('f0', '<f8'), ('f1', '<i4')]"}}) {
    const dtype type = parse(of_descr(std::string("'") + expected.descr + "'")).type;
    EXPECT_EQ(type.kind, expected.kind) << expected.descr;
    EXPECT_EQ(type.item_bytes, expected.item_bytes) << expected.descr;
    EXPECT_EQ(type.descriptor, expected.canonical);
  }
}

TEST(npy_header, adds_up_records) {
  const auto type = [](const std::string& descr) { return parse(of_descr(descr)).type; };
  EXPECT_EQ(type("[('a', '|i1'), ('', '|V7'), ('b', '<f8')]").item_bytes, 16U);
  EXPECT_EQ(type("[('', '|V1'), ('', '|V1'), ('x', '<f8')]").item_bytes, 10U) << "padding has no name to collide";
  EXPECT_EQ(type("[('m', '<f4', (2, 3)), ('k', '<u2')]").item_bytes, 26U);
  EXPECT_EQ(type("[('m', '<f4', 3)]").descriptor, "[('m', '<f4', (3,))]");
  EXPECT_EQ(type("[('m', ('<f4', (2,)))]").item_bytes, 8U);
  EXPECT_EQ(type("[(('title', 'name'), '<f4')]").descriptor, "[(('title', 'name'), '<f4')]");
  EXPECT_EQ(type("[('a', [('b', '<i2'), ('c', '|S3')], (2,))]").descriptor,
            "[('a', [('b', '<i2'), ('c', '|S3')], (2,))]");
  EXPECT_EQ(type("[('a', [('b', '<i2'), ('c', '|S3')], (2,))]").item_bytes, 10U);
  EXPECT_EQ(type("[('a', '<f8', (0,))]").item_bytes, 0U);
}

TEST(npy_header, reads_field_names_of_either_encoding_and_escapes) {
  const auto name_in = [](const std::string& quoted, unsigned version) {
    return parse(file(header("[(" + quoted + ", '<i4')]", "False", "()"), version)).type.descriptor;
  };
  EXPECT_EQ(name_in("'a\xf1o'", 1), "[('a\xc3\xb1o', '<i4')]");
  EXPECT_EQ(name_in("'a\xc3\xb1o'", 3), "[('a\xc3\xb1o', '<i4')]");
  EXPECT_EQ(name_in("'a\\xf1\\u20ac\\U0001F600\\t'", 1), "[('a\xc3\xb1\xe2\x82\xac\xf0\x9f\x98\x80\t', '<i4')]");
  EXPECT_THAT(refusal(of_descr("'\\u12'")), HasSubstr("an unknown escape"));
  EXPECT_THAT(refusal(of_descr("'\\ud800'")), HasSubstr("an unknown escape"));
  EXPECT_THAT(refusal(of_descr("'\\q'")), HasSubstr("an unknown escape"));
}

// --- whatever the bytes ----------------------------------------------------------------------------------------------

/// Every outcome is a header or a format_error; sanitizers see the rest.
void survives(const std::string& bytes) {
  try {
    (void)parse(bytes);
  } catch (const format_error&) {
  }
}

TEST(npy_header, survives_every_cut_and_every_changed_byte) {
  const std::string record = header("[('a', '<f8', (2,)), (('t', 'n'), [('b', '|S3')])]", "True", "(2L, np.int64(3))");
  for (unsigned version = 1; version <= 3; ++version) {
    const std::string whole = file(record + "  # end\n", version);
    for (std::size_t at = 0; at < whole.size(); ++at) {
      survives(whole.substr(0, at));
      for (int value = 0; value < 256; ++value) {
        std::string changed = whole;
        changed[at] = static_cast<char>(value);
        survives(changed);
      }
    }
  }
}

}  // namespace
