#pragma once
#include <cstdint>
#include <vector>

#include "kernels/rows.h"

namespace showroom {

constexpr int kMaxCells = 64;

// Filters of one 8-bit plane, rows without padding; see src/native/twin/plane-filters.ts.
class PlaneFilters {
 public:
  // `radius` is 1 or 2, `gain` 1 to 16. Sizes are positive.
  void sharpen(const RowKernels& rows, const uint8_t* from, int width, int height, int radius, int gain, uint8_t* to);
  // `to` is twice as wide and high.
  void enlarge(const RowKernels& rows, const uint8_t* from, int width, int height, uint8_t* to);

  // The same, bilinear.
  void double_plane(const RowKernels& rows, const uint8_t* from, int width, int height, uint8_t* to);
  // A box blur, twice, in place; `radius` is 1 to kMaxBlur.
  void blur(const RowKernels& rows, uint8_t* plane, int width, int height, int radius);
  // A rectangle of rows `stride` apart, halved this many times.
  void shrink(const RowKernels& rows, const uint8_t* from, int stride, int width, int height, int halvings, uint8_t* to);
  // Means of cells × cells parts, at most kMaxCells a side.
  void mean_cells(const uint8_t* from, int width, int height, int cells, uint8_t* to);
  // a·cb + b·cr (each −1 to 1) of a rectangle, spread over 0–255, unless its range, which is returned, is below
  // `least`.
  int mix(const uint8_t* cb, const uint8_t* cr, int stride, int width, int height, int a, int b, int least, uint8_t* to);

 private:
  std::vector<uint8_t> halves_[2];
  std::vector<uint8_t> row_, next_, blurred_;
  std::vector<uint16_t> sums_;
  std::vector<int16_t> wide_;
};

}  // namespace showroom
