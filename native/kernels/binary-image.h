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
  std::vector<uint32_t> words, columns;
  std::vector<int32_t> middles, ranges, column_weighted, column_weight;
  std::vector<uint8_t> thresholds;
  int width = 0;
  int height = 0;
  int stride = 0;         // words a row
  int column_stride = 0;  // words a column

  // 1 dark, 0 light.
  int at(int x, int y) const { return (words[static_cast<size_t>(y) * stride + (x >> 5)] >> (x & 31)) & 1; }
  const uint32_t* row(int y) const { return words.data() + static_cast<size_t>(y) * stride; }
  const uint32_t* column(int x) const { return columns.data() + static_cast<size_t>(x) * column_stride; }
};

// Width and height are at least 8; see src/native/twin/binarize.ts.
void binarize(const RowKernels& rows, const uint8_t* plane, int stride, int w, int h, int flat_range,
              BinaryImage* image);

}  // namespace showroom
