#include "kernels/compose.h"

#include <algorithm>
#include <cstring>

namespace showroom {
namespace {

int hold(int64_t v, int limit) { return static_cast<int>(v < 0 ? 0 : v > limit ? limit : v); }

// Rectangle ∩ clip ∩ bitmap, all edges even; false when nothing is left.
bool visible(const int32_t* item, const Bitmap& bitmap, const Box& rect, Box* out) {
  const int64_t left = item[kX] & ~1;
  const int64_t top = item[kY] & ~1;
  const int64_t x0 = std::max({left, int64_t{rect.x0}, int64_t{std::min(item[kClipX], rect.x1) & ~1}});
  const int64_t y0 = std::max({top, int64_t{rect.y0}, int64_t{std::min(item[kClipY], rect.y1) & ~1}});
  const int64_t clip_x1 = (hold(int64_t{item[kClipX]} + item[kClipW], rect.x1) + 1) & ~1;
  const int64_t clip_y1 = (hold(int64_t{item[kClipY]} + item[kClipH], rect.y1) + 1) & ~1;
  const int64_t x1 = std::min(left + bitmap.width, clip_x1);
  const int64_t y1 = std::min(top + bitmap.height, clip_y1);
  if (x0 >= x1 || y0 >= y1) return false;
  *out = {static_cast<int>(x0), static_cast<int>(y0), static_cast<int>(x1), static_cast<int>(y1)};
  return true;
}

bool contains(const Box& outer, const Box& inner) {
  return outer.x0 <= inner.x0 && outer.y0 <= inner.y0 && outer.x1 >= inner.x1 && outer.y1 >= inner.y1;
}

bool solid(const int32_t* item, const Bitmap& bitmap) { return bitmap.opaque && item[kOpacity] >= 256; }

void fill_plane(uint8_t* plane, int stride, int x0, int y0, int x1, int y1, int value) {
  for (int y = y0; y < y1; y += 1) {
    std::memset(plane + static_cast<size_t>(y) * stride + x0, value, static_cast<size_t>(x1 - x0));
  }
}

struct Frame {
  uint8_t* planes[3];
  int width;
};

void fill_black(const Frame& frame, const Box& b) {
  fill_plane(frame.planes[0], frame.width, b.x0, b.y0, b.x1, b.y1, 16);
  for (int p = 1; p < 3; p += 1) {
    fill_plane(frame.planes[p], frame.width / 2, b.x0 / 2, b.y0 / 2, b.x1 / 2, b.y1 / 2, 128);
  }
}

void draw_plane(const RowKernels& rows, uint8_t* dst, int dst_stride, const uint8_t* src, const uint8_t* alpha,
                int src_stride, int w, int h, int opacity, bool copy) {
  for (int y = 0; y < h; y += 1) {
    if (copy) {
      std::memcpy(dst, src, static_cast<size_t>(w));
    } else {
      rows.blend_row(dst, src, alpha, w, opacity);
    }
    dst += dst_stride;
    src += src_stride;
    alpha += src_stride;
  }
}

void draw(const RowKernels& rows, const Frame& frame, const int32_t* item, const Bitmap& bitmap, const Box& b) {
  const int opacity = std::min(item[kOpacity], 256);
  const bool copy = solid(item, bitmap);
  const int sx = b.x0 - (item[kX] & ~1);
  const int sy = b.y0 - (item[kY] & ~1);
  const int w = b.x1 - b.x0;
  const int h = b.y1 - b.y0;
  const size_t luma = static_cast<size_t>(bitmap.width) * bitmap.height;
  const size_t quarter = luma / 4;
  const size_t src = static_cast<size_t>(sy) * bitmap.width + sx;
  const size_t src_c = static_cast<size_t>(sy / 2) * (bitmap.width / 2) + sx / 2;
  const size_t dst = static_cast<size_t>(b.y0) * frame.width + b.x0;
  const size_t dst_c = static_cast<size_t>(b.y0 / 2) * (frame.width / 2) + b.x0 / 2;
  const uint8_t* alpha = bitmap.data + luma + 2 * quarter;
  const uint8_t* alpha_c = alpha + luma;
  draw_plane(rows, frame.planes[0] + dst, frame.width, bitmap.data + src, alpha + src, bitmap.width, w, h, opacity,
             copy);
  for (int p = 1; p < 3; p += 1) {
    const uint8_t* from = bitmap.data + luma + (p - 1) * quarter + src_c;
    draw_plane(rows, frame.planes[p] + dst_c, frame.width / 2, from, alpha_c + src_c, bitmap.width / 2, w / 2, h / 2,
               opacity, copy);
  }
}

}  // namespace

void compose(const RowKernels& rows, uint8_t* canvas, int width, int height, const int32_t* rects, int rect_count,
             const int32_t* items, int item_count, const Bitmap* bitmaps) {
  const size_t luma = static_cast<size_t>(width) * height;
  const Frame frame = {{canvas, canvas + luma, canvas + luma + luma / 4}, width};
  for (int r = 0; r < rect_count; r += 1) {
    Box rect;
    if (!even_box(rects + r * 4, width, height, &rect)) continue;
    // From the highest item that hides everything below it; from black when there is none.
    int first = item_count - 1;
    Box box;
    for (; first >= 0; first -= 1) {
      const int32_t* item = items + first * kDrawStride;
      if (solid(item, bitmaps[first]) && visible(item, bitmaps[first], rect, &box) && contains(box, rect)) break;
    }
    if (first < 0) {
      fill_black(frame, rect);
      first = 0;
    }
    for (int i = first; i < item_count; i += 1) {
      const int32_t* item = items + i * kDrawStride;
      if (item[kOpacity] <= 0 || !visible(item, bitmaps[i], rect, &box)) continue;
      bool hidden = false;
      for (int above = i + 1; above < item_count && !hidden; above += 1) {
        const int32_t* other = items + above * kDrawStride;
        Box cover;
        hidden = solid(other, bitmaps[above]) && visible(other, bitmaps[above], rect, &cover) && contains(cover, box);
      }
      if (!hidden) draw(rows, frame, item, bitmaps[i], box);
    }
  }
}

}  // namespace showroom
