#include "kernels/tiny-finders.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "kernels/binary-image.h"

namespace showroom {

// Half the sides of the middle, the ring around it and the whole, and the module size × 16.
struct TinyFinders::Size {
  int r3, r5, r7, module16;
  constexpr int area(int r) const { return (2 * r + 1) * (2 * r + 1); }
  constexpr int core() const { return area(r3); }
  constexpr int gap() const { return area(r5) - area(r3); }
  constexpr int outer() const { return area(r7) - area(r5); }
};

namespace {

constexpr double kMinScore = 1.2;
constexpr double kMinPart = 0.55;
constexpr double kMinWeakScore = 0.95;
constexpr double kMinWeakPart = 0.28;
constexpr double kCoarse = 0.8;
constexpr int kWeak = 4;
constexpr int kSamePlace = 4;
constexpr double kMinDeviation = 2;
constexpr int kMinTenths = 11;
constexpr int kApart = 3;
// Sums behind the last that a row kernel may read.
constexpr size_t kBeyond = 32;
// Modules of 1.55, 1.75, 2 and 2.3 pixels.
constexpr int kSizes[][4] = {{2, 3, 5, 25}, {2, 4, 6, 28}, {3, 5, 7, 32}, {3, 5, 8, 37}};

bool is_peak(const float* scores, int columns, int rows, int i) {
  const int x = i % columns;
  const int y = i / columns;
  for (int v = std::max(0, y - kApart); v <= std::min(rows - 1, y + kApart); v += 1) {
    for (int u = std::max(0, x - kApart); u <= std::min(columns - 1, x + kApart); u += 1) {
      const int k = v * columns + u;
      if (scores[k] > scores[i] || (scores[k] == scores[i] && k < i)) return false;
    }
  }
  return true;
}

// Whether one of the `n` hits is at (x, y).
bool is_known(const int32_t* out, int n, int x, int y) {
  for (const int32_t* at = out; at < out + size_t{4} * n; at += 4) {
    if (std::abs(at[0] - x) <= kSamePlace && std::abs(at[1] - y) <= kSamePlace) return true;
  }
  return false;
}

}  // namespace

int TinyFinders::run(const RowKernels& rows_of, const uint8_t* plane, int width, int height, int32_t* out) {
  sum_up(plane, width, height);
  const int columns = (width + 1) >> 1;
  const int rows = (height + 1) >> 1;
  for (std::vector<float>& scores : scores_) {
    grow(&scores, static_cast<size_t>(columns) * rows);
    std::fill(scores.begin(), scores.begin() + static_cast<ptrdiff_t>(columns) * rows, 0.0f);
  }
  for (const auto& [r3, r5, r7, module16] : kSizes) score_all(rows_of, {r3, r5, r7, module16}, columns, width, height);
  const int dark = pick(0, columns, rows, width, height, out);
  return dark + pick(1, columns, rows, width, height, out + size_t{4} * dark);
}

void TinyFinders::sum_up(const uint8_t* plane, int width, int height) {
  stride_ = static_cast<size_t>(width) + 1;
  grow(&sums_, stride_ * (height + 1) + kBeyond);
  grow(&squares_, stride_ * (height + 1));
  std::fill(sums_.begin(), sums_.begin() + static_cast<ptrdiff_t>(stride_), 0u);
  std::fill(squares_.begin(), squares_.begin() + static_cast<ptrdiff_t>(stride_), 0u);
  for (int y = 0; y < height; y += 1) {
    const uint8_t* const from = plane + static_cast<size_t>(y) * width;
    uint32_t* const sums = sums_.data() + stride_ * (y + 1);
    uint32_t* const squares = squares_.data() + stride_ * (y + 1);
    uint32_t row = 0, row_squares = 0;
    sums[0] = squares[0] = 0;
    for (int x = 0; x < width; x += 1) {
      const uint32_t p = from[x];
      row += p;
      row_squares += p * p;
      sums[x + 1] = *(sums + x + 1 - stride_) + row;
      squares[x + 1] = *(squares + x + 1 - stride_) + row_squares;
    }
  }
}

inline int TinyFinders::box(const std::vector<uint32_t>& of, int x, int y, int r) const {
  const uint32_t* const top = of.data() + (y - r) * stride_ + x;
  const uint32_t* const low = of.data() + (y + r + 1) * stride_ + x;
  return static_cast<int>(low[r + 1] - low[-r] - top[r + 1] + top[-r]);
}

inline double TinyFinders::score(int x, int y, const Size& size, int* inverted, bool* is_weak) const {
  const int b3 = box(sums_, x, y, size.r3);
  const int b5 = box(sums_, x, y, size.r5);
  const int core = b3 * size.gap() - (b5 - b3) * size.core();
  const int sign = core < 0 ? -1 : 1;
  if (10 * core * sign < kMinTenths * size.core() * size.gap()) return 0;
  const int b7 = box(sums_, x, y, size.r7);
  const int ring = (b7 - b5) * size.gap() - (b5 - b3) * size.outer();
  if (10 * ring * sign < kMinTenths * size.outer() * size.gap()) return 0;
  const double n7 = size.area(size.r7);
  const double mean = b7 / n7;
  const double deviation = std::sqrt(std::max(0.0, box(squares_, x, y, size.r7) / n7 - mean * mean));
  const double a = static_cast<double>(core * sign) / (size.core() * size.gap());
  const double b = static_cast<double>(ring * sign) / (size.outer() * size.gap());
  const double part = std::min(a, b);
  if (deviation < kMinDeviation || part < kMinWeakPart * deviation) return 0;
  *inverted = core < 0 ? 0 : 1;
  *is_weak = part < kMinPart * deviation;
  return (a + b) / 2 / deviation;
}

void TinyFinders::score_all(const RowKernels& rows, const Size& size, int columns, int width, int height) {
  const int first = size.r7 + (size.r7 & 1);
  const int places = (width - size.r7 - first + 1) >> 1;
  if (places <= 0) return;
  grow(&places_, static_cast<size_t>(places));
  const int least_core = (kMinTenths * size.core() * size.gap() + 9) / 10;
  const int least_outer = (kMinTenths * size.outer() * size.gap() + 9) / 10;
  for (int y = first; y < height - size.r7; y += 2) {
    const CoreRow row = {sums_.data() + y * stride_ + first, static_cast<int>(stride_), size.r3, size.r5, size.r7,
                         size.core(), size.gap(), size.outer(), least_core, least_outer};
    const int count = rows.match_cores(row, places, places_.data());
    for (int k = 0; k < count; k += 1) {
      const int x = first + 2 * places_[k];
      int inverted = 0;
      bool is_weak = false;
      const double value = score(x, y, size, &inverted, &is_weak);
      if (value == 0) continue;
      const size_t i = static_cast<size_t>(y >> 1) * columns + (x >> 1);
      float* const all = scores_[2 + inverted].data() + i;
      if (value > *all) *all = static_cast<float>(value);
      float* const strong = scores_[inverted].data() + i;
      if (!is_weak && value > *strong) *strong = static_cast<float>(value);
    }
  }
}

int TinyFinders::pick(int inverted, int columns, int rows, int width, int height, int32_t* out) {
  const int strong = collect(inverted, 0, columns, rows, width, height, out, 0);
  if (strong > kMaxFound) return 0;
  const int weak = collect(inverted, kWeak, columns, rows, width, height, out, strong);
  return strong + (weak > kMaxFound ? 0 : weak);
}

// Those of one strength, after the `n` known hits of their polarity. One more than the maximum: too many.
int TinyFinders::collect(int inverted, int weak, int columns, int rows, int width, int height, int32_t* out, int n) const {
  const float* const scores = scores_[weak == 0 ? inverted : 2 + inverted].data();
  const double least = (weak == 0 ? kMinScore : kMinWeakScore) * kCoarse;
  int count = 0;
  for (int i = 0; i < columns * rows; i += 1) {
    if (scores[i] < least || !is_peak(scores, columns, rows, i)) continue;
    const int x = (i % columns) * 2;
    const int y = (i / columns) * 2;
    if (weak != 0 && is_known(out, n, x, y)) continue;
    if (count == kMaxFound) return kMaxFound + 1;
    if (refine(x, y, width, height, inverted, weak, out + size_t{4} * (n + count))) count += 1;
  }
  return count;
}

bool TinyFinders::refine(int x, int y, int width, int height, int inverted, int weak, int32_t* out) const {
  double best = weak == 0 ? kMinScore : kMinWeakScore;
  bool found = false;
  for (const auto& [r3, r5, r7, module16] : kSizes) {
    const Size size = {r3, r5, r7, module16};
    for (int v = std::max(r7, y - 1); v <= std::min(height - r7 - 1, y + 1); v += 1) {
      for (int u = std::max(r7, x - 1); u <= std::min(width - r7 - 1, x + 1); u += 1) {
        int polarity = 0;
        bool is_weak = false;
        const double value = score(u, v, size, &polarity, &is_weak);
        if (value <= best || polarity != inverted || (weak == 0 && is_weak)) continue;
        best = value;
        found = true;
        out[0] = u;
        out[1] = v;
        out[2] = module16;
        out[3] = inverted + weak;
      }
    }
  }
  return found;
}

}  // namespace showroom
