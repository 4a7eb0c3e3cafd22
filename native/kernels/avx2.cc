#include "kernels/avx2.h"
#include "kernels/rows-inl.h"

#if SHOWROOM_HAS_AVX2
#include <immintrin.h>

namespace showroom {
namespace {

// Sixteen 16-bit lanes of (x + 128 + ((x + 128) >> 8)) >> 8.
SHOWROOM_AVX2 inline __m256i div255(__m256i x) {
  const __m256i t = _mm256_add_epi16(x, _mm256_set1_epi16(128));
  return _mm256_srli_epi16(_mm256_add_epi16(t, _mm256_srli_epi16(t, 8)), 8);
}

// dst·(255 − a)/255 for 32 samples.
SHOWROOM_AVX2 inline __m256i fade(__m256i dst, __m256i inverse) {
  const __m256i zero = _mm256_setzero_si256();
  const __m256i lo = div255(_mm256_mullo_epi16(_mm256_unpacklo_epi8(dst, zero), _mm256_unpacklo_epi8(inverse, zero)));
  const __m256i hi = div255(_mm256_mullo_epi16(_mm256_unpackhi_epi8(dst, zero), _mm256_unpackhi_epi8(inverse, zero)));
  return _mm256_packus_epi16(lo, hi);
}

// (v·o + 128) >> 8 for 32 samples; o ≤ 256, so 255·256 + 128 fits 16 bits.
SHOWROOM_AVX2 inline __m256i scale(__m256i v, __m256i o) {
  const __m256i zero = _mm256_setzero_si256();
  const __m256i half = _mm256_set1_epi16(128);
  const __m256i lo = _mm256_add_epi16(_mm256_mullo_epi16(_mm256_unpacklo_epi8(v, zero), o), half);
  const __m256i hi = _mm256_add_epi16(_mm256_mullo_epi16(_mm256_unpackhi_epi8(v, zero), o), half);
  return _mm256_packus_epi16(_mm256_srli_epi16(lo, 8), _mm256_srli_epi16(hi, 8));
}

SHOWROOM_AVX2 inline __m256i load(const uint8_t* p) { return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)); }
SHOWROOM_AVX2 inline void store(uint8_t* p, __m256i v) { _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), v); }

// Whole groups of 32 that are clear or solid, the majority in any layer, cost a load and a test.
SHOWROOM_AVX2 void blend_row(uint8_t* dst, const uint8_t* src, const uint8_t* alpha, int n, int opacity) {
  const __m256i ones = _mm256_set1_epi8(-1);
  const __m256i zero = _mm256_setzero_si256();
  int i = 0;
  if (opacity == 256) {
    for (; i + 32 <= n; i += 32) {
      const __m256i a = load(alpha + i);
      if (_mm256_testz_si256(a, a)) continue;
      if (_mm256_testc_si256(a, ones)) {
        store(dst + i, load(src + i));
        continue;
      }
      const __m256i s = _mm256_andnot_si256(_mm256_cmpeq_epi8(a, zero), load(src + i));
      store(dst + i, _mm256_adds_epu8(s, fade(load(dst + i), _mm256_xor_si256(a, ones))));
    }
  } else {
    const __m256i o = _mm256_set1_epi16(static_cast<int16_t>(opacity));
    for (; i + 32 <= n; i += 32) {
      const __m256i a = load(alpha + i);
      if (_mm256_testz_si256(a, a)) continue;
      const __m256i s = _mm256_andnot_si256(_mm256_cmpeq_epi8(a, zero), load(src + i));
      const __m256i inverse = _mm256_xor_si256(scale(a, o), ones);
      store(dst + i, _mm256_adds_epu8(scale(s, o), fade(load(dst + i), inverse)));
    }
  }
  body::blend_row(dst + i, src + i, alpha + i, n - i, opacity);
}

SHOWROOM_AVX2 uint64_t count_differences(const uint8_t* a, const uint8_t* b, size_t n) {
  return body::count_differences(a, b, n);
}
SHOWROOM_AVX2 uint64_t rgba_to_yuva(const uint8_t* rgba, int w, int h, int sx, int sy, uint8_t* out, int ow, int oh) {
  return body::rgba_to_yuva(rgba, w, h, sx, sy, out, ow, oh);
}
SHOWROOM_AVX2 void i420_to_rgba(const uint8_t* frame, int w, int h, uint8_t* out) {
  body::i420_to_rgba(frame, w, h, out);
}
SHOWROOM_AVX2 PlaneSums plane_sums(const uint8_t* plane, int stride, int x0, int y0, int x1, int y1) {
  return body::plane_sums(plane, stride, x0, y0, x1, y1);
}

