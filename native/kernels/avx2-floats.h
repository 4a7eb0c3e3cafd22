#pragma once
// Run lengths, eight at a time.
#include "kernels/avx2.h"

#if SHOWROOM_HAS_AVX2
#include <immintrin.h>

namespace showroom {

SHOWROOM_AVX2 inline __m256 at_least(__m256 a, __m256 b) { return _mm256_cmp_ps(a, b, _CMP_GE_OQ); }

// k·v + c; the products of run lengths stay below 2²⁴, where floats are exact.
SHOWROOM_AVX2 inline __m256 linear(float k, __m256 v, float c) {
  return _mm256_add_ps(_mm256_mul_ps(_mm256_set1_ps(k), v), _mm256_set1_ps(c));
}
SHOWROOM_AVX2 inline __m256 times(float k, __m256 v) { return _mm256_mul_ps(_mm256_set1_ps(k), v); }

// `value` from `low` to `high`.
SHOWROOM_AVX2 inline __m256 within(__m256 low, __m256 value, __m256 high) {
  return _mm256_and_ps(at_least(value, low), at_least(high, value));
}

// Eight runs from edge `at` on.
SHOWROOM_AVX2 inline __m256 runs(const int32_t* at, int first, int last) {
  const __m256i from = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at + first));
  const __m256i to = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at + last));
  return _mm256_cvtepi32_ps(_mm256_sub_epi32(to, from));
}

}  // namespace showroom

#endif
