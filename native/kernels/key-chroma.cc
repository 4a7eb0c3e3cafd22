#include "kernels/key-chroma.h"

#include <cstddef>
#include <cstring>

namespace showroom {
namespace {

constexpr size_t kTable = 65536;

inline uint8_t div255(int n) { return static_cast<uint8_t>(((n + 128) * 257) >> 16); }

inline void luma(const uint8_t* from, int alpha, uint8_t* to, uint8_t* to_alpha) {
  *to = div255(*from * alpha);
  *to_alpha = static_cast<uint8_t>(alpha);
}

}  // namespace

void key_chroma(const uint8_t* frame, const uint8_t* tables, const KeyPlaces& p, uint8_t* to) {
  const int w = p.width / 2;
  const int h = p.height / 2;
  const size_t pixels = static_cast<size_t>(p.width) * p.height;
  const uint8_t* u_plane = frame + pixels;
  const uint8_t* v_plane = u_plane + pixels / 4;
  const size_t to_pixels = static_cast<size_t>(p.to_width) * p.to_height;
  uint8_t* to_u = to + to_pixels;
  uint8_t* to_v = to_u + to_pixels / 4;
  uint8_t* to_alpha = to_v + to_pixels / 4;
  uint8_t* coarse = to_alpha + to_pixels;
  const ptrdiff_t stride = p.to_width / 2;
  const ptrdiff_t first = static_cast<ptrdiff_t>(p.y / 2) * stride + p.x / 2;
  for (int y = 0; y < h; y += 1) {
    const uint8_t* u = u_plane + static_cast<size_t>(y) * w;
    const uint8_t* v = v_plane + static_cast<size_t>(y) * w;
    const ptrdiff_t row = first + y * stride;
    for (int x = 0; x < w; x += 1) {
      const unsigned at = static_cast<unsigned>(u[x]) << 8 | v[x];
      const int a = tables[at];
      coarse[row + x] = static_cast<uint8_t>(a);
      // Most of a picture is all person or all backdrop; the target is transparent already.
      if (a == 0) continue;
      to_u[row + x] = div255(tables[kTable + at] * a);
      to_v[row + x] = div255(tables[2 * kTable + at] * a);
    }
  }
  // Luma samples lie a quarter of a chroma sample beside it: 9 : 3 : 3 : 1 of the four nearest alphas.
  for (int y = 0; y < h; y += 1) {
    const uint8_t* here = coarse + first + y * stride;
    const uint8_t* up = y == 0 ? here : here - stride;
    const uint8_t* down = y == h - 1 ? here : here + stride;
    const uint8_t* from = frame + static_cast<size_t>(2 * y) * p.width;
    const size_t target = static_cast<size_t>(2 * y + p.y) * p.to_width + p.x;
    for (int x = 0; x < w; x += 1) {
      const int left = x == 0 ? x : x - 1;
      const int right = x == w - 1 ? x : x + 1;
      const int c = here[x];
      const int l = here[left], r = here[right], above = up[x], below = down[x];
      const bool even = c == l && c == r && c == above && c == below;
      if (even && c == 0) continue;
      const uint8_t* f = from + 2 * x;
      uint8_t* t = to + target + 2 * x;
      uint8_t* a = to_alpha + target + 2 * x;
      if (even && c == 255 && (up[left] & up[right] & down[left] & down[right]) == 255) {
        std::memcpy(t, f, 2);
        std::memcpy(t + p.to_width, f + p.width, 2);
        std::memset(a, 255, 2);
        std::memset(a + p.to_width, 255, 2);
        continue;
      }
      const int nine = 9 * c + 8;
      luma(f, (nine + 3 * (l + above) + up[left]) >> 4, t, a);
      luma(f + 1, (nine + 3 * (r + above) + up[right]) >> 4, t + 1, a + 1);
      luma(f + p.width, (nine + 3 * (l + below) + down[left]) >> 4, t + p.to_width, a + p.to_width);
      luma(f + p.width + 1, (nine + 3 * (r + below) + down[right]) >> 4, t + p.to_width + 1, a + p.to_width + 1);
    }
  }
}

}  // namespace showroom
