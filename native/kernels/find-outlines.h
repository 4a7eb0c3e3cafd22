#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "kernels/binary-image.h"
#include "kernels/corner-pairs.h"
#include "kernels/outline-list.h"
#include "kernels/rows.h"
#include "kernels/straight-edges.h"

namespace showroom {

// Locators of codes without QR finders; see src/native/twin/find-outlines.ts.
class OutlineSearch {
 public:
  // (x, y) is the position of the image, `level` times halved, in its plane. Adds to `out`. `lax`: with relaxed
  // thresholds.
  void run(const RowKernels& rows, const BinaryImage& image, int level, int x, int y, int32_t* out, size_t out_length,
           bool lax = false, const FinerImage& finer = {});

 private:
  static constexpr int kStarts = 128;
  struct Start {
    int place, line, lines, direction;
  };

  void walk(const RowKernels& rows, const BinaryImage& image, bool turned);
  void confirm_bullseye(const BinaryImage& image, int i, int y);
  int measure_rings(const BinaryImage& image, int x, int y, int dx, int dy);
  void look_for_start(int i, int line, bool turned);
  // Counts a start found between two positions of a line.
  void count_start(int from, int to, int direction, int line, bool turned);

  StraightEdges down_, across_;
  CornerPairs corners_;
  OutlineList marks_;
  std::vector<int32_t> edges_, places_;
  Start starts_[kStarts];
  int start_count_ = 0;
  bool too_many_starts_ = false;
  bool lax_ = false;
  const BinaryImage* image_ = nullptr;
  int ahead_ = 0, behind_ = 0;
};

}  // namespace showroom
