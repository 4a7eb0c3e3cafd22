#include "kernels/find-outlines.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "kernels/outline-runs.h"

namespace showroom {
namespace {

constexpr int kCorner = 0, kBullseye = 1, kStart = 2;
constexpr int kGap = 6;
constexpr int kLeastLeg[] = {32, 20};
constexpr int kUsualAspect = 5, kMostAspect = 20, kLongTurns = 5;
constexpr int kSideTurns = 4, kSideFrom = -2, kSideTo = 10;
constexpr double kSolidDepth = 0.4, kSolidFrom = 0.75, kSolidTo = 2;
constexpr int kInsidePercent = 40;
constexpr int kBucketShift = 3;
constexpr int kPatternLeast = 24;
constexpr int kPatternLines[] = {4, 3};
constexpr int kPatternGap = 3 * StraightEdges::kLineStep;
// Room for whole vectors beyond the edges of a line.
constexpr size_t kEdgeMargin = 16;

#if defined(_MSC_VER) && !defined(__clang__)
#include <intrin.h>
inline int lowest(uint32_t v) { unsigned long i; _BitScanForward(&i, v); return static_cast<int>(i); }
#else
inline int lowest(uint32_t v) { return __builtin_ctz(v); }
#endif

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
      edges[n++] = i * 32 + lowest(changes);
      changes &= changes - 1;
    }
  }
  return n;
}

}  // namespace

void OutlineSearch::run(const RowKernels& rows, const BinaryImage& image, int level, int x, int y, int32_t* out,
                        size_t out_length, bool lax, const FinerImage& finer) {
  if (out[0] < 0) return;
  lax_ = lax;
  level_ = level;
  image_ = &image;
  finer_ = finer;
  out_ = out;
  out_length_ = out_length;
  x_ = x;
  y_ = y;
  full_ = false;
  const size_t longest = static_cast<size_t>(std::max(image.width, image.height));
  grow(&edges_, longest + 1 + kEdgeMargin);
  grow(&places_, longest + 1);
  walk(rows, image, false);
  walk(rows, image, true);
  pair_corners(image.height);
  if (full_ || down_.full() || across_.full()) out[0] = -1;
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
  if (high == 0 || 5 * high > 8 * t || 5 * t > 8 * high) return;
  const int middle = y + ((ahead_ - behind_) >> 1);
  const int wide = measure_rings(image, x, middle, 1, 0);
  if (wide == 0 || 5 * high > 8 * wide || 5 * wide > 8 * high) return;
  const int centre = x + ((ahead_ - behind_) >> 1);
  for (int dy = -1; dy <= 1; dy += 2) {
    const int steps = measure_rings(image, centre, middle, 1, dy);
    if (20 * steps < 9 * high || 20 * steps > 24 * high) return;
  }
  if (stands_in_grain(image, centre, middle, wide)) return;
  add(kBullseye, centre - (wide >> 1), middle - (high >> 1), wide, high);
}

