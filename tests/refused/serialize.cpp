// SPDX-License-Identifier: MIT
// Values that cannot be sent: each is refused in the words of the line above it.
#include "tequio/serialize.hpp"

#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

template <class T>
void send(tequio::writer& out, const T& value) {
  out(value);
}

struct base {
  int number = 0;
};
struct derived : base {};
class shape {
 public:
  virtual ~shape() = default;
};
struct holds_pointer {
  std::vector<const char*> names{};
};
union either {
  int number;
  float real;
};
struct no_default {
  explicit no_default(int) {}
  template <class Archive>
  friend void serialize(Archive&, no_default&) {}
};

void all(tequio::writer& out, tequio::reader& in) {
  // says: tequio: a pointer means nothing in another process; send what it points to
  send(out, static_cast<int*>(nullptr));
  // says: with T = const char*
  send(out, holds_pointer());
  // says: tequio: a std::string_view only says where text lies; send a std::string
  send(out, std::string_view());
  // says: tequio: a std::span only says where items lie; send a std::vector
  send(out, std::span<int>());
  // says: tequio: a std::reference_wrapper only says where an object lies; send the object
  send(out, std::ref(out));
  // says: tequio: what a std::shared_ptr shares stays in its process
  send(out, std::shared_ptr<int>());
  // says: tequio: of std::unique_ptr only those of one object with the usual deleter can be sent
  send(out, std::unique_ptr<int[]>());
  // says: tequio: behind a std::unique_ptr to a class with virtual functions may be a derived one
  send(out, std::unique_ptr<shape>());
  // says: tequio: a std::function cannot be sent; send what it is to work on
  send(out, std::function<void()>());
  // says: tequio: a union does not say which member it holds; use std::variant
  send(out, either());
  // says: tequio: the fields of an aggregate with a base class cannot be found
  send(out, derived());
  // says: tequio: this type cannot be sent from process to process; make it an aggregate of types that can
  send(out, std::mutex());
  // says: tequio: what comes from another process is read into a default value
  std::vector<no_default> many;
  in(many);
  // says: tequio: a const member cannot be read back
  const int fixed = 1;
  in(fixed);
}
