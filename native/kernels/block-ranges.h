#pragma once
#include <cstdint>

namespace showroom {

// The darkest and the lightest samples of blocks; src/native/twin/block-ranges.ts says which.
void block_ranges(const uint8_t* plane, int width, int column, int row, int columns, int rows, uint8_t* low, uint8_t* high);

}  // namespace showroom
