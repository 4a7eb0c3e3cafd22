#include "kernels/plane-filters.h"

#include <algorithm>
#include <cstring>

// Loops over plain arrays that a compiler turns into vector code; all in integers, so that the twin gives the same.
namespace showroom {
namespace {

inline uint8_t clip(int v) { return static_cast<uint8_t>(v < 0 ? 0 : v > 255 ? 255 : v); }

// One row of the blur's horizontal half; `p` has `2 · radius` samples of margin on either side.
template <int kRadius>
void blur_row(const uint8_t* p, int width, uint16_t* to) {
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
void sharpen_row(const uint8_t* p, const uint16_t* const* rows, int width, int gain, uint8_t* to) {
  const int shift = kRadius == 1 ? 8 : 10;
  const int whole = (1 + gain) << shift;
  const int half = 1 << (shift - 1);
  for (int x = 0; x < width; x += 1) {
    int blurred;
    if (kRadius == 1) {
      blurred = rows[0][x] + rows[4][x] + 4 * (rows[1][x] + rows[3][x]) + 6 * rows[2][x];
    } else {
      blurred = rows[0][x] + rows[8][x] + 2 * (rows[1][x] + rows[7][x]) + 4 * (rows[2][x] + rows[6][x]) +
                6 * (rows[3][x] + rows[4][x] + rows[5][x]);
    }
    to[x] = clip((p[x] * whole - gain * blurred + half) >> shift);
  }
}

template <int kRadius>
void sharpen_plane(const uint8_t* from, int width, int height, int gain, uint8_t* to, std::vector<uint8_t>* row,
                   std::vector<uint16_t>* sums) {
  constexpr int kReach = 2 * kRadius;
  const size_t w = static_cast<size_t>(width);
  if (row->size() < w + 2 * kReach) row->resize(w + 2 * kReach);
  if (sums->size() < w * height) sums->resize(w * height);
  for (int y = 0; y < height; y += 1) {
    const uint8_t* p = from + y * w;
    std::fill(row->begin(), row->begin() + kReach, p[0]);
    std::memcpy(row->data() + kReach, p, w);
    std::fill(row->begin() + kReach + w, row->begin() + 2 * kReach + w, p[w - 1]);
    blur_row<kRadius>(row->data() + kReach, width, sums->data() + y * w);
  }
  for (int y = 0; y < height; y += 1) {
    const uint16_t* rows[2 * kReach + 1];
    for (int k = -kReach; k <= kReach; k += 1) {
      rows[k + kReach] = sums->data() + static_cast<size_t>(std::min(height - 1, std::max(0, y + k))) * w;
    }
    sharpen_row<kRadius>(from + y * w, rows, width, gain, to + y * w);
  }
}

}  // namespace

void PlaneFilters::sharpen(const uint8_t* from, int width, int height, int radius, int gain, uint8_t* to) {
  if (radius == 1) {
    sharpen_plane<1>(from, width, height, gain, to, &row_, &sums_);
  } else {
    sharpen_plane<2>(from, width, height, gain, to, &row_, &sums_);
  }
}

void PlaneFilters::shrink(const RowKernels& rows, const uint8_t* from, int stride, int width, int height, int halvings,
                          uint8_t* to) {
  if (halvings == 0) {
    for (int y = 0; y < height; y += 1) {
      std::memcpy(to + static_cast<size_t>(y) * width, from + static_cast<size_t>(y) * stride, static_cast<size_t>(width));
    }
    return;
  }
  for (int i = 0; i < halvings; i += 1) {
    width >>= 1;
    height >>= 1;
    std::vector<uint8_t>& half = halves_[i & 1];
    const size_t bytes = static_cast<size_t>(width) * height;
    if (i + 1 < halvings && half.size() < bytes) half.resize(bytes);
    uint8_t* const out = i + 1 == halvings ? to : half.data();
    for (int y = 0; y < height; y += 1) {
      const uint8_t* upper = from + static_cast<size_t>(2 * y) * stride;
      rows.halve_row(upper, upper + stride, width, out + static_cast<size_t>(y) * width);
    }
    from = out;
    stride = width;
  }
}

void PlaneFilters::enlarge(const uint8_t* from, int width, int height, uint8_t* to) {
  const size_t w = static_cast<size_t>(width);
  if (row_.size() < w + 4) row_.resize(w + 4);
  if (wide_.size() < 2 * w * height) wide_.resize(2 * w * height);
  for (int y = 0; y < height; y += 1) {
    const uint8_t* source = from + y * w;
    row_[0] = row_[1] = source[0];
    std::memcpy(row_.data() + 2, source, w);
    row_[w + 2] = row_[w + 3] = source[w - 1];
    const uint8_t* p = row_.data() + 2;
    int16_t* out = wide_.data() + 2 * w * y;
    for (int x = 0; x < width; x += 1) {
      out[2 * x] = static_cast<int16_t>(-3 * p[x - 2] + 19 * p[x - 1] + 57 * p[x] - 9 * p[x + 1]);
      out[2 * x + 1] = static_cast<int16_t>(-9 * p[x - 1] + 57 * p[x] + 19 * p[x + 1] - 3 * p[x + 2]);
    }
  }
  const auto row = [&](int y) { return wide_.data() + 2 * w * static_cast<size_t>(std::min(height - 1, std::max(0, y))); };
  for (int y = 0; y < height; y += 1) {
    const int16_t *a = row(y - 2), *b = row(y - 1), *c = row(y), *d = row(y + 1), *e = row(y + 2);
    uint8_t* upper = to + 4 * w * y;
    uint8_t* lower = upper + 2 * w;
    for (int x = 0; x < 2 * width; x += 1) {
      upper[x] = clip((-3 * a[x] + 19 * b[x] + 57 * c[x] - 9 * d[x] + 2048) >> 12);
      lower[x] = clip((-9 * b[x] + 57 * c[x] + 19 * d[x] - 3 * e[x] + 2048) >> 12);
    }
  }
}

}  // namespace showroom
