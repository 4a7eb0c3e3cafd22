#pragma once
// Rows of the plane filters, shared by every instruction set (see rows-inl.h).
#include "kernels/rows-inl.h"

namespace showroom {
namespace body {

// One row of the blur's horizontal half; `p` has `2 · radius` samples of margin on either side.
template <int kRadius>
SHOWROOM_INLINE void blur_row(const uint8_t* __restrict p, int width, uint16_t* __restrict to) {
  for (int x = 0; x < width; x += 1) {
    if (kRadius == 1) {
      to[x] = static_cast<uint16_t>(p[x - 2] + p[x + 2] + 4 * (p[x - 1] + p[x + 1]) + 6 * p[x]);
    } else {
      to[x] = static_cast<uint16_t>(p[x - 4] + p[x + 4] + 2 * (p[x - 3] + p[x + 3]) + 4 * (p[x - 2] + p[x + 2]) +
                                    6 * (p[x - 1] + p[x + 1] + p[x]));
    }
  }
}

template <int kRadius>
SHOWROOM_INLINE void sharpen_row(const uint8_t* __restrict p, const uint16_t* const* rows, int width, int gain,
                                 uint8_t* __restrict to) {
  const int shift = kRadius == 1 ? 8 : 10;
  const int whole = (1 + gain) << shift;
  const int half = 1 << (shift - 1);
  const uint16_t *r0 = rows[0], *r1 = rows[1], *r2 = rows[2], *r3 = rows[3], *r4 = rows[4];
  if (kRadius == 1) {
    for (int x = 0; x < width; x += 1) {
      const int blurred = r0[x] + r4[x] + 4 * (r1[x] + r3[x]) + 6 * r2[x];
      to[x] = clip((p[x] * whole - gain * blurred + half) >> shift);
    }
    return;
  }
  const uint16_t *r5 = rows[5], *r6 = rows[6], *r7 = rows[7], *r8 = rows[8];
  for (int x = 0; x < width; x += 1) {
    const int blurred =
        r0[x] + r8[x] + 2 * (r1[x] + r7[x]) + 4 * (r2[x] + r6[x]) + 6 * (r3[x] + r4[x] + r5[x]);
    to[x] = clip((p[x] * whole - gain * blurred + half) >> shift);
  }
}

// Twice as wide; `p` has two samples of margin. Sixteen bits hold every sum.
SHOWROOM_INLINE void enlarge_across(const uint8_t* __restrict p, int width, int16_t* __restrict out) {
  for (int x = 0; x < width; x += 1) {
    const int16_t a = p[x - 2], b = p[x - 1], c = p[x], d = p[x + 1], e = p[x + 2];
    out[2 * x] = static_cast<int16_t>(-3 * a + 19 * b + 57 * c - 9 * d);
    out[2 * x + 1] = static_cast<int16_t>(-9 * b + 57 * c + 19 * d - 3 * e);
  }
}

// Two rows from five of `width` samples.
SHOWROOM_INLINE void enlarge_down(const int16_t* const* rows, int width, uint8_t* __restrict upper,
                                  uint8_t* __restrict lower) {
  const int16_t *a = rows[0], *b = rows[1], *c = rows[2], *d = rows[3], *e = rows[4];
  for (int x = 0; x < width; x += 1) upper[x] = clip((-3 * a[x] + 19 * b[x] + 57 * c[x] - 9 * d[x] + 2048) >> 12);
  for (int x = 0; x < width; x += 1) lower[x] = clip((-9 * b[x] + 57 * c[x] + 19 * d[x] - 3 * e[x] + 2048) >> 12);
}

// A row of a plane twice the size, bilinear, from the row under it and the next one on its side; a sample of margin.
SHOWROOM_INLINE void double_row(const uint8_t* __restrict near, const uint8_t* __restrict far, int width,
                                uint8_t* __restrict to) {
  for (int x = 0; x < width; x += 1) {
    const int middle = 9 * near[x] + 3 * far[x] + 8;
    to[2 * x] = static_cast<uint8_t>((middle + 3 * near[x - 1] + far[x - 1]) >> 4);
    to[2 * x + 1] = static_cast<uint8_t>((middle + 3 * near[x + 1] + far[x + 1]) >> 4);
  }
}

// Means of 2 · radius + 1 rows, rounded; multiplying by a rounded-up reciprocal is exact for such sums.
template <int kRadius>
SHOWROOM_INLINE void box_rows(const uint8_t* const* rows, int width, uint8_t* __restrict to) {
  constexpr int kLast = 2 * kRadius;
  constexpr uint32_t kReciprocal = (1u << 19) / (kLast + 1) + 1;
  const uint8_t *a = rows[0], *b = rows[1], *c = rows[2], *d = rows[kRadius > 1 ? 3 : 0], *e = rows[kRadius > 1 ? 4 : 0];
  const uint8_t *f = rows[kRadius > 2 ? 5 : 0], *g = rows[kRadius > 2 ? 6 : 0];
  for (int x = 0; x < width; x += 1) {
    uint32_t sum = kRadius + a[x] + b[x] + c[x];
    if (kRadius > 1) sum += d[x] + e[x];
    if (kRadius > 2) sum += f[x] + g[x];
    to[x] = static_cast<uint8_t>((sum * kReciprocal) >> 19);
  }
}

SHOWROOM_INLINE void box_down(const uint8_t* const* rows, int radius, int width, uint8_t* to) {
  if (radius == 1) box_rows<1>(rows, width, to);
  else if (radius == 2) box_rows<2>(rows, width, to);
  else box_rows<3>(rows, width, to);
}

// The same along a row with `radius` samples of margin.
SHOWROOM_INLINE void box_across(const uint8_t* p, int radius, int width, uint8_t* to) {
  const uint8_t* shifted[2 * kMaxBlur + 1];
  for (int k = -radius; k <= radius; k += 1) shifted[k + radius] = p + k;
  box_down(shifted, radius, width, to);
}

}  // namespace body
}  // namespace showroom
