#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "kernels/rows.h"

namespace showroom {

// Finders of less than two pixels per module; see src/native/twin/finders/tiny-finders.ts.
class TinyFinders {
 public:
  // Of one polarity and strength.
  static constexpr int kMaxFound = 24;
  // Integers of `out`: both polarities, strong and weak.
  static constexpr size_t kOut = 4 * kMaxFound * 4;

  // Returns the number of hits written: dark ones, then light ones.
  int run(const RowKernels& rows, const uint8_t* plane, int width, int height, int32_t* out);

 private:
  struct Size;

  void sum_up(const uint8_t* plane, int width, int height);
  void score_all(const RowKernels& rows, const Size& size, int columns, int width, int height);
  int pick(int inverted, int columns, int rows, int width, int height, int32_t* out);
  int collect(int inverted, int weak, int columns, int rows, int width, int height, int32_t* out, int n) const;
  bool refine(int x, int y, int width, int height, int inverted, int weak, int32_t* out) const;
  double score(int x, int y, const Size& size, int* inverted, bool* is_weak) const;
  int box(const std::vector<uint32_t>& of, int x, int y, int r) const;

  std::vector<uint32_t> sums_, squares_;
  // Dark and light, strong ones only; then both with the weak ones.
  std::vector<float> scores_[4];
  std::vector<int32_t> places_;
  size_t stride_ = 0;
};

}  // namespace showroom
