#pragma once
// Bodies shared by every instruction set. Each variant compiles them with its own target, so the compiler vectorises
// them as far as the target allows, with one source for the arithmetic.
#include <cstring>

#include "kernels/finder-runs.h"
#include "kernels/rows.h"

#if defined(_MSC_VER)
#define SHOWROOM_INLINE static __forceinline
#else
#define SHOWROOM_INLINE static inline __attribute__((always_inline))
#endif

namespace showroom {
namespace body {

SHOWROOM_INLINE void blend_row(uint8_t* __restrict dst, const uint8_t* __restrict src, const uint8_t* __restrict alpha, int n,
                               int opacity) {
  // Sixteen bits hold every product (255·256 + 128 at most).
  const uint16_t o = static_cast<uint16_t>(opacity);
  // Without a branch, so that compilers vectorise it: with alpha 0 the canvas is multiplied by 255/255, which is exact.
  for (int i = 0; i < n; i += 1) {
    const uint16_t a = alpha[i];
    const uint16_t raw = src[i];  // loaded whatever the alpha: a load under a condition would be a branch
    const uint16_t s = a == 0 ? 0 : raw;
    const uint16_t covered = static_cast<uint16_t>(static_cast<uint16_t>(a * o + 128) >> 8);
    const uint16_t t = static_cast<uint16_t>(dst[i] * (255 - covered) + 128);
    const uint16_t below = static_cast<uint16_t>(static_cast<uint16_t>(t + (t >> 8)) >> 8);
    const uint16_t v = static_cast<uint16_t>((static_cast<uint16_t>(s * o + 128) >> 8) + below);
    dst[i] = static_cast<uint8_t>(v > 255 ? 255 : v);
  }
}

SHOWROOM_INLINE uint64_t count_differences(const uint8_t* a, const uint8_t* b, size_t n) {
  uint64_t count = 0;
  for (size_t at = 0; at < n; at += 4096) {
    const size_t end = n - at < 4096 ? n : at + 4096;
    uint32_t part = 0;
    for (size_t i = at; i < end; i += 1) part += a[i] != b[i];
    count += part;
  }
  return count;
}

SHOWROOM_INLINE uint8_t floor_ratio(int64_t value, int64_t divisor) { return static_cast<uint8_t>(value / divisor); }

SHOWROOM_INLINE uint64_t rgba_to_yuva(const uint8_t* rgba, int width, int height, int shift_x, int shift_y,
                                      uint8_t* out, int out_w, int out_h) {
  const size_t luma = static_cast<size_t>(out_w) * out_h;
  const size_t quarter = luma / 4;
  uint8_t* const plane_u = out + luma;
  uint8_t* const plane_v = plane_u + quarter;
  uint8_t* const plane_a = plane_v + quarter;
  uint8_t* const plane_ac = plane_a + luma;
  uint64_t not_opaque = 0;
  for (int cy = 0; cy < out_h; cy += 2) {
    for (int cx = 0; cx < out_w; cx += 2) {
      int32_t sum_a = 0, sum_r = 0, sum_g = 0, sum_b = 0;
      for (int k = 0; k < 4; k += 1) {
        const int x = cx + (k & 1);
        const int y = cy + (k >> 1);
        const int sx = x - shift_x;
        const int sy = y - shift_y;
        const size_t at = static_cast<size_t>(y) * out_w + x;
        if (sx < 0 || sy < 0 || sx >= width || sy >= height) {
          out[at] = 0;
          plane_a[at] = 0;
          not_opaque += 1;
          continue;
        }
        const uint8_t* p = rgba + (static_cast<size_t>(sy) * width + sx) * 4;
        const uint32_t a = p[3];
        const uint32_t coded = 11966u * p[0] + 40254u * p[1] + 4064u * p[2] + 1048576u;
        out[at] = static_cast<uint8_t>((coded * a + 8355840u) / 16711680u);
        plane_a[at] = static_cast<uint8_t>(a);
        not_opaque += a != 255;
        sum_a += a;
        sum_r += p[0] * a;
        sum_g += p[1] * a;
        sum_b += p[2] * a;
      }
      const size_t at = static_cast<size_t>(cy / 2) * (out_w / 2) + cx / 2;
      const int64_t offset = int64_t{8388608} * sum_a + 33423360;
      plane_u[at] = floor_ratio(offset - int64_t{6596} * sum_r - int64_t{22189} * sum_g + int64_t{28785} * sum_b, 66846720);
      plane_v[at] = floor_ratio(offset + int64_t{28785} * sum_r - int64_t{26145} * sum_g - int64_t{2640} * sum_b, 66846720);
      plane_ac[at] = static_cast<uint8_t>((sum_a + 2) >> 2);
    }
  }
  return not_opaque;
}

SHOWROOM_INLINE uint8_t clip(int v) { return static_cast<uint8_t>(v < 0 ? 0 : v > 255 ? 255 : v); }

SHOWROOM_INLINE void i420_to_rgba(const uint8_t* frame, int width, int height, uint8_t* out) {
  const size_t luma = static_cast<size_t>(width) * height;
  const int cw = width / 2;
  for (int y = 0; y < height; y += 1) {
    const uint8_t* row = frame + static_cast<size_t>(y) * width;
    const uint8_t* us = frame + luma + static_cast<size_t>(y / 2) * cw;
    const uint8_t* vs = us + luma / 4;
    uint8_t* to = out + static_cast<size_t>(y) * width * 4;
    for (int x = 0; x < width; x += 1) {
      const int c = (row[x] - 16) * 76309 + 32768;
      const int d = us[x / 2] - 128;
      const int e = vs[x / 2] - 128;
      to[x * 4] = clip((c + 117489 * e) >> 16);
      to[x * 4 + 1] = clip((c - 13975 * d - 34925 * e) >> 16);
      to[x * 4 + 2] = clip((c + 138438 * d) >> 16);
      to[x * 4 + 3] = 255;
    }
  }
}

SHOWROOM_INLINE PlaneSums plane_sums(const uint8_t* plane, int stride, int x0, int y0, int x1, int y1) {
  PlaneSums s = {0, 0, 0, 0};
  for (int y = y0; y < y1; y += 1) {
    const uint8_t* p = plane + static_cast<size_t>(y) * stride;
    // Parts of 4096 samples keep 32-bit sums from overflowing (4096 · 255² < 2³²).
    for (int from = x0; from < x1; from += 4096) {
      const int to = x1 - from < 4096 ? x1 : from + 4096;
      uint32_t sum = 0, squares = 0, black = 0;
      for (int x = from; x < to; x += 1) {
        const uint32_t v = p[x];
        sum += v;
        squares += v * v;
        black += v <= 24;
      }
      s.sum += sum;
      s.squares += squares;
      s.black += black;
    }
    if (y == y0 || y + 1 == y1) continue;
    const uint8_t* up = p - stride;
    const uint8_t* down = p + stride;
    for (int from = x0 + 1; from < x1 - 1; from += 4096) {
      const int to = x1 - 1 - from < 4096 ? x1 - 1 : from + 4096;
      uint32_t laplacian = 0;
      for (int x = from; x < to; x += 1) {
        const int d = 4 * p[x] - p[x - 1] - p[x + 1] - up[x] - down[x];
        laplacian += static_cast<uint32_t>(d < 0 ? -d : d);
      }
      s.laplacian += laplacian;
    }
  }
  return s;
}

SHOWROOM_INLINE void block(const uint8_t* at, int stride, int32_t* middle, int32_t* range) {
  uint8_t min = 255, max = 0;
  for (int y = 0; y < 8; y += 1) {
    for (int x = 0; x < 8; x += 1) {
      const uint8_t p = at[static_cast<size_t>(y) * stride + x];
      min = p < min ? p : min;
      max = p > max ? p : max;
    }
  }
  *middle = min + max;
  *range = max - min;
}

SHOWROOM_INLINE void block_row(const uint8_t* at, int stride, int w, int32_t* middles, int32_t* ranges, int first) {
  const int blocks = (w + 7) / 8;
  for (int b = first; b < blocks; b += 1) {
    const int x = b * 8 < w - 8 ? b * 8 : w - 8;
    block(at + x, stride, middles + b, ranges + b);
  }
}

SHOWROOM_INLINE void binarize_row(const uint8_t* at, int w, const uint8_t* thresholds, uint32_t* words, int first) {
  for (int word = first; word * 32 < w; word += 1) {
    const int n = w - word * 32 < 32 ? w - word * 32 : 32;
    uint32_t bits = 0;
    for (int i = 0; i < n; i += 1) {
      const int x = word * 32 + i;
      bits |= static_cast<uint32_t>(at[x] <= thresholds[x >> 3]) << i;
    }
    words[word] = bits;
  }
}

SHOWROOM_INLINE void halve_row(const uint8_t* upper, const uint8_t* lower, int half_w, uint8_t* to) {
  for (int x = 0; x < half_w; x += 1) {
    to[x] = static_cast<uint8_t>((upper[2 * x] + upper[2 * x + 1] + lower[2 * x] + lower[2 * x + 1] + 2) >> 2);
  }
}

SHOWROOM_INLINE void transpose_bits(const uint32_t* rows, int stride, int n, uint32_t* columns, int column_stride) {
  uint32_t m[32];
  for (int y = 0; y < 32; y += 1) m[y] = y < n ? rows[static_cast<size_t>(y) * stride] : 0;
  // Blocks off the diagonal are swapped, from 16×16 down to single bits.
  uint32_t mask = 0x0000ffffu;
  for (int side = 16; side > 0; side >>= 1, mask ^= mask << side) {
    for (int y = 0; y < 32; y = ((y | side) + 1) & ~side) {
      const uint32_t moved = ((m[y] >> side) ^ m[y | side]) & mask;
      m[y | side] ^= moved;
      m[y] ^= moved << side;
    }
  }
  for (int x = 0; x < 32; x += 1) columns[static_cast<size_t>(x) * column_stride] = m[x];
}

SHOWROOM_INLINE int match_runs(const int32_t* edges, int n, int32_t* places) {
  int count = 0;
  for (int i = 0; i + 5 <= n; i += 1) {
    const int a = edges[i + 1] - edges[i];
    const int b = edges[i + 2] - edges[i + 1];
    const int c = edges[i + 3] - edges[i + 2];
    const int d = edges[i + 4] - edges[i + 3];
    const int e = edges[i + 5] - edges[i + 4];
    const bool ring = ((4 * b >= 3 * a) & (4 * d >= 3 * e) & (b + d >= c)) != 0 && is_ring_runs(a, b, c, d, e);
    const bool core = ((c >= b) & (c >= d)) != 0;
    unsigned marks = ring ? kRingMark : 0;
    if (core) {
      if (is_finder_runs(a, b, c, d, e)) marks |= kFinderMark;
      if (is_loose_runs(a, b, c, d, e)) marks |= kLooseMark;
      if (i >= 3 && i + 8 <= n && is_bullseye_row(edges, i)) marks |= kBullseyeMark;
    }
    if (marks != 0) places[count++] = static_cast<int32_t>(static_cast<unsigned>(i) | marks << kMarkShift);
  }
  return count;
}

SHOWROOM_INLINE int match_outlines(const int32_t* edges, int n, int32_t* places) {
  int count = 0;
  for (int i = 0; i + 7 < n; i += 1) {
    const int32_t* const e = edges + i;
    const int t = e[7] - e[0];
    const int first = e[1] - e[0];
    bool found = t >= 14 && 70 * first <= 13 * t + 70 && 70 * first >= 7 * t - 70;
    if (!found && i + 8 < n) found = first > 3 * (e[2] - e[1]) || e[8] - e[7] > 3 * (e[7] - e[6]);
    if (found) places[count++] = i;
  }
  return count;
}

// One line of a tile: `step` bytes between samples, `cell_step` between the cells it crosses.
SHOWROOM_INLINE void count_line(const uint8_t* at, int step, int n, int swing, int32_t unit, int cell_step,
                                int32_t* cells) {
  int low = at[0];
  int high = low;
  int rising = 0;
  for (int i = 1; i < n; i += 1) {
    const int p = at[static_cast<size_t>(i) * step];
    high = p > high ? p : high;
    low = p < low ? p : low;
    if (rising >= 0 && high - p >= swing) {
      rising = -1;
      low = p;
      cells[(i >> 3) * cell_step] += unit;
    } else if (rising <= 0 && p - low >= swing) {
      rising = 1;
      high = p;
      cells[(i >> 3) * cell_step] += unit;
    }
  }
}

SHOWROOM_INLINE int match_cores(const CoreRow& row, int n, int32_t* places) {
  const auto box = [&row](const uint32_t* at, int r) {
    const uint32_t* const top = at - static_cast<ptrdiff_t>(r) * row.stride;
    const uint32_t* const low = at + static_cast<ptrdiff_t>(r + 1) * row.stride;
    return static_cast<int>(low[r + 1] - low[-r] - top[r + 1] + top[-r]);
  };
  int count = 0;
  for (int i = 0; i < n; i += 1) {
    const uint32_t* const at = row.sums + 2 * i;
    const int b3 = box(at, row.r3);
    const int b5 = box(at, row.r5);
    const int core = b3 * row.gap - (b5 - b3) * row.core;
    const int sign = core < 0 ? -1 : 1;
    if (core * sign < row.least_core) continue;
    const int ring = (box(at, row.r7) - b5) * row.gap - (b5 - b3) * row.outer;
    if (ring * sign >= row.least_outer) places[count++] = i;
  }
  return count;
}

SHOWROOM_INLINE void count_turns(const uint8_t* at, int stride, int w, int h, int swing, int32_t* cells) {
  std::memset(cells, 0, 16 * sizeof *cells);
  for (int y = 0; y < h; y += 2) count_line(at + static_cast<size_t>(y) * stride, 1, w, swing, 1, 1, cells + (y >> 3) * 4);
  for (int x = 0; x < w; x += 2) count_line(at + x, stride, h, swing, 0x10000, 4, cells + (x >> 3));
}

}  // namespace body
}  // namespace showroom
