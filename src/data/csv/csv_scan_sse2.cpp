// SPDX-License-Identifier: MIT
// The scan for every x86-64 processor.
#if defined(__x86_64__)
#include <emmintrin.h>

#include "base/utf8.hpp"
#include "data/csv/csv_scan.hpp"

namespace tequio::data {
namespace {

#include "data/csv/csv_scan_block.hpp"

class sse2_block {
 public:
  explicit sse2_block(const char* bytes) noexcept {
    for (int i = 0; i < 4; ++i) m_parts[i] = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes + 16 * i));
  }

  mask equal(char c) const noexcept {
    const __m128i wanted = _mm_set1_epi8(c);
    return gather([&](__m128i part) { return _mm_cmpeq_epi8(part, wanted); });
  }

  mask high() const noexcept {
    return gather([](__m128i part) { return part; });
  }

  bool any_zero() const noexcept {
    const __m128i least = _mm_min_epu8(_mm_min_epu8(m_parts[0], m_parts[1]), _mm_min_epu8(m_parts[2], m_parts[3]));
    return _mm_movemask_epi8(_mm_cmpeq_epi8(least, _mm_setzero_si128())) != 0;
  }

  static mask prefix_xor(mask bits) noexcept {
    for (int shift = 1; shift < 64; shift *= 2) bits ^= bits << shift;
    return bits;
  }

 private:
  template <class Map>
  mask gather(Map map) const noexcept {
    mask all = 0;
    for (int i = 0; i < 4; ++i) all |= mask{static_cast<unsigned>(_mm_movemask_epi8(map(m_parts[i])))} << (16 * i);
    return all;
  }

  __m128i m_parts[4];
};

}  // namespace

scan_state scan_row_sse2(const scan_request& request, scanned_row& row) noexcept {
  return scan_blocks<sse2_block>(request, row);
}

}  // namespace tequio::data
#endif
