#include "kernels/finder-lines.h"

#include <algorithm>

#include "kernels/finder-runs.h"
#include "kernels/line-walk.h"

namespace showroom {

bool measure(const BinaryImage& image, int x, int y, int dx, int dy, int colour, int limit, Kind kind, Line* line) {
  if (image.at(x, y) != colour) return false;
  int ahead = limit;
  int behind = limit;
  if (dx != 0) {
    ahead = std::min(ahead, image.width - 1 - x);
    behind = std::min(behind, x);
  }
  if (dy != 0) {
    const int below = image.height - 1 - y;
    ahead = std::min(ahead, dy > 0 ? below : y);
    behind = std::min(behind, dy > 0 ? y : below);
  }
  int core, gap, ring, core_back, gap_back, ring_back;
  const LineWalk walk(image, x, y, dx, dy, ahead, behind);
  core = walk.ahead(1, ahead, colour);
  gap = walk.ahead(core, ahead, colour ^ 1);
  ring = walk.ahead(gap, ahead, colour);
  if (gap == core || ring == gap) return false;
  core_back = walk.behind(1, behind, colour);
  gap_back = walk.behind(core_back, behind, colour ^ 1);
  ring_back = walk.behind(gap_back, behind, colour);
  if (gap_back == core_back || ring_back == gap_back) return false;
  *line = {ring_back - gap_back, gap_back - core_back, core + core_back - 1, gap - core, ring - gap, 1 - core_back, core - 1};
  switch (kind) {
    case Kind::finder: return is_finder_runs(line->a, line->b, line->c, line->d, line->e);
    case Kind::ring: return is_ring_runs(line->a, line->b, line->c, line->d, line->e);
    case Kind::loose: return is_loose_runs(line->a, line->b, line->c, line->d, line->e);
    case Kind::loose_diagonal: return is_loose_inside(line->b, line->c, line->d);
  }
  return false;
}

int measure_bullseye(const BinaryImage& image, int x, int y, int dx, int dy, int colour, int limit, Line* line) {
  if (image.at(x, y) != colour) return 0;
  int ends[12];
  int most[2];
  for (int side = 0; side < 2; side += 1) {
    const int sx = side == 0 ? dx : -dx;
    const int sy = side == 0 ? dy : -dy;
    const int to_side = sx == 0 ? limit : sx > 0 ? image.width - 1 - x : x;
    const int to_end = sy == 0 ? limit : sy > 0 ? image.height - 1 - y : y;
    most[side] = std::min(std::min(to_side, to_end), limit);
  }
  const LineWalk walk(image, x, y, dx, dy, most[0], most[1]);
  for (int side = 0; side < 2; side += 1) {
    int k = 1;
    for (int run = 0; run < 6; run += 1) {
      const int expected = (run & 1) == 0 ? colour : colour ^ 1;
      k = side == 0 ? walk.ahead(k, most[0], expected) : walk.behind(k, most[1], expected);
      ends[side * 6 + run] = k;
    }
  }
  const int total = ends[4] + ends[10] - 1;
  for (int side = 0; side < 12; side += 6) {
    for (int run = 1; run < 5; run += 1) {
      if (!is_bullseye_run(ends[side + run] - ends[side + run - 1], total, false)) return 0;
    }
    if (20 * (ends[side + 5] - ends[side + 4]) < total - 15) return 0;
  }
  if (!is_bullseye_core(ends[0] + ends[6] - 1, ends[1] + ends[7] - 1)) return 0;
  if (total < 8 || !is_bullseye_run(ends[0] + ends[6] - 1, total, true)) return 0;
  line->first = 1 - ends[6];
  line->last = ends[0] - 1;
  return total;
}

}  // namespace showroom
