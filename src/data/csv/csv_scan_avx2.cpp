// SPDX-License-Identifier: MIT
// The scan for processors with AVX2.
#if defined(__x86_64__)
#include <immintrin.h>

#include "base/instruction_set.hpp"
#include "base/utf8.hpp"
#include "data/csv/csv_scan.hpp"

TEQUIO_BEGIN_AVX2
namespace tequio::data {
namespace {

#include "data/csv/csv_scan_block.hpp"

class avx2_block {
 public:
  explicit avx2_block(const char* bytes) noexcept
      : m_low(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes))),
        m_high(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes + 32))) {}

  mask equal(char c) const noexcept {
    const __m256i wanted = _mm256_set1_epi8(c);
    return join(_mm256_cmpeq_epi8(m_low, wanted), _mm256_cmpeq_epi8(m_high, wanted));
  }

  mask high() const noexcept { return join(m_low, m_high); }

  bool any_zero() const noexcept {
    const __m256i least = _mm256_min_epu8(m_low, m_high);
    return _mm256_movemask_epi8(_mm256_cmpeq_epi8(least, _mm256_setzero_si256())) != 0;
  }

  static mask prefix_xor(mask bits) noexcept {
    const __m128i ones = _mm_set1_epi8(static_cast<char>(0xFF));
    const __m128i product = _mm_clmulepi64_si128(_mm_set_epi64x(0, static_cast<long long>(bits)), ones, 0);
    return static_cast<mask>(_mm_cvtsi128_si64(product));
  }

 private:
  static mask join(__m256i low, __m256i high) noexcept {
    return mask{static_cast<unsigned>(_mm256_movemask_epi8(low))} |
           mask{static_cast<unsigned>(_mm256_movemask_epi8(high))} << 32;
  }

  __m256i m_low;
  __m256i m_high;
};

}  // namespace

scan_state scan_row_avx2(const scan_request& request, scanned_row& row) noexcept {
  return scan_blocks<avx2_block>(request, row);
}

}  // namespace tequio::data
TEQUIO_END_INSTRUCTION_SET
#endif
