#pragma once
#include <cstdint>

namespace showroom {

// A rotated plane; see src/native/twin/turn-plane.ts.
void turn_plane(const uint8_t* from, int width, int height, double cos, double sin, int scale, uint8_t* to, int w, int h);

}  // namespace showroom
