#pragma once
#include <cstddef>
#include <cstdint>

namespace showroom {

// A premultiplied YUVA picture turned and scaled into another; see src/native/twin/compose.ts.
struct PatchPlaces {
  int width, height;
  const int32_t* inverse;
  const int32_t* tone;
  int to_width, to_height;
};
void place_patch(const uint8_t* from, const PatchPlaces& places, uint8_t* to);

// (first · (256 − mix) + second · mix) / 256, rounded.
void mix_patches(const uint8_t* first, const uint8_t* second, size_t bytes, int mix, uint8_t* to);

}  // namespace showroom
