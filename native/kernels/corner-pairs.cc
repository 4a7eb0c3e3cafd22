#include "kernels/corner-pairs.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace showroom {
namespace {

constexpr int kGap = 6;
constexpr int kMinLeg[] = {32, 20};
constexpr int kUsualAspect = 5, kMaxAspect = 20, kLongTurns = 5;
constexpr int kSideTurns = 4, kSideFrom = -2, kSideTo = 10;
constexpr double kSolidDepth = 0.4, kSolidFrom = 0.75, kSolidTo = 2;
constexpr int kInsidePercent = 40;
constexpr int kBucketShift = 3;

}  // namespace

void CornerPairs::run(OutlineList* marks, const StraightEdges& down, const StraightEdges& across, const BinaryImage& image,
                      int level, bool lax, const FinerImage& finer) {
  marks_ = marks;
  down_ = down.items();
  across_ = across.items();
  image_ = &image;
  level_ = level;
  lax_ = lax;
  finer_ = finer;
  const int height = image.height;
  const int buckets = (height >> kBucketShift) + 2;
  grow(&heads_, static_cast<size_t>(buckets));
  std::fill(heads_.begin(), heads_.begin() + buckets, -1);
  for (int i = 0; i < across.count() * 2; i += 1) {
    const int row = across_[i >> 1].place[i & 1];
    nexts_[i] = heads_[row >> kBucketShift];
    heads_[row >> kBucketShift] = i;
  }
  for (int v = 0; v < down.count() * 2; v += 1) {
    const int y = down_[v >> 1].line[v & 1];
    const int last = std::min(buckets - 1, (y + kGap) >> kBucketShift);
    for (int bucket = std::max(0, y - kGap) >> kBucketShift; bucket <= last; bucket += 1) {
      for (int i = heads_[bucket]; i >= 0; i = nexts_[i]) pair(v, i);
    }
  }
}

void CornerPairs::pair(int v, int i) {
  const StraightEdges::Straight& a = down_[v >> 1];
  const StraightEdges::Straight& b = across_[i >> 1];
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
  if (5 * dot * dot > u * w || std::max(u, w) < ((kMinLeg[lax_] * kMinLeg[lax_]) >> (2 * level_))) return;
  if (std::max(u, w) > kMaxAspect * kMaxAspect * std::min(u, w)) return;
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
  marks_->add(OutlineList::kCorner, left, top, right - left, bottom - top);
}

int CornerPairs::alternations(int x, int y, int ux, int uy, int wx, int wy, int least) const {
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

bool CornerPairs::is_solid(double x, double y, int ux, int uy, double in_x, double in_y, int inside) const {
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

}  // namespace showroom
