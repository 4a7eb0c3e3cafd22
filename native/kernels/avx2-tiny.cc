#include "kernels/avx2.h"

#if SHOWROOM_HAS_AVX2
#include <immintrin.h>

#include "kernels/rows.h"

// Possible middles of a tiny finder, eight positions of every second column at a time.
namespace showroom {
namespace {

SHOWROOM_AVX2 inline __m256i load(const uint32_t* at) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
}

// The sums over eight squares of side 2 r + 1 with adjacent middles.
SHOWROOM_AVX2 inline __m256i eight_boxes(const uint32_t* at, int stride, int r) {
  const uint32_t* const top = at - static_cast<ptrdiff_t>(r) * stride;
  const uint32_t* const low = at + static_cast<ptrdiff_t>(r + 1) * stride;
  return _mm256_add_epi32(_mm256_sub_epi32(load(low + r + 1), load(low - r)),
                          _mm256_sub_epi32(load(top - r), load(top + r + 1)));
}

// Every second one of sixteen, as 0 1 4 5 2 3 6 7.
SHOWROOM_AVX2 inline __m256i every_second(__m256i a, __m256i b) {
  return _mm256_castps_si256(
      _mm256_shuffle_ps(_mm256_castsi256_ps(a), _mm256_castsi256_ps(b), _MM_SHUFFLE(2, 0, 2, 0)));
}

}  // namespace

SHOWROOM_AVX2 int avx2_match_cores(const CoreRow& row, int n, int32_t* places) {
  const __m256i gap = _mm256_set1_epi32(row.gap);
  const __m256i core = _mm256_set1_epi32(row.core);
  const __m256i outer = _mm256_set1_epi32(row.outer);
  const __m256i least_core = _mm256_set1_epi32(row.least_core - 1);
  const __m256i least_outer = _mm256_set1_epi32(row.least_outer - 1);
  const __m256i order = _mm256_setr_epi32(0, 1, 4, 5, 2, 3, 6, 7);
  int count = 0;
  for (int i = 0; i < n; i += 8) {
    const uint32_t* const at = row.sums + 2 * i;
    const __m256i b3 = every_second(eight_boxes(at, row.stride, row.r3), eight_boxes(at + 8, row.stride, row.r3));
    const __m256i b5 = every_second(eight_boxes(at, row.stride, row.r5), eight_boxes(at + 8, row.stride, row.r5));
    const __m256i between = _mm256_sub_epi32(b5, b3);
    const __m256i differ = _mm256_sub_epi32(_mm256_mullo_epi32(b3, gap), _mm256_mullo_epi32(between, core));
    __m256i enough = _mm256_cmpgt_epi32(_mm256_abs_epi32(differ), least_core);
    if (_mm256_testz_si256(enough, enough)) continue;
    const __m256i b7 = every_second(eight_boxes(at, row.stride, row.r7), eight_boxes(at + 8, row.stride, row.r7));
    const __m256i ring = _mm256_sub_epi32(_mm256_mullo_epi32(_mm256_sub_epi32(b7, b5), gap), _mm256_mullo_epi32(between, outer));
    enough = _mm256_and_si256(enough, _mm256_cmpgt_epi32(_mm256_sign_epi32(ring, differ), least_outer));
    if (_mm256_testz_si256(enough, enough)) continue;
    const __m256i sorted = _mm256_permutevar8x32_epi32(enough, order);
    unsigned mask = static_cast<unsigned>(_mm256_movemask_ps(_mm256_castsi256_ps(sorted)));
    if (n - i < 8) mask &= (1u << (n - i)) - 1;
    for (; mask != 0; mask &= mask - 1) places[count++] = i + __builtin_ctz(mask);
  }
  return count;
}

}  // namespace showroom

#endif
