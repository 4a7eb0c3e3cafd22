#pragma once
#include <cstddef>
#include <cstdint>

namespace showroom {

// The locators of one search, in whole pixels of the plane. None contains another of its kind.
class OutlineList {
 public:
  // Integers per locator: kind, x, y, width, height.
  static constexpr int kStride = 5;
  static constexpr int kCorner = 0, kBullseye = 1, kStart = 2;

  // (x, y) is the position of the image, `level` times halved, in its plane. Adds to `out`.
  void begin(int32_t* out, size_t out_length, int level, int x, int y) {
    out_ = out;
    out_length_ = out_length;
    level_ = level;
    x_ = x;
    y_ = y;
    full_ = false;
  }
  void add(int kind, int x, int y, int width, int height);
  // The list overflowed.
  bool full() const { return full_; }

 private:
  int32_t* out_ = nullptr;
  size_t out_length_ = 0;
  int level_ = 0, x_ = 0, y_ = 0;
  bool full_ = false;
};

}  // namespace showroom
