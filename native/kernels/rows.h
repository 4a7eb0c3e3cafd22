#pragma once
// The loops that differ by instruction set. The TypeScript twin (src/native/twin) is the specification:
// whatever the instruction set, the bytes are the same.
#include <cstddef>
#include <cstdint>

namespace showroom {

struct PlaneSums {
  uint64_t sum;
  uint64_t squares;
  uint64_t laplacian;
  uint64_t black;
};

// The widest box blur.
constexpr int kMaxBlur = 3;

// Rows of the plane filters; see filter-rows-inl.h.
struct FilterRows {
  // By radius, 1 and 2.
  void (*blur[2])(const uint8_t* p, int width, uint16_t* to);
  void (*sharpen[2])(const uint8_t* p, const uint16_t* const* rows, int width, int gain, uint8_t* to);
  void (*enlarge_across)(const uint8_t* p, int width, int16_t* out);
  void (*enlarge_down)(const int16_t* const* rows, int width, uint8_t* upper, uint8_t* lower);
  // Means of 2 · radius + 1 adjacent samples or of adjacent rows.
  void (*box_across)(const uint8_t* p, int radius, int width, uint8_t* to);
  void (*box_down)(const uint8_t* const* rows, int radius, int width, uint8_t* to);
  void (*double_row)(const uint8_t* near, const uint8_t* far, int width, uint8_t* to);
};

const FilterRows& scalar_filter_rows();
const FilterRows& avx2_filter_rows();

// The locators that the finder search knows, and their bits in a position of a row.
constexpr unsigned kRingMark = 1, kFinderMark = 2, kLooseMark = 4, kBullseyeMark = 8;
constexpr int kMarkShift = 28;

// The bits of an image by columns, at a row of it. There is one more word before the first and behind the last column.
struct ColumnsAt {
  const uint32_t* words;  // of the row, of column 0
  int stride;             // words a column
  int bit;                // of the row in its word
  int above, below;       // pixels of a column up to the edges of the image, the row's own counted in both
};

// Positions in every second column of a row that may be the middle of a tiny finder; see tiny-finders.cc.
struct CoreRow {
  const uint32_t* sums;  // of the area left of and above the first position
  int stride;
  int r3, r5, r7;        // half the sides of the middle, with the ring around it, and of the whole
  int core, gap, outer;  // pixels of the middle and of either ring
  // Minimum difference between the sums of the middle and of the outer ring and that of the ring between them, each
  // times the pixels of the other.
  int least_core, least_outer;
};

struct RowKernels {
  const char* variant;
  // dst = min(255, (src·o+128 >> 8) + div255(dst · (255 − (alpha·o+128 >> 8)))); alpha 0 leaves dst.
  void (*blend_row)(uint8_t* dst, const uint8_t* src, const uint8_t* alpha, int n, int opacity);
  uint64_t (*count_differences)(const uint8_t* a, const uint8_t* b, size_t n);
  // Two rows of RGBA at a time; see twin/rgba-to-yuva.ts. Returns the number of pixels that are not opaque.
  uint64_t (*rgba_to_yuva)(const uint8_t* rgba, int width, int height, int shift_x, int shift_y, uint8_t* out,
                           int out_w, int out_h);
  void (*i420_to_rgba)(const uint8_t* frame, int width, int height, uint8_t* out);
  // Rectangle [x0,x1)×[y0,y1), not empty.
  PlaneSums (*plane_sums)(const uint8_t* plane, int stride, int x0, int y0, int x1, int y1);
  // Middles (min + max) and ranges of the 8×8 blocks of rows y0..y0+7; w ≥ 8.
  void (*block_row)(const uint8_t* at, int stride, int w, int32_t* middles, int32_t* ranges);
  // One bit per pixel (1 dark: p ≤ threshold of its block), 32 a word; bits past w are 0.
  void (*binarize_row)(const uint8_t* at, int w, const uint8_t* thresholds, uint32_t* words);
  // Rounded means of 2×2 pixels for one row of w/2.
  void (*halve_row)(const uint8_t* upper, const uint8_t* lower, int half_w, uint8_t* to);
  // A transposed square of bits, `n` ≤ 32 words `stride` apart: word x gets bit x of each. Rows from `n` on are 0.
  void (*transpose_bits)(const uint32_t* rows, int stride, int n, uint32_t* columns, int column_stride);
  // Of the edges 0 to `n` of a row of bits: each i ≤ n − 5 at which the five runs from it on, and those of the column
  // in their middle, may be a locator, ascending, possibly with others; the kinds are `kMarkShift` bits up. May read 16
  // integers beyond either end.
  int (*match_runs)(const int32_t* edges, int n, const ColumnsAt& columns, int32_t* places);
  // The same for the seven even runs of a bull's eye and the eight of the start of a PDF417: each i < n − 7, possibly
  // with others.
  int (*match_outlines)(const int32_t* edges, int n, int32_t* places);
  // Alternations along every second row and column of a tile of at most 32×32 pixels, in 4×4 cells of 8 px; each
  // across, plus 65,536 times those down. See twin/count-turns.ts. Cells outside the tile are not written or 0.
  void (*count_turns)(const uint8_t* at, int stride, int w, int h, int swing, int32_t* cells);
  // The `n` positions of a row whose middle and outer ring differ enough from the ring between them. May read 32
  // integers beyond the last.
  int (*match_cores)(const CoreRow& row, int n, int32_t* places);
  const FilterRows* filters;
};

const RowKernels& scalar_rows();
// Null where this processor or this build has no AVX2.
const RowKernels* avx2_rows();
// "" selects the best one; null when `variant` does not run here.
const RowKernels* rows_for(const char* variant);

}  // namespace showroom
