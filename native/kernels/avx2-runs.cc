#include "kernels/avx2.h"

#if SHOWROOM_HAS_AVX2
#include <immintrin.h>

#include "kernels/avx2-floats.h"

namespace showroom {
// The tests of find-outlines.cc, as far as the longest and the shortest run decide. May read 16 integers beyond the
// last edge.
SHOWROOM_AVX2 int avx2_match_outlines(const int32_t* edges, int n, int32_t* places) {
  int count = 0;
  for (int i = 0; i + 7 < n; i += 8) {
    const int32_t* const e = edges + i;
    const __m256 first = runs(e, 0, 1);
    const __m256 second = runs(e, 1, 2);
    const __m256 seventh = runs(e, 6, 7);
    __m256 low = _mm256_min_ps(second, seventh);
    __m256 high = second;
    for (int k = 2; k < 6; k += 1) {
      const __m256 run = runs(e, k, k + 1);
      low = _mm256_min_ps(low, run);
      high = _mm256_max_ps(high, run);
    }
    const __m256 t = runs(e, 0, 7);
    const __m256 seven_high = _mm256_max_ps(_mm256_max_ps(high, seventh), first);
    __m256 even = _mm256_and_ps(at_least(t, _mm256_set1_ps(14)), at_least(linear(13, t, 70), times(70, seven_high)));
    even = _mm256_and_ps(even, at_least(times(70, _mm256_min_ps(low, first)), linear(7, t, -70)));
    // Six narrow bars between the wide one and the one of three modules, in either direction.
    const __m256 wide = _mm256_or_ps(_mm256_cmp_ps(first, times(3, second), _CMP_GT_OQ),
                                     _mm256_cmp_ps(runs(e, 7, 8), times(3, seventh), _CMP_GT_OQ));
    const __m256 t8 = runs(e, 0, 8);
    const __m256 narrow = _mm256_max_ps(high, seventh);
    __m256 start = _mm256_and_ps(wide, at_least(t8, _mm256_set1_ps(24)));
    start = _mm256_and_ps(start, at_least(linear(15, t8, 119), times(170, narrow)));
    unsigned mask = static_cast<unsigned>(_mm256_movemask_ps(_mm256_or_ps(even, start)));
    if (n - 7 - i < 8) mask &= (1u << (n - 7 - i)) - 1;
    for (; mask != 0; mask &= mask - 1) places[count++] = i + __builtin_ctz(mask);
  }
  return count;
}

// Eight bytes of each row are combined; the top bits of all are then one word, 32 times.
SHOWROOM_AVX2 void avx2_transpose_bits(const uint32_t* rows, int stride, int n, uint32_t* columns, int column_stride) {
  alignas(32) uint32_t words[32];
  for (int y = 0; y < 32; y += 1) words[y] = y < n ? rows[static_cast<size_t>(y) * stride] : 0;
  const __m256i by_byte = _mm256_setr_epi8(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15,  //
                                           0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
  const __m256i by_lane = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
  __m256i part[4];
  for (int k = 0; k < 4; k += 1) {
    const __m256i v = _mm256_load_si256(reinterpret_cast<const __m256i*>(words + 8 * k));
    // Four times eight bytes: byte 0 of eight rows, byte 1, …
    part[k] = _mm256_permutevar8x32_epi32(_mm256_shuffle_epi8(v, by_byte), by_lane);
  }
  const __m256i a = _mm256_unpacklo_epi64(part[0], part[1]);  // bytes 0 and 2 of rows 0–15
  const __m256i b = _mm256_unpackhi_epi64(part[0], part[1]);  // bytes 1 and 3
  const __m256i c = _mm256_unpacklo_epi64(part[2], part[3]);
  const __m256i d = _mm256_unpackhi_epi64(part[2], part[3]);
  __m256i bytes[4] = {_mm256_permute2x128_si256(a, c, 0x20), _mm256_permute2x128_si256(b, d, 0x20),
                      _mm256_permute2x128_si256(a, c, 0x31), _mm256_permute2x128_si256(b, d, 0x31)};
  for (int k = 0; k < 4; k += 1) {
    for (int bit = 7; bit >= 0; bit -= 1) {
      columns[static_cast<size_t>(8 * k + bit) * column_stride] = static_cast<uint32_t>(_mm256_movemask_epi8(bytes[k]));
      bytes[k] = _mm256_add_epi8(bytes[k], bytes[k]);
    }
  }
}

}  // namespace showroom

#endif
