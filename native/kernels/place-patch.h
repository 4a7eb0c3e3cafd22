#pragma once
#include <cstdint>

namespace showroom {

// A premultiplied YUVA picture, or a mix of two, turned and scaled into another; see src/native/twin/place-patch.ts.
struct PatchPlaces {
  int width, height;
  int mix;
  const int32_t* inverse;
  const int32_t* tone;
  int to_width, to_height;
};
void place_patch(const uint8_t* first, const uint8_t* second, const PatchPlaces& places, uint8_t* to);

}  // namespace showroom
