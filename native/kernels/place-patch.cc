#include "kernels/place-patch.h"

#include <cstddef>
#include <cstring>

namespace showroom {
namespace {

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

inline uint8_t toned(int colour, int tone, int alpha) {
  if (tone == 0) return static_cast<uint8_t>(colour);
  colour += tone * alpha / 255;
  return static_cast<uint8_t>(colour < 0 ? 0 : colour > 255 ? 255 : colour);
}

// One or two planes of colour over one of alpha.
template <int kPlanes>
void planes(const uint8_t* colours, size_t apart, const uint8_t* alphas, int width, int height, const int32_t* map,
            const int32_t* tone, uint8_t* to_colours, size_t to_apart, uint8_t* to_alphas, int to_width, int to_height) {
  const unsigned columns = static_cast<unsigned>(width - 1);
  const unsigned rows = static_cast<unsigned>(height - 1);
  for (int y = 0; y < to_height; y += 1) {
    int32_t sx = map[1] * y + map[2];
    int32_t sy = map[4] * y + map[5];
    uint8_t* to = to_colours + static_cast<size_t>(y) * to_width;
    uint8_t* to_alpha = to_alphas + static_cast<size_t>(y) * to_width;
    std::memset(to_alpha, 0, static_cast<size_t>(to_width));
    for (int k = 0; k < kPlanes; k += 1) std::memset(to + k * to_apart, 0, static_cast<size_t>(to_width));
    for (int x = 0; x < to_width; x += 1, sx += map[0], sy += map[3]) {
      const int xi = sx >> 16;
      const int yi = sy >> 16;
      if (static_cast<unsigned>(xi) >= columns || static_cast<unsigned>(yi) >= rows) continue;
      const int fx = (sx >> 8) & 255;
      const int fy = (sy >> 8) & 255;
      const size_t at = static_cast<size_t>(yi) * width + xi;
      const int alpha = soft(alphas + at, width, fx, fy);
      if (alpha == 0) continue;
      to_alpha[x] = static_cast<uint8_t>(alpha);
      for (int k = 0; k < kPlanes; k += 1)
        to[k * to_apart + x] = toned(bilinear(colours + k * apart + at, width, fx, fy), tone[k], alpha);
    }
  }
}

}  // namespace

void mix_patches(const uint8_t* first, const uint8_t* second, size_t bytes, int mix, uint8_t* to) {
  for (size_t i = 0; i < bytes; i += 1) {
    to[i] = static_cast<uint8_t>((first[i] * (256 - mix) + second[i] * mix + 128) >> 8);
  }
}

void place_patch(const uint8_t* from, const PatchPlaces& p, uint8_t* to) {
  const size_t size = static_cast<size_t>(p.width) * p.height;
  const size_t quarter = size / 4;
  const size_t to_size = static_cast<size_t>(p.to_width) * p.to_height;
  const size_t to_quarter = to_size / 4;
  const int32_t* i = p.inverse;
  planes<1>(from, 0, from + size + 2 * quarter, p.width, p.height, i, p.tone, to, 0, to + to_size + 2 * to_quarter,
            p.to_width, p.to_height);
  const int32_t chroma[6] = {i[0], i[1], (i[2] + ((i[0] + i[1]) >> 1) - 32768) >> 1,
                             i[3], i[4], (i[5] + ((i[3] + i[4]) >> 1) - 32768) >> 1};
  planes<2>(from + size, quarter, from + 2 * size + 2 * quarter, p.width / 2, p.height / 2, chroma, p.tone + 1, to + to_size,
            to_quarter, to + 2 * to_size + 2 * to_quarter, p.to_width / 2, p.to_height / 2);
}

}  // namespace showroom
