#include "kernels/finder-lines.h"

#include <algorithm>

#include "kernels/finder-runs.h"

namespace showroom {
namespace {

#if defined(_MSC_VER) && !defined(__clang__)
#include <intrin.h>
inline int lowest(uint32_t v) { unsigned long i; _BitScanForward(&i, v); return static_cast<int>(i); }
inline int highest(uint32_t v) { unsigned long i; _BitScanReverse(&i, v); return static_cast<int>(i); }
#else
inline int lowest(uint32_t v) { return __builtin_ctz(v); }
inline int highest(uint32_t v) { return 31 - __builtin_clz(v); }
#endif

// A line through (x, y). Along rows and columns it steps over words of bits, along diagonals over bits. Limits keep the
// steps inside the picture.
class Walk {
 public:
  Walk(const BinaryImage& image, int x, int y, int dx, int dy) : image_(image), x_(x), y_(y), dx_(dx), dy_(dy) {
    if (dy == 0) bits_ = image.row(y), at_ = x;
    else if (dx == 0) bits_ = image.column(x), at_ = y;
  }

  // The first step from `k` on, or `limit` + 1, whose pixel is not of this colour.
  int ahead(int k, int limit, int colour) const {
    if (bits_ == nullptr) {
      while (k <= limit && image_.at(x_ + k * dx_, y_ + k * dy_) == colour) k += 1;
      return k;
    }
    const uint32_t same = colour != 0 ? ~0u : 0u;
    while (k <= limit) {
      const int p = at_ + k;
      const uint32_t others = (bits_[p >> 5] ^ same) >> (p & 31);
      if (others != 0) return std::min(k + lowest(others), limit + 1);
      k += 32 - (p & 31);
    }
    return limit + 1;
  }

  // The same the other way.
  int behind(int k, int limit, int colour) const {
    if (bits_ == nullptr) {
      while (k <= limit && image_.at(x_ - k * dx_, y_ - k * dy_) == colour) k += 1;
      return k;
    }
    const uint32_t same = colour != 0 ? ~0u : 0u;
    while (k <= limit) {
      const int p = at_ - k;
      const uint32_t others = (bits_[p >> 5] ^ same) << (31 - (p & 31));
      if (others != 0) return std::min(k + 31 - highest(others), limit + 1);
      k += (p & 31) + 1;
    }
    return limit + 1;
  }

 private:
  const BinaryImage& image_;
  const uint32_t* bits_ = nullptr;
  int at_ = 0;
  int x_, y_, dx_, dy_;
};

}  // namespace

int core_height(const BinaryImage& image, int x, int y, int colour) {
  const uint32_t* const column = image.column(x);
  const uint32_t same = colour != 0 ? ~0u : 0u;
  int below = y;
  for (int word = y >> 5; word < image.column_stride; word += 1) {
    const uint32_t others = (column[word] ^ same) & (word == y >> 5 ? ~0u << (y & 31) : ~0u);
    below = word * 32 + 32;
    if (others == 0) continue;
    below = word * 32 + lowest(others);
    break;
  }
  int above = -1;
  for (int word = y >> 5; word >= 0; word -= 1) {
    const uint32_t others = (column[word] ^ same) & (word == y >> 5 ? ~0u >> (31 - (y & 31)) : ~0u);
    if (others == 0) continue;
    above = word * 32 + highest(others);
    break;
  }
  return below - above - 1;
}

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
  const Walk walk(image, x, y, dx, dy);
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
  const Walk walk(image, x, y, dx, dy);
  for (int side = 0; side < 2; side += 1) {
    const int sx = side == 0 ? dx : -dx;
    const int sy = side == 0 ? dy : -dy;
    const int to_side = sx == 0 ? limit : sx > 0 ? image.width - 1 - x : x;
    const int to_end = sy == 0 ? limit : sy > 0 ? image.height - 1 - y : y;
    const int most = std::min(std::min(to_side, to_end), limit);
    int k = 1;
    for (int run = 0; run < 6; run += 1) {
      const int expected = (run & 1) == 0 ? colour : colour ^ 1;
      k = side == 0 ? walk.ahead(k, most, expected) : walk.behind(k, most, expected);
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
