#include "kernels/avx2.h"

#if SHOWROOM_HAS_AVX2
#include <immintrin.h>

namespace showroom {
namespace {

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

}  // namespace

// The tests of finder-runs.h, as far as all of a kind can be told at once.
SHOWROOM_AVX2 int avx2_match_runs(const int32_t* edges, int n, int32_t* places) {
  int count = 0;
  for (int i = 0; i + 5 <= n; i += 8) {
    const int32_t* const e0 = edges + i;
    const __m256 a = runs(e0, 0, 1);
    const __m256 b = runs(e0, 1, 2);
    const __m256 c = runs(e0, 2, 3);
    const __m256 d = runs(e0, 3, 4);
    const __m256 e = runs(e0, 4, 5);
    const __m256 s = runs(e0, 1, 4);
    const __m256 t = runs(e0, 0, 5);
    const __m256 rings = _mm256_min_ps(a, e);
    const __m256 wide_rings = _mm256_max_ps(a, e);
    const __m256 gaps = _mm256_min_ps(b, d);
    const __m256 wide_gaps = _mm256_max_ps(b, d);
    const __m256 all = _mm256_min_ps(rings, gaps);
    const __m256 wide_all = _mm256_max_ps(wide_rings, wide_gaps);
    const __m256 even_rings = at_least(linear(2, rings, 1), wide_rings);
    const __m256 even_gaps = at_least(linear(2, gaps, 1), wide_gaps);

    __m256 ring = _mm256_and_ps(at_least(t, _mm256_set1_ps(8)), even_rings);
    ring = _mm256_and_ps(ring, _mm256_and_ps(at_least(times(4, b), times(3, a)), at_least(times(4, d), times(3, e))));
    ring = _mm256_and_ps(ring, at_least(times(11, rings), linear(1, t, -6)));
    ring = _mm256_and_ps(ring, at_least(linear(26, t, 60), times(100, wide_rings)));
    ring = _mm256_and_ps(ring, at_least(times(100, gaps), linear(16, t, -50)));
    ring = _mm256_and_ps(ring, at_least(linear(36, t, 50), times(100, wide_gaps)));
    ring = _mm256_and_ps(ring, at_least(linear(3, gaps, 2), times(2, wide_gaps)));
    ring = _mm256_and_ps(ring, within(linear(8, t, -50), times(100, c), linear(29, t, 50)));

    const __m256 core = at_least(c, wide_gaps);
    __m256 finder = _mm256_and_ps(at_least(t, _mm256_set1_ps(7)), _mm256_and_ps(even_rings, even_gaps));
    finder = _mm256_and_ps(finder, at_least(times(14, all), linear(1, t, -7)));
    finder = _mm256_and_ps(finder, at_least(linear(17, t, 35), times(70, wide_all)));
    finder = _mm256_and_ps(finder, at_least(times(10, c), linear(3, t, -5)));
    finder = _mm256_and_ps(finder, at_least(linear(8, t, 7), times(14, c)));

    const __m256 high = linear(17, s, 25);
    __m256 loose = _mm256_and_ps(at_least(s, _mm256_set1_ps(5)), even_gaps);
    loose = _mm256_and_ps(loose, at_least(times(10, all), linear(1, s, -5)));
    loose = _mm256_and_ps(loose, at_least(high, times(50, _mm256_max_ps(rings, wide_gaps))));
    loose = _mm256_and_ps(loose, within(linear(21, s, -25), times(50, c), linear(40, s, 25)));

    const __m256 width = runs(e0, -2, 7);
    __m256 eye = _mm256_and_ps(at_least(width, _mm256_set1_ps(12)), at_least(times(20, all), linear(1, width, -15)));
    eye = _mm256_and_ps(eye, at_least(linear(3, width, 15), times(20, wide_all)));
    eye = _mm256_and_ps(eye, within(linear(7, width, -50), times(50, c), linear(13, width, 50)));

    const __m256 marked = _mm256_and_ps(core, _mm256_or_ps(finder, _mm256_or_ps(loose, eye)));
    unsigned mask = static_cast<unsigned>(_mm256_movemask_ps(_mm256_or_ps(ring, marked)));
    if (n - 5 - i < 7) mask &= (1u << (n - 4 - i)) - 1;
    for (; mask != 0; mask &= mask - 1) places[count++] = i + __builtin_ctz(mask);
  }
  return count;
}

// The tests of find-outlines.cc, as far as the longest and the shortest run tell. May read 16 integers beyond the last edge.
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
    // Six narrow bars between the wide one and the one of three modules, whichever way it runs.
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

// Eight bytes of each row come together; the top bits of all are then one word, 32 times.
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
