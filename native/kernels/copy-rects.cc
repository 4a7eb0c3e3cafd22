#include <cstring>

#include "kernels/compose.h"

namespace showroom {

namespace {
int hold(int64_t v, int limit) { return static_cast<int>(v < 0 ? 0 : v > limit ? limit : v); }

void copy_plane(const uint8_t* from, uint8_t* to, int stride, int x0, int y0, int x1, int y1) {
  for (int y = y0; y < y1; y += 1) {
    const size_t at = static_cast<size_t>(y) * stride + x0;
    std::memcpy(to + at, from + at, static_cast<size_t>(x1 - x0));
  }
}
}  // namespace

bool even_box(const int32_t* rect, int width, int height, Box* box) {
  box->x0 = hold(rect[0], width) & ~1;
  box->y0 = hold(rect[1], height) & ~1;
  box->x1 = (hold(int64_t{rect[0]} + rect[2], width) + 1) & ~1;
  box->y1 = (hold(int64_t{rect[1]} + rect[3], height) + 1) & ~1;
  return box->x0 < box->x1 && box->y0 < box->y1;
}

void copy_rects(const uint8_t* from, uint8_t* to, int width, int height, const int32_t* rects, int rect_count) {
  if (from == to) return;
  const size_t u = static_cast<size_t>(width) * height;
  const size_t v = u + u / 4;
  for (int r = 0; r < rect_count; r += 1) {
    Box b;
    if (!even_box(rects + r * 4, width, height, &b)) continue;
    copy_plane(from, to, width, b.x0, b.y0, b.x1, b.y1);
    copy_plane(from + u, to + u, width / 2, b.x0 / 2, b.y0 / 2, b.x1 / 2, b.y1 / 2);
    copy_plane(from + v, to + v, width / 2, b.x0 / 2, b.y0 / 2, b.x1 / 2, b.y1 / 2);
  }
}

}  // namespace showroom