// Four blocks at a time: minima and maxima down eight rows, then across the eight bytes of each 64-bit lane.
SHOWROOM_AVX2 void block_row(const uint8_t* at, int stride, int w, int32_t* middles, int32_t* ranges) {
  int x = 0;
  for (; x + 32 <= w; x += 32) {
    __m256i min = load(at + x);
    __m256i max = min;
    for (int y = 1; y < 8; y += 1) {
      const __m256i v = load(at + static_cast<size_t>(y) * stride + x);
      min = _mm256_min_epu8(min, v);
      max = _mm256_max_epu8(max, v);
    }
    min = _mm256_min_epu8(min, _mm256_srli_epi64(min, 32));
    max = _mm256_max_epu8(max, _mm256_srli_epi64(max, 32));
    min = _mm256_min_epu8(min, _mm256_srli_epi64(min, 16));
    max = _mm256_max_epu8(max, _mm256_srli_epi64(max, 16));
    min = _mm256_min_epu8(min, _mm256_srli_epi64(min, 8));
    max = _mm256_max_epu8(max, _mm256_srli_epi64(max, 8));
    // The lowest byte of each 64-bit lane, as four integers.
    const __m256i lanes = _mm256_setr_epi32(0, 2, 4, 6, 0, 2, 4, 6);
    const __m128i byte = _mm_set1_epi32(255);
    const __m128i low = _mm_and_si128(_mm256_castsi256_si128(_mm256_permutevar8x32_epi32(min, lanes)), byte);
    const __m128i high = _mm_and_si128(_mm256_castsi256_si128(_mm256_permutevar8x32_epi32(max, lanes)), byte);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(middles + x / 8), _mm_add_epi32(low, high));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(ranges + x / 8), _mm_sub_epi32(high, low));
  }
  body::block_row(at, stride, w, middles, ranges, x / 8);
}

SHOWROOM_AVX2 void binarize_row(const uint8_t* at, int w, const uint8_t* thresholds, uint32_t* words) {
  const __m256i spread = _mm256_setr_epi8(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1,  //
                                          2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3);
  int x = 0;
  for (; x + 32 <= w; x += 32) {
    int32_t four;
    std::memcpy(&four, thresholds + x / 8, 4);
    const __m256i limit = _mm256_shuffle_epi8(_mm256_set1_epi32(four), spread);
    const __m256i p = load(at + x);
    words[x / 32] = static_cast<uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_min_epu8(p, limit), p)));
  }
  body::binarize_row(at, w, thresholds, words, x / 32);
}

SHOWROOM_AVX2 void halve_row(const uint8_t* upper, const uint8_t* lower, int half_w, uint8_t* to) {
  const __m256i ones = _mm256_set1_epi8(1);
  const __m256i two = _mm256_set1_epi16(2);
  int x = 0;
  for (; x + 32 <= half_w; x += 32) {
    const __m256i a = _mm256_add_epi16(_mm256_maddubs_epi16(load(upper + 2 * x), ones),
                                       _mm256_maddubs_epi16(load(lower + 2 * x), ones));
    const __m256i b = _mm256_add_epi16(_mm256_maddubs_epi16(load(upper + 2 * x + 32), ones),
                                       _mm256_maddubs_epi16(load(lower + 2 * x + 32), ones));
    const __m256i packed = _mm256_packus_epi16(_mm256_srli_epi16(_mm256_add_epi16(a, two), 2),
                                               _mm256_srli_epi16(_mm256_add_epi16(b, two), 2));
    store(to + x, _mm256_permute4x64_epi64(packed, 0xD8));
  }
  body::halve_row(upper + 2 * x, lower + 2 * x, half_w - x, to + x);
}

const RowKernels kAvx2 = {"avx2",    blend_row,    count_differences, rgba_to_yuva,        i420_to_rgba,    plane_sums,
                          block_row, binarize_row, halve_row,         avx2_transpose_bits, avx2_match_runs, avx2_match_outlines,
                          avx2_count_turns, avx2_match_cores, nullptr};

}  // namespace

const RowKernels* avx2_rows() {
  static const RowKernels rows = [] {
    RowKernels made = kAvx2;
    made.filters = &avx2_filter_rows();
    return made;
  }();
  return __builtin_cpu_supports("avx2") ? &rows : nullptr;
}

}  // namespace showroom

#else

namespace showroom {
const RowKernels* avx2_rows() { return nullptr; }
}  // namespace showroom

#endif
