#include "kernels/outline-list.h"

#include <algorithm>

namespace showroom {

void OutlineList::add(int kind, int x, int y, int width, int height) {
  const int left = (x << level_) + x_;
  const int top = (y << level_) + y_;
  const int w = width << level_;
  const int h = height << level_;
  int count = out_[0];
  for (int i = 0; i < count;) {
    int32_t* const o = out_ + 1 + static_cast<size_t>(i) * kStride;
    if (o[0] != kind) {
      i += 1;
      continue;
    }
    if (o[1] <= left && o[2] <= top && o[1] + o[3] >= left + w && o[2] + o[4] >= top + h) return;
    if (o[1] < left || o[2] < top || o[1] + o[3] > left + w || o[2] + o[4] > top + h) {
      i += 1;
      continue;
    }
    count -= 1;
    const int32_t* const last = out_ + 1 + static_cast<size_t>(count) * kStride;
    std::copy(last, last + kStride, o);
  }
  if (1 + static_cast<size_t>(count + 1) * kStride > out_length_) {
    full_ = true;
    out_[0] = count;
    return;
  }
  int32_t* const to = out_ + 1 + static_cast<size_t>(count) * kStride;
  to[0] = kind;
  to[1] = left;
  to[2] = top;
  to[3] = w;
  to[4] = h;
  out_[0] = count + 1;
}

}  // namespace showroom
