#include "kernels/block-ranges.h"

#include <algorithm>
#include <cstddef>
#include <cstring>

// A row of a block is a word of eight bytes; what of it does not count is made black for the one and white for the other.
namespace showroom {
namespace {

constexpr int kBlock = 8;
constexpr uint8_t kOdd[2][kBlock] = {{0, 255, 0, 255, 0, 255, 0, 255}, {255, 0, 255, 0, 255, 0, 255, 0}};

}  // namespace

void block_ranges(const uint8_t* plane, int width, int column, int row, int columns, int rows, uint8_t* low, uint8_t* high) {
  const int across = width / kBlock;
  for (int v = row; v < row + rows; v += 1) {
    for (int u = column; u < column + columns; u += 1) {
      uint8_t least[kBlock], most[kBlock];
      std::memset(least, 255, kBlock);
      std::memset(most, 0, kBlock);
      const uint8_t* p = plane + static_cast<size_t>(v) * kBlock * width + static_cast<size_t>(u) * kBlock;
      for (int y = 0; y < kBlock; y += 2, p += 2 * static_cast<ptrdiff_t>(width)) {
        const uint8_t* const other = kOdd[(y >> 1) & 1];
        for (int i = 0; i < kBlock; i += 1) {
          least[i] = std::min(least[i], static_cast<uint8_t>(p[i] | other[i]));
          most[i] = std::max(most[i], static_cast<uint8_t>(p[i] & ~other[i]));
        }
      }
      const size_t at = static_cast<size_t>(v) * across + u;
      low[at] = *std::min_element(least, least + kBlock);
      high[at] = *std::max_element(most, most + kBlock);
    }
  }
}

}  // namespace showroom
