#include "kernels/place-patch.h"

#include <cstddef>
#include <cstring>

namespace showroom {
namespace {

struct Map {
  int32_t a, b, tx, c, d, ty;
};

inline int bilinear(const uint8_t* p, ptrdiff_t stride, int fx, int fy) {
  const int upper = p[0] * (256 - fx) + p[1] * fx;
  const int lower = p[stride] * (256 - fx) + p[stride + 1] * fx;
  return (upper * (256 - fy) + lower * fy + 32768) >> 16;
}

inline unsigned pair(const uint8_t* p) {
  uint16_t both;
  std::memcpy(&both, p, 2);
  return both;
}

// Most of a mask is full or empty: there its four samples need no arithmetic.
inline int soft(const uint8_t* p, ptrdiff_t stride, int fx, int fy) {
  const unsigned upper = pair(p);
  const unsigned lower = pair(p + stride);
  if ((upper & lower) == 0xffff) return 255;
  if ((upper | lower) == 0) return 0;
  return bilinear(p, stride, fx, fy);
}

template <bool kMixed>
void plane(const uint8_t* first, const uint8_t* second, size_t colours, size_t alphas, int width, int height, int mix,
           const Map& map, int tone, uint8_t* to_colours, uint8_t* to_alphas, int to_width, int to_height) {
  for (int y = 0; y < to_height; y += 1) {
    int32_t sx = map.b * y + map.tx;
    int32_t sy = map.d * y + map.ty;
    for (int x = 0; x < to_width; x += 1, sx += map.a, sy += map.c) {
      const int xi = sx >> 16;
      const int yi = sy >> 16;
      int alpha = 0;
      int colour = 0;
      if (xi >= 0 && yi >= 0 && xi < width - 1 && yi < height - 1) {
        const int fx = (sx >> 8) & 255;
        const int fy = (sy >> 8) & 255;
        const size_t at = static_cast<size_t>(yi) * width + xi;
        alpha = soft(first + alphas + at, width, fx, fy);
        if (kMixed) alpha = (alpha * (256 - mix) + soft(second + alphas + at, width, fx, fy) * mix + 128) >> 8;
        if (alpha > 0) {
          colour = bilinear(first + colours + at, width, fx, fy);
          if (kMixed) colour = (colour * (256 - mix) + bilinear(second + colours + at, width, fx, fy) * mix + 128) >> 8;
          if (tone != 0) {
            colour += tone * alpha / 255;
            colour = colour < 0 ? 0 : colour > 255 ? 255 : colour;
          }
        }
      }
      *to_colours++ = static_cast<uint8_t>(colour);
      *to_alphas++ = static_cast<uint8_t>(alpha);
    }
  }
}

}  // namespace

void place_patch(const uint8_t* first, const uint8_t* second, const PatchPlaces& p, uint8_t* to) {
  const auto draw = p.mix > 0 ? plane<true> : plane<false>;
  const size_t size = static_cast<size_t>(p.width) * p.height;
  const size_t quarter = size / 4;
  const size_t to_size = static_cast<size_t>(p.to_width) * p.to_height;
  const size_t to_quarter = to_size / 4;
  const int32_t* i = p.inverse;
  const Map luma = {i[0], i[1], i[2], i[3], i[4], i[5]};
  draw(first, second, 0, size + 2 * quarter, p.width, p.height, p.mix, luma, p.tone[0], to, to + to_size + 2 * to_quarter,
       p.to_width, p.to_height);
  const Map chroma = {i[0], i[1], (i[2] + ((i[0] + i[1]) >> 1) - 32768) >> 1,
                      i[3], i[4], (i[5] + ((i[3] + i[4]) >> 1) - 32768) >> 1};
  for (int k = 0; k < 2; k += 1) {
    draw(first, second, size + k * quarter, 2 * size + 2 * quarter, p.width / 2, p.height / 2, p.mix, chroma, p.tone[1 + k],
         to + to_size + k * to_quarter, to + 2 * to_size + 2 * to_quarter, p.to_width / 2, p.to_height / 2);
  }
}

}  // namespace showroom
