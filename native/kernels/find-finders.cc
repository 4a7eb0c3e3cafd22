#include "kernels/find-finders.h"

#include <algorithm>
#include <cstdlib>

// The TypeScript twin (src/native/twin/binarize.ts, finder-walk.ts, find-finders.ts) explains the method.
// What differs here is how it is computed: 5×5 sums from running column sums, one bit a pixel, runs from the
// bit positions of word ^ (word shifted by one pixel).
namespace showroom {
namespace {

constexpr int kLevels = 3;
constexpr int kMinSide = 8;
constexpr int kFlatRange[kLevels] = {12, 8, 6};

struct Line {
  int a, b, c, d, e;
  int first, last;  // the core's first and last step from the start
  int total() const { return a + b + c + d + e; }
  int inner() const { return b + c + d; }
};

inline bool is_finder_runs(int a, int b, int c, int d, int e) {
  const int t = a + b + c + d + e;
  if (t < 7) return false;
  const int low = t - 7;
  const int high = 17 * t + 35;
  if (14 * a < low || 14 * b < low || 14 * d < low || 14 * e < low) return false;
  if (70 * a > high || 70 * b > high || 70 * d > high || 70 * e > high) return false;
  if (a > 2 * e + 1 || e > 2 * a + 1 || b > 2 * d + 1 || d > 2 * b + 1) return false;
  return 10 * c >= 3 * t - 5 && 14 * c <= 8 * t + 7;
}

// The ring marker of a round code: ring, gap, dot, gap, ring as 1:1.5:1.05:1.5:1.
inline bool is_ring_runs(int a, int b, int c, int d, int e) {
  const int t = a + b + c + d + e;
  if (t < 6) return false;
  const int thin = 26 * t + 60;
  if (11 * a < t - 6 || 11 * e < t - 6 || 100 * a > thin || 100 * e > thin) return false;
  const int wide = 36 * t + 50;
  const int narrow = 16 * t - 50;
  if (100 * b < narrow || 100 * d < narrow || 100 * b > wide || 100 * d > wide) return false;
  if (a > 2 * e + 1 || e > 2 * a + 1 || 2 * b > 3 * d + 2 || 2 * d > 3 * b + 2) return false;
  return 100 * c >= 8 * t - 50 && 100 * c <= 29 * t + 50;
}

inline bool is_loose_inside(int b, int c, int d) {
  const int s = b + c + d;
  const int high = 17 * s + 25;
  if (10 * b < s - 5 || 10 * d < s - 5 || 50 * b > high || 50 * d > high) return false;
  if (b > 2 * d + 1 || d > 2 * b + 1) return false;
  return 50 * c >= 21 * s - 25 && 10 * c <= 8 * s + 5;
}

// A finder of which one outer ring runs on into what is dark around it: a code without quiet zone.
inline bool is_loose_runs(int a, int b, int c, int d, int e) {
  const int s = b + c + d;
  if (s < 5 || 10 * a < s - 5 || 10 * e < s - 5) return false;
  const int high = 17 * s + 25;
  if (50 * a > high && 50 * e > high) return false;
  return is_loose_inside(b, c, d);
}

// A run of the bull's eye of a MaxiCode in a width of t, which is 10 of its units.
inline bool is_bullseye_run(int run, int t, bool core) {
  if (core) return 50 * run >= 7 * t - 50 && 50 * run <= 13 * t + 50;
  return 20 * run >= t - 15 && 20 * run <= 3 * t + 15;
}

// The middle is wider than the rings beside it; `three` is it and both.
inline bool is_bullseye_core(int core, int three) { return 3 * core > three; }

// Eleven runs around run i + 2.
inline bool is_bullseye_row(const int32_t* edges, int i) {
  const int t = edges[i + 7] - edges[i - 2];
  if (t < 12) return false;
  for (int k = i - 2; k < i + 7; k += 1) {
    if (!is_bullseye_run(edges[k + 1] - edges[k], t, k == i + 2)) return false;
  }
  if (!is_bullseye_core(edges[i + 3] - edges[i + 2], edges[i + 4] - edges[i + 1])) return false;
  return 20 * (edges[i - 2] - edges[i - 3]) >= t - 15 && 20 * (edges[i + 8] - edges[i + 7]) >= t - 15;
}

enum class Kind { finder, ring, loose, loose_diagonal };

void threshold_blocks(int bw, int bh, int flat_range, BinaryImage* image) {
  int32_t* const weighted = image->column_weighted.data();
  int32_t* const weights = image->column_weight.data();
  std::fill(weighted, weighted + bw, 0);
  std::fill(weights, weights + bw, 0);
  const auto add_row = [&](int row, int sign) {
    const int32_t* middles = image->middles.data() + static_cast<size_t>(row) * bw;
    const int32_t* ranges = image->ranges.data() + static_cast<size_t>(row) * bw;
    for (int i = 0; i < bw; i += 1) {
      weighted[i] += sign * middles[i] * ranges[i];
      weights[i] += sign * ranges[i];
    }
  };
  for (int row = 0; row < std::min(2, bh); row += 1) add_row(row, 1);
  int carried = 128;
  for (int by = 0; by < bh; by += 1) {
    if (by + 2 < bh) add_row(by + 2, 1);
    if (by >= 3) add_row(by - 3, -1);
    const int rows = std::min(bh - 1, by + 2) - std::max(0, by - 2) + 1;
    int32_t sum = 0, weight = 0;
    for (int i = 0; i < std::min(2, bw); i += 1) {
      sum += weighted[i];
      weight += weights[i];
    }
    const size_t row = static_cast<size_t>(by) * bw;
    for (int bx = 0; bx < bw; bx += 1) {
      if (bx + 2 < bw) {
        sum += weighted[bx + 2];
        weight += weights[bx + 2];
      }
      if (bx >= 3) {
        sum -= weighted[bx - 3];
        weight -= weights[bx - 3];
      }
      const int count = rows * (std::min(bw - 1, bx + 2) - std::max(0, bx - 2) + 1);
      if (weight >= count * 2) carried = static_cast<int>(static_cast<uint32_t>(sum) / static_cast<uint32_t>(2 * weight));
      const int range = image->ranges[row + bx];
      const bool flat = range < flat_range || range * count * 4 < weight;
      image->thresholds[row + bx] = static_cast<uint8_t>(!flat ? carried : image->middles[row + bx] > 2 * carried ? 0 : 255);
    }
  }
}

template <typename T>
void grow(std::vector<T>* v, size_t n) {
  if (v->size() < n) v->resize(n);
}

// Steps from (x, y) along (dx, dy), at most `limit`, through three runs of alternating colour.
inline void walk(const BinaryImage& image, int x, int y, int dx, int dy, int colour, int limit, int* core, int* gap,
                 int* ring) {
  int k = 1;
  x += dx;
  y += dy;
  while (k <= limit && image.at(x, y) == colour) k += 1, x += dx, y += dy;
  *core = k;
  while (k <= limit && image.at(x, y) != colour) k += 1, x += dx, y += dy;
  *gap = k;
  while (k <= limit && image.at(x, y) == colour) k += 1, x += dx, y += dy;
  *ring = k;
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
  walk(image, x, y, dx, dy, colour, ahead, &core, &gap, &ring);
  if (gap == core || ring == gap) return false;
  walk(image, x, y, -dx, -dy, colour, behind, &core_back, &gap_back, &ring_back);
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

// The width in steps of the bull's eye around (x, y) along (±dx, ±dy); 0 when there is none.
int measure_bullseye(const BinaryImage& image, int x, int y, int dx, int dy, int colour, int limit, Line* line) {
  if (image.at(x, y) != colour) return 0;
  int ends[12];
  for (int side = 0; side < 2; side += 1) {
    const int sx = side == 0 ? dx : -dx;
    const int sy = side == 0 ? dy : -dy;
    const int to_side = sx == 0 ? limit : sx > 0 ? image.width - 1 - x : x;
    const int to_end = sy == 0 ? limit : sy > 0 ? image.height - 1 - y : y;
    const int most = std::min(std::min(to_side, to_end), limit);
    int k = 1;
    for (int run = 0; run < 6; run += 1) {
      const int expected = (run & 1) == 0 ? colour : colour ^ 1;
      while (k <= most && image.at(x + k * sx, y + k * sy) == expected) k += 1;
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

int diagonal(const BinaryImage& image, int x, int y, int dy, int colour, int twice) {
  Line line;
  if (!measure(image, x, y, 1, dy, colour, twice, Kind::finder, &line)) return 0;
  const int steps = line.total();
  return steps * 170 >= twice * 36 && steps * 170 <= twice * 108 ? 1 : 0;
}

int loose_diagonal(const BinaryImage& image, int x, int y, int dy, int colour, int twice) {
  Line line;
  if (!measure(image, x, y, 1, dy, colour, twice * 2, Kind::loose_diagonal, &line)) return 0;
  const int steps = line.inner();
  return steps * 170 >= twice * 36 && steps * 170 <= twice * 108 ? 1 : 0;
}

int ring_diagonal(const BinaryImage& image, int x, int y, int dy, int colour, int twice) {
  Line line;
  if (!measure(image, x, y, 1, dy, colour, twice, Kind::ring, &line)) return 0;
  const int steps = line.total();
  return (steps + 1) * 170 >= twice * 45 && (steps - 1) * 170 <= twice * 78 ? 1 : 0;
}

}  // namespace

void binarize(const RowKernels& rows, const uint8_t* plane, int stride, int w, int h, int flat_range,
              BinaryImage* image) {
  const int bw = (w + 7) / 8;
  const int bh = (h + 7) / 8;
  const size_t blocks = static_cast<size_t>(bw) * bh;
  image->width = w;
  image->height = h;
  image->stride = (w + 31) / 32;
  grow(&image->words, static_cast<size_t>(image->stride) * h);
  grow(&image->middles, blocks);
  grow(&image->ranges, blocks);
  grow(&image->thresholds, blocks);
  grow(&image->column_weighted, static_cast<size_t>(bw));
  grow(&image->column_weight, static_cast<size_t>(bw));
  for (int by = 0; by < bh; by += 1) {
    const uint8_t* at = plane + static_cast<size_t>(std::min(by * 8, h - 8)) * stride;
    const size_t row = static_cast<size_t>(by) * bw;
    rows.block_row(at, stride, w, image->middles.data() + row, image->ranges.data() + row);
  }
  threshold_blocks(bw, bh, flat_range, image);
  for (int y = 0; y < h; y += 1) {
    rows.binarize_row(plane + static_cast<size_t>(y) * stride, w,
                      image->thresholds.data() + static_cast<size_t>(y / 8) * bw,
                      image->words.data() + static_cast<size_t>(y) * image->stride);
  }
}

void FinderSearch::walk_rows(int level, int origin_x, int origin_y) {
  int32_t* const edges = edges_.data();
  for (int y = 0; y < image_.height; y += 1) {
    const uint32_t* words = image_.words.data() + static_cast<size_t>(y) * image_.stride;
    int n = 1;
    edges[0] = 0;
    uint32_t before = words[0] & 1;  // no edge at pixel 0
    for (int i = 0; i < image_.stride; i += 1) {
      uint32_t changes = words[i] ^ ((words[i] << 1) | before);
      before = words[i] >> 31;
      if (i == image_.stride - 1 && (image_.width & 31) != 0) changes &= (1u << (image_.width & 31)) - 1;
      while (changes != 0) {
        edges[n++] = i * 32 + __builtin_ctz(changes);
        changes &= changes - 1;
      }
    }
    edges[n] = image_.width;
    for (int i = 0; i + 5 <= n; i += 1) {
      const int a = edges[i + 1] - edges[i];
      const int b = edges[i + 2] - edges[i + 1];
      const int c = edges[i + 3] - edges[i + 2];
      const int d = edges[i + 4] - edges[i + 3];
      const int e = edges[i + 5] - edges[i + 4];
      if (((b >= a) & (d >= e) & (b + d >= c)) != 0 && is_ring_runs(a, b, c, d, e)) {
        const int t = a + b + c + d + e;
        if (t >= 8) confirm_ring((edges[i + 2] + edges[i + 3]) >> 1, y, t, level, origin_x, origin_y);
        if (count_ == kCandidates) return;
      }
      // The bounds never let the core be shorter than a gap: one test sorts most places out.
      if (((c < b) | (c < d)) != 0) continue;
      const int x = (edges[i + 2] + edges[i + 3]) >> 1;
      if (is_finder_runs(a, b, c, d, e) && confirm(x, y, a + b + c + d + e, level, origin_x, origin_y)) {
        if (count_ == kCandidates) return;
        continue;
      }
      if (i >= 3 && i + 8 <= n && is_bullseye_row(edges, i)) {
        confirm_bullseye(x, y, edges[i + 7] - edges[i - 2], level, origin_x, origin_y);
        if (count_ == kCandidates) return;
      }
      if (loose_count_ == kCandidates || !is_loose_runs(a, b, c, d, e)) continue;
      confirm_loose(x, y, b + c + d, level, origin_x, origin_y);
    }
  }
}

bool FinderSearch::confirm(int x, int y, int total, int level, int origin_x, int origin_y) {
  const int half = (1 << level) >> 1;
  const int colour = image_.at(x, y);
  const int polarity = colour ^ 1;
  const int px = origin_x + (x << level) + half;
  const int py = origin_y + (y << level) + half;
  Line line;
  const int limit = total * 2;
  if (!measure(image_, x, y, 0, 1, colour, limit, Kind::finder, &line)) return false;
  const int vertical = line.total();
  if (5 * vertical > 8 * total || 5 * total > 8 * vertical) return false;
  if (count_again(found_, count_, px, py, polarity)) return true;
  const int cy = y + ((line.first + line.last) >> 1);
  if (!measure(image_, x, cy, 1, 0, colour, limit, Kind::finder, &line)) return false;
  const int horizontal = line.total();
  if (5 * horizontal > 8 * vertical || 5 * vertical > 8 * horizontal) return false;
  const int cx = x + ((line.first + line.last) >> 1);
  const int twice = horizontal + vertical;
  const int seen = diagonal(image_, cx, cy, 1, colour, twice) + diagonal(image_, cx, cy, -1, colour, twice);
  if (seen < (twice < 34 ? 1 : 2)) return false;
  found_[count_++] = {origin_x + (cx << level) + half, origin_y + (cy << level) + half, (twice * 8 / 7) << level,
                      polarity, 1};
  return true;
}

void FinderSearch::confirm_loose(int x, int y, int inner, int level, int origin_x, int origin_y) {
  const int half = (1 << level) >> 1;
  const int colour = image_.at(x, y);
  const int kind = 5 - colour;
  Line line;
  const int limit = inner * 3;
  if (!measure(image_, x, y, 0, 1, colour, limit, Kind::loose, &line)) return;
  const int vertical = line.inner();
  if (5 * vertical > 8 * inner || 5 * inner > 8 * vertical) return;
  if (count_again(loose_, loose_count_, origin_x + (x << level) + half, origin_y + (y << level) + half, kind)) return;
  const int cy = y + ((line.first + line.last) >> 1);
  if (!measure(image_, x, cy, 1, 0, colour, limit, Kind::loose, &line)) return;
  const int horizontal = line.inner();
  if (5 * horizontal > 8 * vertical || 5 * vertical > 8 * horizontal) return;
  const int cx = x + ((line.first + line.last) >> 1);
  const int twice = horizontal + vertical;
  const int seen = loose_diagonal(image_, cx, cy, 1, colour, twice) + loose_diagonal(image_, cx, cy, -1, colour, twice);
  if (seen < (twice < 24 ? 1 : 2)) return;
  loose_[loose_count_++] = {origin_x + (cx << level) + half, origin_y + (cy << level) + half, (twice * 8 / 5) << level,
                            kind, 1};
}

void FinderSearch::confirm_ring(int x, int y, int total, int level, int origin_x, int origin_y) {
  const int half = (1 << level) >> 1;
  const int colour = image_.at(x, y);
  const int kind = 3 - colour;
  Line line;
  const int limit = total * 2;
  if (!measure(image_, x, y, 0, 1, colour, limit, Kind::ring, &line)) return;
  const int vertical = line.total();
  if (2 * vertical > 3 * total + 2 || 2 * total > 3 * vertical + 2) return;
  if (count_again(found_, count_, origin_x + (x << level) + half, origin_y + (y << level) + half, kind)) return;
  const int cy = y + ((line.first + line.last) >> 1);
  if (!measure(image_, x, cy, 1, 0, colour, limit, Kind::ring, &line)) return;
  const int horizontal = line.total();
  if (2 * horizontal > 3 * vertical + 2 || 2 * vertical > 3 * horizontal + 2) return;
  const int cx = x + ((line.first + line.last) >> 1);
  const int twice = horizontal + vertical;
  const int seen = ring_diagonal(image_, cx, cy, 1, colour, twice) + ring_diagonal(image_, cx, cy, -1, colour, twice);
  if (seen < (twice < 32 ? 1 : 2)) return;
  found_[count_++] = {origin_x + (cx << level) + half, origin_y + (cy << level) + half, (twice * 160 / 121) << level,
                      kind, 1};
}

void FinderSearch::confirm_bullseye(int x, int y, int total, int level, int origin_x, int origin_y) {
  const int half = (1 << level) >> 1;
  const int colour = image_.at(x, y);
  const int kind = 6 + colour;
  Line line;
  const int vertical = measure_bullseye(image_, x, y, 0, 1, colour, total * 2, &line);
  if (vertical == 0 || 5 * vertical > 8 * total || 5 * total > 8 * vertical) return;
  if (count_again(found_, count_, origin_x + (x << level) + half, origin_y + (y << level) + half, kind)) return;
  const int cy = y + ((line.first + line.last) >> 1);
  const int horizontal = measure_bullseye(image_, x, cy, 1, 0, colour, total * 2, &line);
  if (horizontal == 0 || 5 * horizontal > 8 * vertical || 5 * vertical > 8 * horizontal) return;
  const int cx = x + ((line.first + line.last) >> 1);
  const int twice = horizontal + vertical;
  for (int dy = -1; dy <= 1; dy += 2) {
    const int steps = measure_bullseye(image_, cx, cy, 1, dy, colour, twice, &line);
    if ((steps + 2) * 170 < twice * 36 || (steps - 2) * 170 > twice * 108) return;
  }
  found_[count_++] = {origin_x + (cx << level) + half, origin_y + (cy << level) + half, (twice * 4 / 5) << level, kind, 1};
}

bool FinderSearch::count_again(Candidate* list, int count, int px, int py, int polarity) {
  for (int i = count - 1; i >= 0; i -= 1) {
    Candidate& c = list[i];
    const int near = c.module16 >> 3;
    if (c.polarity == polarity && std::abs(c.x - px) <= near && std::abs(c.y - py) <= near) {
      c.confirmations += 1;
      return true;
    }
  }
  return false;
}

int FinderSearch::run(const RowKernels& rows, const uint8_t* plane, int stride, const Box& box, int32_t* out,
                      size_t out_length) {
  int w = box.x1 - box.x0;
  int h = box.y1 - box.y0;
  count_ = 0;
  loose_count_ = 0;
  grow(&edges_, static_cast<size_t>(w) + 1);
  const uint8_t* source = plane + static_cast<size_t>(box.y0) * stride + box.x0;
  int source_stride = stride;
  for (int level = 0; level < kLevels && w >= kMinSide && h >= kMinSide; level += 1) {
    if (level > 0) {
      std::vector<uint8_t>& half = halves_[level - 1];
      const int hw = w / 2;
      const int hh = h / 2;
      grow(&half, static_cast<size_t>(hw) * hh);
      for (int y = 0; y < hh; y += 1) {
        const uint8_t* upper = source + static_cast<size_t>(2 * y) * source_stride;
        rows.halve_row(upper, upper + source_stride, hw, half.data() + static_cast<size_t>(y) * hw);
      }
      source = half.data();
      source_stride = hw;
      w = hw;
      h = hh;
      if (w < kMinSide || h < kMinSide) break;
    }
    binarize(rows, source, source_stride, w, h, kFlatRange[level], &image_);
    walk_rows(level, box.x0, box.y0);
    if (count_ == kCandidates) break;
  }
  const int n = write(found_, count_, 0, out, out_length);
  return write(loose_, loose_count_, n, out, out_length);
}

int FinderSearch::write(const Candidate* list, int count, int n, int32_t* out, size_t out_length) {
  const int room = static_cast<int>(out_length / 4);
  for (int i = 0; i < count && n < room; i += 1) {
    const Candidate& c = list[i];
    const bool ring = (c.polarity >> 1 & 1) == 1;
    const int needed = c.module16 < (ring ? 48 : 20) ? 1 : ring ? 2 : std::max(2, std::min(4, (c.module16 + 31) >> 5));
    if (c.confirmations < needed) continue;
    out[n * 4] = c.x;
    out[n * 4 + 1] = c.y;
    out[n * 4 + 2] = c.module16;
    out[n * 4 + 3] = c.polarity;
    n += 1;
  }
  return n;
}

}  // namespace showroom
