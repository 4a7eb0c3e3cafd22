#include "kernels/binary-image.h"

#include <algorithm>

// The twin (src/native/twin/binarize.ts) computes it differently. Here 5×5 sums come from running column sums, pixels
// are bits, and the bits are stored by columns as well, so that vertical walks are as cheap as horizontal ones.
namespace showroom {
namespace {

void threshold_blocks(int bw, int bh, int flat_range, BinaryImage* image) {
  int32_t* const weighted = image->column_weighted.data();
  int32_t* const weights = image->column_weight.data();
  std::fill(weighted, weighted + bw, 0);
  std::fill(weights, weights + bw, 0);
  const auto add_row = [&](int row, int sign) {
    const int32_t* middles = image->middles.data() + static_cast<size_t>(row) * bw;
    const int32_t* ranges = image->ranges.data() + static_cast<size_t>(row) * bw;
    for (int i = 0; i < bw; i += 1) {
      weighted[i] += sign * middles[i] * ranges[i];
      weights[i] += sign * ranges[i];
    }
  };
  for (int row = 0; row < std::min(2, bh); row += 1) add_row(row, 1);
  int carried = 128;
  for (int by = 0; by < bh; by += 1) {
    if (by + 2 < bh) add_row(by + 2, 1);
    if (by >= 3) add_row(by - 3, -1);
    const int rows = std::min(bh - 1, by + 2) - std::max(0, by - 2) + 1;
    int32_t sum = 0, weight = 0;
    for (int i = 0; i < std::min(2, bw); i += 1) {
      sum += weighted[i];
      weight += weights[i];
    }
    const size_t row = static_cast<size_t>(by) * bw;
    for (int bx = 0; bx < bw; bx += 1) {
      if (bx + 2 < bw) {
        sum += weighted[bx + 2];
        weight += weights[bx + 2];
      }
      if (bx >= 3) {
        sum -= weighted[bx - 3];
        weight -= weights[bx - 3];
      }
      const int count = rows * (std::min(bw - 1, bx + 2) - std::max(0, bx - 2) + 1);
      if (weight >= count * 2) carried = static_cast<int>(static_cast<uint32_t>(sum) / static_cast<uint32_t>(2 * weight));
      const int range = image->ranges[row + bx];
      const bool flat = range < flat_range || range * count * 4 < weight;
      image->thresholds[row + bx] = static_cast<uint8_t>(!flat ? carried : image->middles[row + bx] > 2 * carried ? 0 : 255);
    }
  }
}

}  // namespace

void binarize(const RowKernels& rows, const uint8_t* plane, int stride, int w, int h, int flat_range,
              BinaryImage* image) {
  const int bw = (w + 7) / 8;
  const int bh = (h + 7) / 8;
  const size_t blocks = static_cast<size_t>(bw) * bh;
  image->width = w;
  image->height = h;
  image->stride = (w + 31) / 32;
  grow(&image->words, 2 + static_cast<size_t>(image->stride) * h);
  image->column_stride = (h + 31) / 32;
  grow(&image->columns, 2 + static_cast<size_t>(image->column_stride) * image->stride * 32);
  grow(&image->middles, blocks);
  grow(&image->ranges, blocks);
  grow(&image->thresholds, blocks);
  grow(&image->column_weighted, static_cast<size_t>(bw));
  grow(&image->column_weight, static_cast<size_t>(bw));
  image->grain.assign(static_cast<size_t>(grain_blocks(w)) * grain_blocks(h), 0);
  image->amid_grain.assign(image->grain.size(), 0);
  for (int by = 0; by < bh; by += 1) {
    const uint8_t* at = plane + static_cast<size_t>(std::min(by * 8, h - 8)) * stride;
    const size_t row = static_cast<size_t>(by) * bw;
    rows.block_row(at, stride, w, image->middles.data() + row, image->ranges.data() + row);
  }
  threshold_blocks(bw, bh, flat_range, image);
  for (int y = 0; y < h; y += 1) {
    rows.binarize_row(plane + static_cast<size_t>(y) * stride, w,
                      image->thresholds.data() + static_cast<size_t>(y / 8) * bw,
                      image->words.data() + 1 + static_cast<size_t>(y) * image->stride);
  }
  for (int y = 0; y < h; y += 32) {
    for (int i = 0; i < image->stride; i += 1) {
      rows.transpose_bits(image->words.data() + 1 + static_cast<size_t>(y) * image->stride + i, image->stride,
                          std::min(32, h - y),
                          image->columns.data() + 1 + static_cast<size_t>(i) * 32 * image->column_stride + y / 32,
                          image->column_stride);
    }
  }
}

}  // namespace showroom
