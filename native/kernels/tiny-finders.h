#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace showroom {

// Finders of less than two pixels a module; src/native/twin/tiny-finders.ts says what they are.
class TinyFinders {
 public:
  static constexpr int kMostFound = 24;
  // Integers of `out`: both polarities.
  static constexpr size_t kOut = 2 * kMostFound * 4;

  // Returns the number of hits written: dark ones, then light ones.
  int run(const uint8_t* plane, int width, int height, int32_t* out);

 private:
  struct Size;

  void sum_up(const uint8_t* plane, int width, int height);
  void score_all(const Size& size, int columns, int width, int height);
  int pick(int inverted, int columns, int rows, int width, int height, int32_t* out);
  bool refine(int x, int y, int width, int height, int inverted, int32_t* out) const;
  double score(int x, int y, const Size& size, int* inverted) const;
  int box(const std::vector<uint32_t>& of, int x, int y, int r) const;

  std::vector<uint32_t> sums_, squares_;
  std::vector<float> scores_[2];
  size_t stride_ = 0;
};

}  // namespace showroom
