#pragma once
#include <cstddef>
#include <cstdint>

namespace showroom {

// The marks of one search, in whole pixels of the plane. Of one kind none holds another.
class OutlineList {
 public:
  // Integers a mark: kind, x, y, width, height.
  static constexpr int kStride = 5;
  static constexpr int kCorner = 0, kBullseye = 1, kStart = 2;

  // (x, y) is where the image, `level` times halved, stands in its plane. Adds to what is in `out`.
  void begin(int32_t* out, size_t out_length, int level, int x, int y) {
    out_ = out;
    out_length_ = out_length;
    level_ = level;
    x_ = x;
    y_ = y;
    full_ = false;
  }
  void add(int kind, int x, int y, int width, int height);
  // One did not fit.
  bool full() const { return full_; }

 private:
  int32_t* out_ = nullptr;
  size_t out_length_ = 0;
  int level_ = 0, x_ = 0, y_ = 0;
  bool full_ = false;
};

}  // namespace showroom