int OutlineSearch::measure_rings(const BinaryImage& image, int x, int y, int dx, int dy) {
  int rings[8];
  for (int side = 0; side < 2; side += 1) {
    const int sx = side == 0 ? dx : -dx;
    const int sy = side == 0 ? dy : -dy;
    int colour = image.at(x, y);
    int steps = 1;
    for (int ring = 0; ring < 4; ring += 1) {
      const int from = steps;
      for (;;) {
        const int u = x + steps * sx;
        const int v = y + steps * sy;
        if (u < 0 || v < 0 || u >= image.width || v >= image.height) return 0;
        if (image.at(u, v) != colour) break;
        steps += 1;
      }
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
    if (turned) add(kStart, first, from, line - first, to - from);
    else add(kStart, from, first, to - from, line - first);
    return;
  }
  if (free < 0) {
    if (start_count_ == kStarts) {
      full_ = true;
      return;
    }
    free = start_count_++;
  }
  starts_[free] = {place, line, 1, direction};
}

void OutlineSearch::pair_corners(int height) {
  const int buckets = (height >> kBucketShift) + 2;
  grow(&heads_, static_cast<size_t>(buckets));
  std::fill(heads_.begin(), heads_.begin() + buckets, -1);
  for (int i = 0; i < across_.count() * 2; i += 1) {
    const int row = across_.items()[i >> 1].place[i & 1];
    nexts_[i] = heads_[row >> kBucketShift];
    heads_[row >> kBucketShift] = i;
  }
  for (int v = 0; v < down_.count() * 2; v += 1) {
    const int y = down_.items()[v >> 1].line[v & 1];
    const int last = std::min(buckets - 1, (y + kGap) >> kBucketShift);
    for (int bucket = std::max(0, y - kGap) >> kBucketShift; bucket <= last; bucket += 1) {
      for (int i = heads_[bucket]; i >= 0; i = nexts_[i]) pair(v, i);
    }
  }
}

void OutlineSearch::pair(int v, int i) {
  const StraightEdges::Straight& a = down_.items()[v >> 1];
  const StraightEdges::Straight& b = across_.items()[i >> 1];
  const int end = v & 1;
  const int start = i & 1;
  const int x = a.place[end];
  const int y = a.line[end];
  const int ax = b.line[start];
  const int ay = b.place[start];
  if (std::abs(ax - x) > kGap || std::abs(ay - y) > kGap) return;
  const int inside = start == 0 ? a.dark : 1 - a.dark;
  if (inside != (end == 0 ? b.dark : 1 - b.dark)) return;
  const int ux = a.place[1 - end] - x;
  const int uy = a.line[1 - end] - y;
  const int wx = b.line[1 - start] - ax;
  const int wy = b.place[1 - start] - ay;
  const double u = double{1} * ux * ux + double{1} * uy * uy;
  const double w = double{1} * wx * wx + double{1} * wy * wy;
  const double dot = double{1} * ux * wx + double{1} * uy * wy;
  if (5 * dot * dot > u * w || std::max(u, w) < ((kLeastLeg[lax_] * kLeastLeg[lax_]) >> (2 * level_))) return;
  if (std::max(u, w) > kMostAspect * kMostAspect * std::min(u, w)) return;
  int along_u = kSideTurns;
  int along_w = kSideTurns;
  if (std::max(u, w) > kUsualAspect * kUsualAspect * std::min(u, w)) {
    (u > w ? along_u : along_w) = static_cast<int>(kLongTurns * std::sqrt(std::max(u, w) / std::min(u, w)));
  }
  const int turns_u = alternations(ax + wx, ay + wy, ux, uy, wx, wy, along_u);
  if (turns_u < along_u) return;
  const int turns_w = alternations(x + ux, y + uy, wx, wy, ux, uy, along_w);
  if (turns_w < along_w) return;
  if (!lax_) {
    const double module = std::min(std::sqrt(u) / (turns_u + 1), std::sqrt(w) / (turns_w + 1));
    const double depth = std::min(kSolidTo, std::max(kSolidFrom, kSolidDepth * module));
    if (!is_solid(x, y + 0.5, ux, uy, depth * wx / std::sqrt(w), depth * wy / std::sqrt(w), inside)) return;
    if (!is_solid(ax + 0.5, ay, wx, wy, depth * ux / std::sqrt(u), depth * uy / std::sqrt(u), inside)) return;
  }
  const int left = std::min({x, x + ux, ax + wx, ax + wx + ux});
  const int right = std::max({x, x + ux, ax + wx, ax + wx + ux});
  const int top = std::min({y, y + uy, ay + wy, ay + wy + uy});
  const int bottom = std::max({y, y + uy, ay + wy, ay + wy + uy});
  const int fourth_x = (right - left) >> 2;
  const int fourth_y = (bottom - top) >> 2;
  const int x0 = left + fourth_x;
  const int y0 = top + fourth_y;
  const int x1 = right - fourth_x;
  const int y1 = bottom - fourth_y;
  if (!lax_ && is_grain(*image_, x0, y0, x1, y1, kInsidePercent)) return;
  if (finer_.image != nullptr) {
    const int fx = finer_.x;
    const int fy = finer_.y;
    if (is_grain(*finer_.image, 2 * x0 - fx, 2 * y0 - fy, 2 * x1 - fx, 2 * y1 - fy)) return;
  }
  add(kCorner, left, top, right - left, bottom - top);
}

int OutlineSearch::alternations(int x, int y, int ux, int uy, int wx, int wy, int least) const {
  const int n = std::max(std::abs(ux), std::abs(uy));
  const int step_x = ux * 65536 / n;
  const int step_y = uy * 65536 / n;
  for (int i = kSideFrom; i <= kSideTo; i += 1) {
    int px = (64 * x - wx * i) * 1024;
    int py = (64 * y - wy * i) * 1024;
    int before = -1;
    int turns = -1;
    for (int s = 0; s <= n; s += 1, px += step_x, py += step_y) {
      const int u = px >> 16;
      const int v = py >> 16;
      if (u < 0 || v < 0 || u >= image_->width || v >= image_->height) continue;
      const int bit = image_->at(u, v);
      if (bit == before) continue;
      before = bit;
      turns += 1;
    }
    if (turns >= least) return turns;
  }
  return 0;
}

bool OutlineSearch::is_solid(double x, double y, int ux, int uy, double in_x, double in_y, int inside) const {
  const int n = std::max(std::abs(ux), std::abs(uy));
  const int end = n >> 3;
  int all = 0;
  int right = 0;
  for (int s = end; s <= n - end; s += 1) {
    const int u = static_cast<int>(std::floor(x + in_x + static_cast<double>(ux) * s / n));
    const int v = static_cast<int>(std::floor(y + in_y + static_cast<double>(uy) * s / n));
    if (u < 0 || v < 0 || u >= image_->width || v >= image_->height) continue;
    all += 1;
    right += image_->at(u, v) == inside;
  }
  return 8 * right >= 7 * all;
}

void OutlineSearch::add(int kind, int x, int y, int width, int height) {
  const int left = (x << level_) + x_;
  const int top = (y << level_) + y_;
  const int w = width << level_;
  const int h = height << level_;
  int count = out_[0];
  for (int i = 0; i < count;) {
    int32_t* const o = out_ + 1 + static_cast<size_t>(i) * kStride;
    if (o[0] != kind) {
      i += 1;
      continue;
    }
    if (o[1] <= left && o[2] <= top && o[1] + o[3] >= left + w && o[2] + o[4] >= top + h) return;
    if (o[1] < left || o[2] < top || o[1] + o[3] > left + w || o[2] + o[4] > top + h) {
      i += 1;
      continue;
    }
    count -= 1;
    const int32_t* const last = out_ + 1 + static_cast<size_t>(count) * kStride;
    std::copy(last, last + kStride, o);
  }
  if (1 + static_cast<size_t>(count + 1) * kStride > out_length_) {
    full_ = true;
    out_[0] = count;
    return;
  }
  int32_t* const to = out_ + 1 + static_cast<size_t>(count) * kStride;
  to[0] = kind;
  to[1] = left;
  to[2] = top;
  to[3] = w;
  to[4] = h;
  out_[0] = count + 1;
}

}  // namespace showroom
