#include "kernels/find-finders.h"

#include <algorithm>

#include "kernels/finder-lines.h"
#include "kernels/finder-runs.h"

// The TypeScript twin (src/native/twin/finders/find-finders.ts, finder-walk.ts) explains the method. Here runs come
// from the bit positions of word ^ (word shifted by one pixel), and the candidates of a row are filtered eight at a
// time.
namespace showroom {
namespace {

constexpr int kLevels = 3;
constexpr int kOutlineLevels = 2;
constexpr int kMinSide = 8;
constexpr int kHalvedReach = 20;
constexpr int kAllKinds = 7;
constexpr size_t kOutlineRoom = 1 + 64 * OutlineList::kStride;
constexpr int kFlatRange[kLevels] = {12, 8, 6};
// Room for whole vectors around the edges of a row.
constexpr int kEdgeMargin = 16;

}  // namespace

void FinderSearch::walk_rows(const RowKernels& rows, int level, int origin_x, int origin_y) {
  refused_ = 0;
  int32_t* const edges = edges_.data() + kEdgeMargin;
  for (int y = 0; y < image_.height; y += 1) {
    const uint32_t* const words = image_.row(y);
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
    const ColumnsAt columns = {image_.column(0) + (y >> 5), image_.column_stride, y & 31, y + 1, image_.height - y};
    const int places = rows.match_runs(edges, n, columns, places_.data());
    for (int k = 0; k < places; k += 1) {
      const unsigned marks = static_cast<unsigned>(places_[k]) >> kMarkShift;
      if (!look(places_[k] & ((1 << kMarkShift) - 1), marks, n, y, level, origin_x, origin_y)) return;
    }
  }
}

// Confirms the runs at edge `i` of the `n` of a row, which may be any of `marks`; false when the list is full.
bool FinderSearch::look(int i, unsigned marks, int n, int y, int level, int origin_x, int origin_y) {
  const int32_t* const edges = edges_.data() + kEdgeMargin;
  const int a = edges[i + 1] - edges[i];
  const int b = edges[i + 2] - edges[i + 1];
  const int c = edges[i + 3] - edges[i + 2];
  const int d = edges[i + 4] - edges[i + 3];
  const int e = edges[i + 5] - edges[i + 4];
  const int x = (edges[i + 2] + edges[i + 3]) >> 1;
  // Any kind is refused there.
  if (refused_ >= kManyRefused && is_amid_grain(image_, x, y) &&
      !(b == 1 && c == 3 && d == 1 && is_exact_finder(image_, x, y))) {
    return true;
  }
  const int t = a + b + c + d + e;
  const int s = b + c + d;
  const int py = origin_y + (y << level);
  if ((marks & kRingMark) != 0 && 4 * b >= 3 * a && 4 * d >= 3 * e && s >= 2 * c && t >= 8 && is_ring_runs(a, b, c, d, e)) {
    confirm_ring(x, y, t, level, origin_x, origin_y);
    if (count_ == kCandidates && !settle(found_, &count_, kCandidates, py)) return false;
  }
  // The bounds never let the core be shorter than a gap.
  if (c < b || c < d) return true;
  if ((marks & kFinderMark) != 0 && is_finder_runs(a, b, c, d, e) &&
      confirm(x, y, t, level, origin_x, origin_y)) {
    return count_ < kCandidates || settle(found_, &count_, kCandidates, py);
  }
  if ((marks & kBullseyeMark) != 0 && i >= 3 && i + 8 <= n && is_bullseye_row(edges, i)) {
    confirm_bullseye(x, y, edges[i + 7] - edges[i - 2], level, origin_x, origin_y);
    if (count_ == kCandidates && !settle(found_, &count_, kCandidates, py)) return false;
  }
  if (loose_full_ || (marks & kLooseMark) == 0 || !is_loose_runs(a, b, c, d, e)) return true;
  confirm_loose(x, y, s, level, origin_x, origin_y);
  loose_full_ = loose_count_ == kLoose && !settle(loose_, &loose_count_, kLoose, py);
  return true;
}

int FinderSearch::run(const RowKernels& rows, const uint8_t* plane, int stride, int height, const Box& box, int32_t* out,
                      size_t out_length, int32_t* outlines, size_t outlines_length) {
  int w = box.x1 - box.x0;
  int h = box.y1 - box.y0;
  int x0 = box.x0;
  int y0 = box.y0;
  count_ = 0;
  loose_count_ = 0;
  loose_full_ = false;
  const size_t widest = static_cast<size_t>(std::max(w, (w >> 1) + kHalvedReach));
  grow(&edges_, widest + 1 + 2 * kEdgeMargin);
  grow(&places_, widest + 1);
  const uint8_t* source = plane + static_cast<size_t>(box.y0) * stride + box.x0;
  int source_stride = stride;
  for (int level = 0; level < kLevels && w >= kMinSide && h >= kMinSide; level += 1) {
    if (level == 1) {
      x0 = std::max(0, box.x0 - kHalvedReach);
      y0 = std::max(0, box.y0 - kHalvedReach);
      w = std::min(stride, box.x1 + kHalvedReach) - x0;
      h = std::min(height, box.y1 + kHalvedReach) - y0;
      source = plane + static_cast<size_t>(y0) * stride + x0;
    }
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
    if (level == 1) std::swap(image_, finer_);
    binarize(rows, source, source_stride, w, h, kFlatRange[level], &image_);
    if (level < kOutlineLevels && outlines_length > 0) {
      const FinerImage finer = {level == 0 ? nullptr : &finer_, box.x0 - x0, box.y0 - y0};
      outlines_.run(rows, image_, level, x0, y0, outlines, outlines_length, false, finer);
    }
    if (out_length > 0) walk_rows(rows, level, x0, y0);
    else if (level == kOutlineLevels - 1) break;
    if (count_ == kCandidates) break;
  }
  const int n = write(found_, count_, 0, out, out_length);
  return write(loose_, loose_count_, n, out, out_length);
}

int FinderSearch::outline_kinds(const RowKernels& rows, const uint8_t* plane, int w, int h) {
  grow(&kinds_, kOutlineRoom);
  kinds_[0] = 0;
  int stride = w;
  for (int level = 0; level < kOutlineLevels; level += 1) {
    if (level > 0) {
      grow(&halves_[0], static_cast<size_t>(w / 2) * (h / 2));
      for (int y = 0; y < h / 2; y += 1) {
        const uint8_t* upper = plane + static_cast<size_t>(2 * y) * stride;
        rows.halve_row(upper, upper + stride, w / 2, halves_[0].data() + static_cast<size_t>(y) * (w / 2));
      }
      plane = halves_[0].data();
      w /= 2;
      h /= 2;
      stride = w;
    }
    if (w < kMinSide || h < kMinSide) break;
    binarize(rows, plane, stride, w, h, kFlatRange[level], &image_);
    outlines_.run(rows, image_, level, 0, 0, kinds_.data(), kOutlineRoom, true);
  }
  if (kinds_[0] < 0) return kAllKinds;
  int kinds = 0;
  for (int i = 0; i < kinds_[0]; i += 1) kinds |= 1 << kinds_[1 + i * OutlineList::kStride];
  return kinds;
}

bool FinderSearch::is_agreed(const Candidate& c) {
  const bool ring = (c.polarity >> 1 & 1) == 1;
  const int needed = c.module16 < (ring ? 48 : 20) ? 1 : ring ? 2 : std::max(2, std::min(4, (c.module16 + 31) >> 5));
  return c.confirmations >= needed;
}

bool FinderSearch::settle(Candidate* list, int* count, int most, int py) {
  int kept = 0;
  for (int i = 0; i < *count; i += 1) {
    const Candidate& c = list[i];
    if (is_agreed(c) || py <= c.y + c.near) list[kept++] = c;
  }
  *count = kept;
  for (int i = 0; i < kept; i += 1) list[i].set_reach(i == 0 ? nullptr : &list[i - 1]);
  return kept < most;
}

int FinderSearch::write(const Candidate* list, int count, int n, int32_t* out, size_t out_length) {
  const int room = static_cast<int>(out_length / 4);
  for (int i = 0; i < count && n < room; i += 1) {
    const Candidate& c = list[i];
    if (!is_agreed(c)) continue;
    out[n * 4] = c.x;
    out[n * 4 + 1] = c.y;
    out[n * 4 + 2] = c.module16;
    out[n * 4 + 3] = c.polarity;
    n += 1;
  }
  return n;
}

}  // namespace showroom
