#pragma once
#include <algorithm>
#include <cstdint>

#include "kernels/binary-image.h"

namespace showroom {

#if defined(_MSC_VER) && !defined(__clang__)
#include <intrin.h>
inline int zeros_below(uint64_t v) { unsigned long i; _BitScanForward64(&i, v); return static_cast<int>(i); }
inline int zeros_above(uint64_t v) { unsigned long i; _BitScanReverse64(&i, v); return 63 - static_cast<int>(i); }
#else
inline int zeros_below(uint64_t v) { return __builtin_ctzll(v); }
inline int zeros_above(uint64_t v) { return __builtin_clzll(v); }
#endif

// Steps over the runs of a line through (x, y). The pixels next to it are read into one word per side, in which runs
// are measured without a loop; beyond that it walks, by words of bits along rows and columns, by bits along diagonals.
// Limits keep the steps inside the picture.
class LineWalk {
 public:
  // No limit of a later call exceeds `most_ahead` and `most_behind`.
  LineWalk(const BinaryImage& image, int x, int y, int dx, int dy, int most_ahead, int most_behind)
      : image_(image), bits_(dy == 0 ? image.row(y) : dx == 0 ? image.column(x) : nullptr), x_(x), y_(y), dx_(dx), dy_(dy) {
    if (bits_ == nullptr) {
      near_ahead_ = std::min(kDiagonalBits, most_ahead + 1);
      near_behind_ = std::min(kDiagonalBits, most_behind + 1);
      window_ahead_ = diagonal(near_ahead_, dx, dy);
      window_behind_ = reversed(diagonal(near_behind_, -dx, -dy));
      return;
    }
    at_ = dy == 0 ? x : y;
    const uint32_t* const word = bits_ + (at_ >> 5);
    window_ahead_ = (word[0] | uint64_t{word[1]} << 32) >> (at_ & 31);
    window_behind_ = (uint64_t{word[0]} << 32 | word[-1]) << (31 - (at_ & 31));
  }

  // The first step from `k` on, or `limit` + 1, with a pixel of another colour.
  int ahead(int k, int limit, int colour) const {
    const uint64_t same = -static_cast<uint64_t>(colour != 0);
    if (k < near_ahead_) {
      const int end = k + zeros_below((window_ahead_ ^ same) >> k | uint64_t{1} << 63);
      if (end < near_ahead_) return std::max(k, std::min(end, limit + 1));
    }
    if (bits_ == nullptr) {
      while (k <= limit && image_.at(x_ + k * dx_, y_ + k * dy_) == colour) k += 1;
      return k;
    }
    while (k <= limit) {
      const int p = at_ + k;
      const uint32_t others = (bits_[p >> 5] ^ static_cast<uint32_t>(same)) >> (p & 31);
      if (others != 0) return std::min(k + zeros_below(others), limit + 1);
      k += 32 - (p & 31);
    }
    return limit + 1;
  }

  // The same the other way.
  int behind(int k, int limit, int colour) const {
    const uint64_t same = -static_cast<uint64_t>(colour != 0);
    if (k < near_behind_) {
      const int end = k + zeros_above((window_behind_ ^ same) << k | 1);
      if (end < near_behind_) return std::max(k, std::min(end, limit + 1));
    }
    if (bits_ == nullptr) {
      while (k <= limit && image_.at(x_ - k * dx_, y_ - k * dy_) == colour) k += 1;
      return k;
    }
    while (k <= limit) {
      const int p = at_ - k;
      const uint32_t others = (bits_[p >> 5] ^ static_cast<uint32_t>(same)) << (31 - (p & 31));
      if (others != 0) return std::min(k + zeros_above(others) - 32, limit + 1);
      k += (p & 31) + 1;
    }
    return limit + 1;
  }

 private:
  // Minimum bits of a window, of a row or column and of a diagonal.
  static constexpr int kBits = 33;
  static constexpr int kDiagonalBits = 16;

  // `n` pixels from the position on, the position itself the lowest bit.
  uint64_t diagonal(int n, int dx, int dy) const {
    const uint32_t* row = image_.row(y_);
    const int stride = dy * image_.stride;
    uint32_t bits = 0;
    for (int k = 0, x = x_; k < n; k += 1, x += dx, row += stride) bits |= (row[x >> 5] >> (x & 31) & 1) << k;
    return bits;
  }

  // The lowest bits become the highest.
  static uint64_t reversed(uint64_t low) {
    static_assert(kDiagonalBits == 16);
    uint32_t v = static_cast<uint32_t>(low);
    v = (v & 0x5555u) << 1 | (v >> 1 & 0x5555u);
    v = (v & 0x3333u) << 2 | (v >> 2 & 0x3333u);
    v = (v & 0x0f0fu) << 4 | (v >> 4 & 0x0f0fu);
    v = (v & 0x00ffu) << 8 | v >> 8;
    return uint64_t{v} << 48;
  }

  const BinaryImage& image_;
  const uint32_t* bits_;
  int at_ = 0;
  int x_, y_, dx_, dy_;
  // Valid bits, and the windows: the position itself is the lowest of one and the highest of the other.
  int near_ahead_ = kBits;
  int near_behind_ = kBits;
  uint64_t window_ahead_, window_behind_;
};

}  // namespace showroom
