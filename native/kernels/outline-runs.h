#pragma once
// Whether runs of light and dark match an outline; see src/native/twin/outline-runs.ts.
#include <cstdint>
#include <cstdlib>

namespace showroom {

constexpr int kPattern[] = {8, 1, 1, 1, 1, 1, 1, 3};
constexpr int kPatternRuns = 8;
constexpr int kPatternModules = 17;
constexpr int kRuns = 7;
constexpr int kNarrowModules = 9, kNarrowLeast = 9;

inline int even_tolerance(int t, bool lax) { return lax ? 4 * t + 90 : 3 * t + 70; }

inline bool is_even(const int32_t* edges, bool lax) {
  const int t = edges[kRuns] - edges[0];
  if (t < 14) return false;
  for (int k = 0; k < kRuns; k += 1) {
    const int run = edges[k + 1] - edges[k];
    if (10 * std::abs(kRuns * run - t) > even_tolerance(t, lax)) return false;
  }
  return true;
}

inline bool is_start(const int32_t* edges, int t, bool backward) {
  for (int k = 0; k < kPatternRuns; k += 1) {
    const int run = edges[k + 1] - edges[k];
    const int modules = kPattern[backward ? kPatternRuns - 1 - k : k];
    if (std::abs(10 * (kPatternModules * run - modules * t)) > 5 * t + 119) return false;
  }
  return true;
}

// The direction of a start whose wide bar ends at edge i or begins seven edges on, even if the picture's edge cuts it;
// -1: none.
inline int narrow_start(const int32_t* edges, int i, int n) {
  const int32_t* const e = edges + i;
  const int t = e[kRuns] - e[0];
  if (t < kNarrowLeast) return -1;
  const int last = e[kRuns] - e[kRuns - 1];
  const int first = e[1] - e[0];
  const int direction = last > first ? 0 : 1;
  const int wide = direction == 0 ? (i > 0 ? e[0] - e[-1] : t) : (i + kRuns + 1 < n ? e[kRuns + 1] - e[kRuns] : t);
  if (2 * wide < t) return -1;
  for (int k = 0; k < kRuns; k += 1) {
    const int modules = k == (direction == 0 ? kRuns - 1 : 0) ? 3 : 1;
    if (10 * std::abs(kNarrowModules * (e[k + 1] - e[k]) - modules * t) > 5 * t + 72) return -1;
  }
  return direction;
}

}  // namespace showroom
