#include "kernels/turn-plane.h"

#include <algorithm>
#include <cstddef>

// The TypeScript twin (src/native/twin/turn-plane.ts, src/core/media/plane-sampler.ts) explains the method. Every sum
// is made in its order, so that the bytes are the same; the start of a row and the step per column are computed once.
namespace showroom {
namespace {

struct Plane {
  const uint8_t* samples;
  int width, height;
};

inline double at(const Plane& plane, double px, double py) {
  const double x = std::min(plane.width - 1.001, std::max(0.0, px - 0.5));
  const double y = std::min(plane.height - 1.001, std::max(0.0, py - 0.5));
  const int x0 = static_cast<int>(x);
  const int y0 = static_cast<int>(y);
  const uint8_t* const p = plane.samples + static_cast<ptrdiff_t>(y0) * plane.width + x0;
  const double fx = x - x0;
  const double fy = y - y0;
  const double top = p[0] * (1 - fx) + p[1] * fx;
  const double low = p[plane.width] * (1 - fx) + p[plane.width + 1] * fx;
  return top * (1 - fy) + low * fy;
}

inline double sharp(const Plane& plane, double px, double py) {
  const double x = px - 0.5;
  const double y = py - 0.5;
  // Rounded down: samples left of or above the second one go the other way.
  const int x0 = static_cast<int>(x);
  const int y0 = static_cast<int>(y);
  if (x < 1 || y < 1 || x0 > plane.width - 3 || y0 > plane.height - 3) return at(plane, px, py);
  const double f = x - x0;
  const double g = y - y0;
  const double ff = f * f;
  const double gg = g * g;
  const double a0 = f * (2 * f - ff - 1);
  const double a1 = 1 - 2 * ff + ff * f;
  const double a2 = f + ff - ff * f;
  const double a3 = ff * f - ff;
  const uint8_t* const i = plane.samples + static_cast<ptrdiff_t>(y0) * plane.width + x0;
  const auto row = [&](const uint8_t* p) { return a0 * p[-1] + a1 * p[0] + a2 * p[1] + a3 * p[2]; };
  const double sum = g * (2 * g - gg - 1) * row(i - plane.width) + (1 - 2 * gg + gg * g) * row(i) +
                     (g + gg - gg * g) * row(i + plane.width) + (gg * g - gg) * row(i + 2 * static_cast<ptrdiff_t>(plane.width));
  return std::min(255.0, std::max(0.0, sum));
}

}  // namespace

void turn_plane(const uint8_t* from, int width, int height, double cos, double sin, int scale, uint8_t* to, int w, int h) {
  const Plane plane = {from, width, height};
  const double right = cos / scale;
  const double down = sin / scale;
  for (int row = 0; row < h; row += 1) {
    const double v = row + 0.5 - h / 2.0;
    for (int column = 0; column < w; column += 1) {
      const double u = column + 0.5 - w / 2.0;
      const double x = width / 2.0 + u * right - v * down;
      const double y = height / 2.0 + u * down + v * right;
      *to++ = static_cast<uint8_t>(static_cast<int>(scale == 1 ? at(plane, x, y) : sharp(plane, x, y)));
    }
  }
}

}  // namespace showroom
