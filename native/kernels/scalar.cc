#include "kernels/rows-inl.h"

namespace showroom {
namespace {

void blend_row(uint8_t* dst, const uint8_t* src, const uint8_t* alpha, int n, int opacity) {
  body::blend_row(dst, src, alpha, n, opacity);
}
uint64_t count_differences(const uint8_t* a, const uint8_t* b, size_t n) { return body::count_differences(a, b, n); }
uint64_t rgba_to_yuva(const uint8_t* rgba, int w, int h, int sx, int sy, uint8_t* out, int ow, int oh) {
  return body::rgba_to_yuva(rgba, w, h, sx, sy, out, ow, oh);
}
void i420_to_rgba(const uint8_t* frame, int w, int h, uint8_t* out) { body::i420_to_rgba(frame, w, h, out); }
PlaneSums plane_sums(const uint8_t* plane, int stride, int x0, int y0, int x1, int y1) {
  return body::plane_sums(plane, stride, x0, y0, x1, y1);
}
void block_row(const uint8_t* at, int stride, int w, int32_t* middles, int32_t* ranges) {
  body::block_row(at, stride, w, middles, ranges, 0);
}
void binarize_row(const uint8_t* at, int w, const uint8_t* thresholds, uint32_t* words) {
  body::binarize_row(at, w, thresholds, words, 0);
}
void halve_row(const uint8_t* upper, const uint8_t* lower, int half_w, uint8_t* to) {
  body::halve_row(upper, lower, half_w, to);
}
void transpose_bits(const uint32_t* rows, int stride, int n, uint32_t* columns, int column_stride) {
  body::transpose_bits(rows, stride, n, columns, column_stride);
}
int match_runs(const int32_t* edges, int n, const ColumnsAt&, int32_t* places) {
  return body::match_runs(edges, n, places);
}
int match_outlines(const int32_t* edges, int n, int32_t* places) { return body::match_outlines(edges, n, places); }
void count_turns(const uint8_t* at, int stride, int w, int h, int swing, int32_t* cells) {
  body::count_turns(at, stride, w, h, swing, cells);
}

int match_cores(const CoreRow& row, int n, int32_t* places) { return body::match_cores(row, n, places); }

const RowKernels kScalar = {"scalar",     blend_row, count_differences, rgba_to_yuva,   i420_to_rgba, plane_sums,
                            block_row,    binarize_row, halve_row,      transpose_bits, match_runs,   match_outlines,
                            count_turns,  match_cores, nullptr};

}  // namespace

const RowKernels& scalar_rows() {
  static const RowKernels rows = [] {
    RowKernels made = kScalar;
    made.filters = &scalar_filter_rows();
    return made;
  }();
  return rows;
}

}  // namespace showroom
