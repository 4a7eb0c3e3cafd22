#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "kernels/rows.h"

namespace showroom {

template <typename T>
void grow(std::vector<T>* v, size_t n) {
  if (v->size() < n) v->resize(n);
}

// One level of the finder search: the plane as bits (1 dark), 32 pixels a word, by rows and by columns.
struct BinaryImage {
  // One more word before the first and behind the last line; see line-walk.h.
  std::vector<uint32_t> words, columns;
  std::vector<int32_t> middles, ranges, column_weighted, column_weight;
  std::vector<uint8_t> thresholds;
  int width = 0;
  int height = 0;
  int stride = 0;         // words a row
  int column_stride = 0;  // words a column
  // By block of 32 × 32, whether it and all its neighbours are grain: 0 not known yet, 1 no, 2 yes.
  mutable std::vector<uint8_t> grain, amid_grain;

  // 1 dark, 0 light.
  int at(int x, int y) const { return (row(y)[x >> 5] >> (x & 31)) & 1; }
  const uint32_t* row(int y) const { return words.data() + 1 + static_cast<size_t>(y) * stride; }
  const uint32_t* column(int x) const { return columns.data() + 1 + static_cast<size_t>(x) * column_stride; }
};

// Number of blocks along a side of this many pixels; the last one has the remainder.
inline int grain_blocks(int side) { return side < 64 ? 1 : side >> 5; }
// Whether a rectangle, clipped to the image, is noise without any module of this level; see src/native/twin/binarize.ts.
bool is_grain(const BinaryImage& image, int x0, int y0, int x1, int y1, int percent = 45);
// Whether the block of (x, y) is grain.
bool is_in_grain(const BinaryImage& image, int x, int y);
// Whether it and those around it are grain.
bool is_amid_grain(const BinaryImage& image, int x, int y);
// Whether the surroundings of a locator at (x, y), `width` wide, are grain.
bool stands_in_grain(const BinaryImage& image, int x, int y, int width);

// Whether every pixel of a finder of one pixel per module is at (x, y).
bool is_exact_finder(const BinaryImage& image, int x, int y);

// Width and height are at least 8; see src/native/twin/binarize.ts.
void binarize(const RowKernels& rows, const uint8_t* plane, int stride, int w, int h, int flat_range,
              BinaryImage* image);

}  // namespace showroom
