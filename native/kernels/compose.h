#pragma once
#include <cstdint>

#include "kernels/rows.h"

namespace showroom {

struct Bitmap {
  const uint8_t* data;
  int width;
  int height;
  bool opaque;
};

// Offsets within an item of the draw list; they match DRAW in src/core/media/picture.ts.
enum DrawField { kBitmap, kX, kY, kOpacity, kClipX, kClipY, kClipW, kClipH, kDrawStride };

// Redraws the rectangles of an I420 canvas (even size); see twin/compose.ts for the arithmetic.
void compose(const RowKernels& rows, uint8_t* canvas, int width, int height, const int32_t* rects, int rect_count,
             const int32_t* items, int item_count, const Bitmap* bitmaps);

// A rectangle clamped to a frame and widened to even edges; false when empty.
struct Box {
  int x0, y0, x1, y1;
};
bool even_box(const int32_t* rect, int width, int height, Box* box);

void copy_rects(const uint8_t* from, uint8_t* to, int width, int height, const int32_t* rects, int rect_count);

}  // namespace showroom
