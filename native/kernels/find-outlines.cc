#include "kernels/find-outlines.h"

#include <algorithm>
#include <cstdlib>

#include "kernels/line-walk.h"
#include "kernels/outline-runs.h"
#include "kernels/stretch.h"

namespace showroom {
namespace {

constexpr int kPatternLeast = 24;
constexpr int kPatternLines[] = {4, 3};
constexpr int kPatternGap = 3 * StraightEdges::kLineStep;
// Room for whole vectors beyond the edges of a line.
constexpr size_t kEdgeMargin = 16;

// The edges of a line of bits; returns their number.
int edges_of(const uint32_t* words, int length, int32_t* edges) {
  int n = 0;
  uint32_t before = words[0] & 1;  // no edge at pixel 0
  const int last = (length - 1) >> 5;
  for (int i = 0; i <= last; i += 1) {
    uint32_t changes = words[i] ^ ((words[i] << 1) | before);
    before = words[i] >> 31;
    if (i == last && (length & 31) != 0) changes &= (1u << (length & 31)) - 1;
    while (changes != 0) {
      edges[n++] = i * 32 + zeros_below(changes);
      changes &= changes - 1;
    }
  }
  return n;
}

}  // namespace

void OutlineSearch::run(const RowKernels& rows, const BinaryImage& image, int level, int x, int y, int32_t* out,
                        size_t out_length, bool lax, const FinerImage& finer) {
  if (out[0] < 0) return;
  marks_.begin(out, out_length, level, x, y);
  lax_ = lax;
  image_ = &image;
  too_many_starts_ = false;
  const size_t longest = static_cast<size_t>(std::max(image.width, image.height));
  grow(&edges_, longest + 1 + kEdgeMargin);
  grow(&places_, longest + 1);
  walk(rows, image, false);
  walk(rows, image, true);
  corners_.run(&marks_, down_, across_, image, level, lax, finer);
  if (too_many_starts_ || marks_.full() || down_.full() || across_.full()) out[0] = -1;
}

void OutlineSearch::walk(const RowKernels& rows, const BinaryImage& image, bool turned) {
  StraightEdges& straight = turned ? across_ : down_;
  const int lines = turned ? image.width : image.height;
  const int length = turned ? image.height : image.width;
  straight.begin(image, turned);
  start_count_ = 0;
  int line = 0;
  for (; line < lines; line += StraightEdges::kLineStep) {
    const uint32_t* const words = turned ? image.column(line) : image.row(line);
    const int n = edges_of(words, length, edges_.data());
    straight.take(line, edges_.data(), n, static_cast<int>(words[0] & 1) ^ 1);
    if (lax_) {
      for (int i = 0; i + kRuns < n; i += 1) {
        if (!turned && is_even(edges_.data() + i, true)) confirm_bullseye(image, i, line);
        const int direction = narrow_start(edges_.data(), i, n);
        if (direction >= 0) count_start(edges_[i], edges_[i + kRuns], direction, line, turned);
      }
      continue;
    }
    const int places = rows.match_outlines(edges_.data(), n, places_.data());
    for (int k = 0; k < places; k += 1) {
      const int i = places_[k];
      if (!turned && is_even(edges_.data() + i, false)) confirm_bullseye(image, i, line);
      if (i + kPatternRuns < n) look_for_start(i, line, turned);
    }
  }
  straight.end(line);
}

void OutlineSearch::confirm_bullseye(const BinaryImage& image, int i, int y) {
  const int32_t* const edges = edges_.data() + i;
  const int t = edges[kRuns] - edges[0];
  const int x = (edges[3] + edges[4]) >> 1;
  if (is_amid_grain(image, x, y)) return;
  const int high = measure_rings(image, x, y, 0, 1);
  if (high == 0 || !are_alike(high, t)) return;
  const int middle = y + ((ahead_ - behind_) >> 1);
  const int wide = measure_rings(image, x, middle, 1, 0);
  if (wide == 0 || !are_alike(high, wide)) return;
  const int centre = x + ((ahead_ - behind_) >> 1);
  for (int dy = -1; dy <= 1; dy += 2) {
    const int steps = measure_rings(image, centre, middle, 1, dy);
    if (40 * steps < 9 * (high + wide) || 40 * steps > 26 * (high + wide)) return;
  }
  if (stands_in_grain(image, centre, middle, wide)) return;
  marks_.add(OutlineList::kBullseye, centre - (wide >> 1), middle - (high >> 1), wide, high);
}

int OutlineSearch::measure_rings(const BinaryImage& image, int x, int y, int dx, int dy) {
  const int down = dy > 0 ? image.height - 1 - y : y;
  const int up = dy > 0 ? y : image.height - 1 - y;
  const int to_edge[2] = {std::min(dx == 0 ? image.width : image.width - 1 - x, dy == 0 ? image.height : down),
                          std::min(dx == 0 ? image.width : x, dy == 0 ? image.height : up)};
  const LineWalk walk(image, x, y, dx, dy, to_edge[0], to_edge[1]);
  int rings[8];
  for (int side = 0; side < 2; side += 1) {
    int colour = image.at(x, y);
    int steps = 1;
    for (int ring = 0; ring < 4; ring += 1) {
      const int from = steps;
      steps = side == 0 ? walk.ahead(from, to_edge[0], colour) : walk.behind(from, to_edge[1], colour);
      if (steps > to_edge[side]) return 0;
      rings[side * 4 + ring] = steps - from;
      colour ^= 1;
    }
    (side == 0 ? ahead_ : behind_) = steps;
  }
  const int t = ahead_ + behind_ - 1;
  for (int ring = 0; ring < 8; ring += 1) {
    if (ring == 4) continue;
    const int run = ring == 0 ? rings[0] + rings[4] + 1 : rings[ring];
    if (10 * std::abs(kRuns * run - t) > even_tolerance(t, lax_)) return 0;
  }
  return t;
}

inline void OutlineSearch::look_for_start(int i, int line, bool turned) {
  const int32_t* const edges = edges_.data() + i;
  const int t = edges[kPatternRuns] - edges[0];
  if (t < kPatternLeast) return;
  const int direction = is_start(edges, t, false) ? 0 : is_start(edges, t, true) ? 1 : -1;
  if (direction >= 0) count_start(edges[0], edges[kPatternRuns], direction, line, turned);
}

void OutlineSearch::count_start(int from, int to, int direction, int line, bool turned) {
  const int place = (from + to) >> 1;
  int free = -1;
  for (int s = 0; s < start_count_; s += 1) {
    Start& start = starts_[s];
    if (line - start.line > kPatternGap) {
      free = s;
      continue;
    }
    if (start.direction != direction || std::abs(start.place - place) > 4) continue;
    start.place = place;
    start.line = line;
    start.lines += 1;
    if (start.lines != kPatternLines[lax_]) return;
    const int first = line - (kPatternLines[lax_] - 1) * StraightEdges::kLineStep;
    if (stands_in_grain(*image_, turned ? first : place, turned ? place : first, 0)) return;
    if (turned) marks_.add(OutlineList::kStart, first, from, line - first, to - from);
    else marks_.add(OutlineList::kStart, from, first, to - from, line - first);
    return;
  }
  if (free < 0) {
    if (start_count_ == kStarts) {
      too_many_starts_ = true;
      return;
    }
    free = start_count_++;
  }
  starts_[free] = {place, line, 1, direction};
}

}  // namespace showroom
