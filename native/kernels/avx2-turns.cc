#include "kernels/avx2.h"

#if SHOWROOM_HAS_AVX2
#include <immintrin.h>

#include <cstring>

namespace showroom {
namespace {

constexpr int kSide = 32;

// Every second row of a tile, 32 bytes each; bytes beyond the tile repeat its edge, which adds no alternation.
SHOWROOM_AVX2 inline void load_rows(const uint8_t* at, int stride, int w, int h, __m256i* rows) {
  for (int i = 0; i < 16; i += 1) {
    const uint8_t* from = at + static_cast<size_t>(2 * i < h ? 2 * i : h - 1) * stride;
    if (w == kSide) {
      rows[i] = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
      continue;
    }
    alignas(32) uint8_t padded[kSide];
    std::memcpy(padded, from, static_cast<size_t>(w));
    std::memset(padded + w, from[w - 1], static_cast<size_t>(kSide - w));
    rows[i] = _mm256_load_si256(reinterpret_cast<const __m256i*>(padded));
  }
}

// Sixteen rows of 32 bytes to columns: out[k] has column k in its lower half, column k + 16 in its upper.
SHOWROOM_AVX2 inline void transpose(const __m256i* rows, __m256i* out) {
  __m256i a[16], b[16];
  for (int i = 0; i < 8; i += 1) {
    a[2 * i] = _mm256_unpacklo_epi8(rows[i], rows[i + 8]);
    a[2 * i + 1] = _mm256_unpackhi_epi8(rows[i], rows[i + 8]);
  }
  for (int i = 0; i < 8; i += 1) {
    b[2 * i] = _mm256_unpacklo_epi8(a[i], a[i + 8]);
    b[2 * i + 1] = _mm256_unpackhi_epi8(a[i], a[i + 8]);
  }
  for (int i = 0; i < 8; i += 1) {
    a[2 * i] = _mm256_unpacklo_epi8(b[i], b[i + 8]);
    a[2 * i + 1] = _mm256_unpackhi_epi8(b[i], b[i + 8]);
  }
  for (int i = 0; i < 8; i += 1) {
    out[2 * i] = _mm256_unpacklo_epi8(a[i], a[i + 8]);
    out[2 * i + 1] = _mm256_unpackhi_epi8(a[i], a[i + 8]);
  }
}

// The even bytes of a row of 32.
SHOWROOM_AVX2 inline __m128i even_bytes(const uint8_t* from, int w) {
  alignas(32) uint8_t padded[kSide];
  const uint8_t* at = from;
  if (w < kSide) {
    std::memcpy(padded, from, static_cast<size_t>(w));
    std::memset(padded + w, from[w - 1], static_cast<size_t>(kSide - w));
    at = padded;
  }
  const __m128i low = _mm_set1_epi16(0xff);
  const __m128i a = _mm_and_si128(_mm_loadu_si128(reinterpret_cast<const __m128i*>(at)), low);
  const __m128i b = _mm_and_si128(_mm_loadu_si128(reinterpret_cast<const __m128i*>(at + 16)), low);
  return _mm_packus_epi16(a, b);
}

}  // namespace

// Sixteen columns (the lower half of a vector) and sixteen rows (the upper) are walked at once, a step per pixel.
SHOWROOM_AVX2 void avx2_count_turns(const uint8_t* at, int stride, int w, int h, int swing, int32_t* cells) {
  std::memset(cells, 0, 16 * sizeof *cells);
  __m256i rows[16], columns[16];
  load_rows(at, stride, w, h, rows);
  transpose(rows, columns);
  alignas(32) uint8_t inside[32];
  for (int i = 0; i < 16; i += 1) {
    inside[i] = 2 * i < w ? 255 : 0;
    inside[16 + i] = 2 * i < h ? 255 : 0;
  }
  const __m256i lanes = _mm256_load_si256(reinterpret_cast<const __m256i*>(inside));
  const __m256i least = _mm256_set1_epi8(static_cast<char>(swing));
  const __m256i ones8 = _mm256_set1_epi8(1);
  const __m256i ones16 = _mm256_set1_epi16(1);
  __m256i falling = _mm256_setzero_si256();
  __m256i rising = falling;
  __m256i turns = falling;
  __m256i low = falling, high = falling;
  for (int i = 0; i < kSide; i += 1) {
    const __m128i down = even_bytes(at + static_cast<size_t>(i < h ? i : h - 1) * stride, w);
    const __m128i across =
        i < 16 ? _mm256_castsi256_si128(columns[i]) : _mm256_extracti128_si256(columns[i - 16], 1);
    const __m256i p = _mm256_inserti128_si256(_mm256_castsi128_si256(down), across, 1);
    low = i == 0 ? p : _mm256_min_epu8(low, p);
    high = i == 0 ? p : _mm256_max_epu8(high, p);
    const __m256i drop = _mm256_subs_epu8(high, p);
    const __m256i climb = _mm256_subs_epu8(p, low);
    const __m256i fall = _mm256_andnot_si256(falling, _mm256_cmpeq_epi8(_mm256_max_epu8(drop, least), drop));
    const __m256i rise = _mm256_andnot_si256(
        _mm256_or_si256(rising, fall), _mm256_cmpeq_epi8(_mm256_max_epu8(climb, least), climb));
    falling = _mm256_andnot_si256(rise, _mm256_or_si256(falling, fall));
    rising = _mm256_andnot_si256(fall, _mm256_or_si256(rising, rise));
    low = _mm256_blendv_epi8(low, p, fall);
    high = _mm256_blendv_epi8(high, p, rise);
    turns = _mm256_sub_epi8(turns, _mm256_and_si256(lanes, _mm256_or_si256(fall, rise)));
    if ((i & 7) != 7) continue;
    // Four lines make a cell.
    alignas(32) int32_t sums[8];
    _mm256_store_si256(reinterpret_cast<__m256i*>(sums),
                       _mm256_madd_epi16(_mm256_maddubs_epi16(turns, ones8), ones16));
    const int step = i >> 3;
    for (int k = 0; k < 4; k += 1) {
      cells[step * 4 + k] += sums[k] * 0x10000;
      cells[k * 4 + step] += sums[4 + k];
    }
    turns = _mm256_setzero_si256();
  }
}

}  // namespace showroom

#endif
