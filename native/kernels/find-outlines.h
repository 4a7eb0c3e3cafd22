#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "kernels/binary-image.h"
#include "kernels/rows.h"
#include "kernels/straight-edges.h"

namespace showroom {

// The image that another was halved from, and where its corner stands in the other one, counted in its own pixels.
struct FinerImage {
  const BinaryImage* image = nullptr;
  int x = 0, y = 0;
};

// Marks of codes without QR finders; src/native/twin/find-outlines.ts says which, and why.
class OutlineSearch {
 public:
  // Integers a mark: kind, x, y, width, height.
  static constexpr int kStride = 5;

  // (x, y) is where the image, `level` times halved, stands in its plane. Adds to what is in `out`.
  // `lax`: also those that are less sure.
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
  // Counts a start met between two places of a line.
  void count_start(int from, int to, int direction, int line, bool turned);
  void pair_corners(int height);
  void pair(int v, int i);
  int alternations(int x, int y, int ux, int uy, int wx, int wy, int least) const;
  bool is_solid(double x, double y, int ux, int uy, double in_x, double in_y, int inside) const;
  void add(int kind, int x, int y, int w, int h);

  StraightEdges down_, across_;
  std::vector<int32_t> edges_, places_, heads_;
  int32_t nexts_[StraightEdges::kMost * 2];
  Start starts_[kStarts];
  int start_count_ = 0;
  bool full_ = false;
  bool lax_ = false;
  int32_t* out_ = nullptr;
  size_t out_length_ = 0;
  const BinaryImage* image_ = nullptr;
  FinerImage finer_;
  int level_ = 0, x_ = 0, y_ = 0;
  int ahead_ = 0, behind_ = 0;
};

}  // namespace showroom
