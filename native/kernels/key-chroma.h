#pragma once
#include <cstdint>

namespace showroom {

// An I420 picture keyed into a premultiplied YUVA picture that is transparent there; see src/native/twin/key-chroma.ts.
struct KeyPlaces {
  int width, height;
  int to_width, to_height;
  int x, y;
};
// `tables`: alpha, u and v by `u << 8 | v`, 65,536 bytes each.
void key_chroma(const uint8_t* frame, const uint8_t* tables, const KeyPlaces& places, uint8_t* to);

}  // namespace showroom
