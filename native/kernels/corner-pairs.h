#pragma once
#include <cstdint>
#include <vector>

#include "kernels/binary-image.h"
#include "kernels/outline-list.h"
#include "kernels/straight-edges.h"

namespace showroom {

// The image that another was halved from, and the position of its corner in the other one, in its own pixels.
struct FinerImage {
  const BinaryImage* image = nullptr;
  int x = 0, y = 0;
};

// The corners of Data Matrix codes; see src/native/twin/straight-edges.ts.
class CornerPairs {
 public:
  // Adds the corners formed by vertical and horizontal edges in an image, `level` times halved from its plane.
  void run(OutlineList* marks, const StraightEdges& down, const StraightEdges& across, const BinaryImage& image, int level,
           bool lax, const FinerImage& finer);

 private:
  void pair(int v, int i);
  int alternations(int x, int y, int ux, int uy, int wx, int wy, int least) const;
  bool is_solid(double x, double y, int ux, int uy, double in_x, double in_y, int inside) const;

  std::vector<int32_t> heads_;
  int32_t nexts_[StraightEdges::kMaxCount * 2];
  OutlineList* marks_ = nullptr;
  const StraightEdges::Straight* down_ = nullptr;
  const StraightEdges::Straight* across_ = nullptr;
  const BinaryImage* image_ = nullptr;
  FinerImage finer_;
  int level_ = 0;
  bool lax_ = false;
};

}  // namespace showroom
