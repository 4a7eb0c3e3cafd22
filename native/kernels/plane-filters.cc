#include "kernels/plane-filters.h"

#include <algorithm>
#include <cmath>
#include <cstring>

// All in integers, so that the twin gives the same results; the rows are in filter-rows-inl.h.
namespace showroom {
namespace {

template <int kRadius>
void sharpen_plane(const FilterRows& kernels, const uint8_t* from, int width, int height, int gain, uint8_t* to, std::vector<uint8_t>* row,
                   std::vector<uint16_t>* sums) {
  constexpr int kReach = 2 * kRadius;
  const size_t w = static_cast<size_t>(width);
  if (row->size() < w + 2 * kReach) row->resize(w + 2 * kReach);
  if (sums->size() < w * height) sums->resize(w * height);
  for (int y = 0; y < height; y += 1) {
    const uint8_t* p = from + y * w;
    std::fill(row->begin(), row->begin() + kReach, p[0]);
    std::memcpy(row->data() + kReach, p, w);
    std::fill(row->begin() + kReach + w, row->begin() + 2 * kReach + w, p[w - 1]);
    kernels.blur[kRadius - 1](row->data() + kReach, width, sums->data() + y * w);
  }
  for (int y = 0; y < height; y += 1) {
    const uint16_t* rows[2 * kReach + 1];
    for (int k = -kReach; k <= kReach; k += 1) {
      rows[k + kReach] = sums->data() + static_cast<size_t>(std::min(height - 1, std::max(0, y + k))) * w;
    }
    kernels.sharpen[kRadius - 1](from + y * w, rows, width, gain, to + y * w);
  }
}

}  // namespace

void PlaneFilters::mean_cells(const uint8_t* from, int width, int height, int cells, uint8_t* to) {
  const auto start = [cells](int i, int length) { return static_cast<int>(static_cast<int64_t>(i) * length / cells); };
  for (int v = 0; v < cells; v += 1) {
    const int y0 = start(v, height);
    const int y1 = start(v + 1, height);
    uint64_t totals[kMaxCells] = {};
    for (int y = y0; y < y1; y += 1) {
      const uint8_t* row = from + static_cast<size_t>(y) * width;
      for (int u = 0; u < cells; u += 1) {
        uint32_t sum = 0;
        for (int x = start(u, width), x1 = start(u + 1, width); x < x1; x += 1) sum += row[x];
        totals[u] += sum;
      }
    }
    for (int u = 0; u < cells; u += 1) {
      const uint64_t n = static_cast<uint64_t>(y1 - y0) * (start(u + 1, width) - start(u, width));
      to[v * cells + u] = static_cast<uint8_t>(totals[u] / std::max<uint64_t>(1, n));
    }
  }
}

void PlaneFilters::sharpen(const RowKernels& rows, const uint8_t* from, int width, int height, int radius, int gain, uint8_t* to) {
  if (radius == 1) {
    sharpen_plane<1>(*rows.filters, from, width, height, gain, to, &row_, &sums_);
  } else {
    sharpen_plane<2>(*rows.filters, from, width, height, gain, to, &row_, &sums_);
  }
}

void PlaneFilters::double_plane(const RowKernels& rows, const uint8_t* from, int width, int height, uint8_t* to) {
  const size_t w = static_cast<size_t>(width);
  if (row_.size() < w + 2) row_.resize(w + 2);
  if (next_.size() < w + 2) next_.resize(w + 2);
  const auto fill = [&](std::vector<uint8_t>* row, int y) {
    const uint8_t* p = from + static_cast<size_t>(y) * w;
    (*row)[0] = p[0];
    std::memcpy(row->data() + 1, p, w);
    (*row)[w + 1] = p[w - 1];
  };
  for (int y = 0; y < height; y += 1) {
    fill(&row_, y);
    for (int side = 0; side < 2; side += 1) {
      fill(&next_, side == 0 ? std::max(0, y - 1) : std::min(height - 1, y + 1));
      rows.filters->double_row(row_.data() + 1, next_.data() + 1, width, to + (2 * static_cast<size_t>(y) + side) * 2 * w);
    }
  }
}

void PlaneFilters::blur(const RowKernels& rows, uint8_t* plane, int width, int height, int radius) {
  const size_t w = static_cast<size_t>(width);
  const size_t margin = static_cast<size_t>(radius);
  if (row_.size() < w + 2 * margin) row_.resize(w + 2 * margin);
  if (blurred_.size() < w * height) blurred_.resize(w * height);
  for (int pass = 0; pass < 2; pass += 1) {
    for (int y = 0; y < height; y += 1) {
      const uint8_t* p = plane + y * w;
      std::memset(row_.data(), p[0], margin);
      std::memcpy(row_.data() + margin, p, w);
      std::memset(row_.data() + margin + w, p[w - 1], margin);
      rows.filters->box_across(row_.data() + margin, radius, width, blurred_.data() + y * w);
    }
    for (int y = 0; y < height; y += 1) {
      const uint8_t* near[2 * kMaxBlur + 1];
      for (int k = -radius; k <= radius; k += 1) {
        near[k + radius] = blurred_.data() + static_cast<size_t>(std::min(height - 1, std::max(0, y + k))) * w;
      }
      rows.filters->box_down(near, radius, width, plane + y * w);
    }
  }
}

void PlaneFilters::shrink(const RowKernels& rows, const uint8_t* from, int stride, int width, int height, int halvings,
                          uint8_t* to) {
  if (halvings == 0) {
    for (int y = 0; y < height; y += 1) {
      std::memcpy(to + static_cast<size_t>(y) * width, from + static_cast<size_t>(y) * stride, static_cast<size_t>(width));
    }
    return;
  }
  for (int i = 0; i < halvings; i += 1) {
    width >>= 1;
    height >>= 1;
    std::vector<uint8_t>& half = halves_[i & 1];
    const size_t bytes = static_cast<size_t>(width) * height;
    if (i + 1 < halvings && half.size() < bytes) half.resize(bytes);
    uint8_t* const out = i + 1 == halvings ? to : half.data();
    for (int y = 0; y < height; y += 1) {
      const uint8_t* upper = from + static_cast<size_t>(2 * y) * stride;
      rows.halve_row(upper, upper + stride, width, out + static_cast<size_t>(y) * width);
    }
    from = out;
    stride = width;
  }
}

void PlaneFilters::enlarge(const RowKernels& rows, const uint8_t* from, int width, int height, uint8_t* to) {
  const size_t w = static_cast<size_t>(width);
  if (row_.size() < w + 4) row_.resize(w + 4);
  if (wide_.size() < 2 * w * height) wide_.resize(2 * w * height);
  for (int y = 0; y < height; y += 1) {
    const uint8_t* source = from + y * w;
    row_[0] = row_[1] = source[0];
    std::memcpy(row_.data() + 2, source, w);
    row_[w + 2] = row_[w + 3] = source[w - 1];
    rows.filters->enlarge_across(row_.data() + 2, width, wide_.data() + 2 * w * y);
  }
  for (int y = 0; y < height; y += 1) {
    const int16_t* five[5];
    for (int k = -2; k <= 2; k += 1) {
      five[k + 2] = wide_.data() + 2 * w * static_cast<size_t>(std::min(height - 1, std::max(0, y + k)));
    }
    uint8_t* const upper = to + 4 * w * y;
    rows.filters->enlarge_down(five, 2 * width, upper, upper + 2 * w);
  }
}

// Twice over the rectangle: first the range, then the values spread over all grey.
int PlaneFilters::mix(const uint8_t* cb, const uint8_t* cr, int stride, int width, int height, int a, int b, int least,
                      uint8_t* to) {
  uint32_t histogram[1024] = {};
  for (int y = 0; y < height; y += 1) {
    const size_t from = static_cast<size_t>(y) * stride;
    for (int x = 0; x < width; x += 1) histogram[a * cb[from + x] + b * cr[from + x] + 256] += 1;
  }
  const uint64_t cut = static_cast<uint64_t>(width) * height / 200;
  int low = 0;
  for (uint64_t seen = histogram[0]; seen <= cut && low < 1023; seen += histogram[low]) low += 1;
  int high = 1023;
  for (uint64_t seen = histogram[1023]; seen <= cut && high > low; seen += histogram[high]) high -= 1;
  const int range = high - low;
  if (range < least) return range;
  uint8_t table[1024];
  for (int v = 0; v < 1024; v += 1) {
    // To the nearest, halves to even, as a clamped array of bytes rounds.
    const double grey = std::nearbyint((v - low) * 255.0 / range);
    table[v] = static_cast<uint8_t>(grey < 0 ? 0 : grey > 255 ? 255 : grey);
  }
  for (int y = 0; y < height; y += 1) {
    const size_t from = static_cast<size_t>(y) * stride;
    uint8_t* const out = to + static_cast<size_t>(y) * width;
    for (int x = 0; x < width; x += 1) out[x] = table[a * cb[from + x] + b * cr[from + x] + 256];
  }
  return range;
}

}  // namespace showroom
