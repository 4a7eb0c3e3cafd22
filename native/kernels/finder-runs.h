#pragma once
// Whether runs of light and dark match a locator; see src/native/twin/finders/tiny-finders.ts.
#include <cstdint>

namespace showroom {

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

// A finder with one outer ring merged with a dark background: a code without quiet zone.
inline bool is_loose_runs(int a, int b, int c, int d, int e) {
  const int s = b + c + d;
  if (s < 5 || 10 * a < s - 5 || 10 * e < s - 5) return false;
  const int high = 17 * s + 25;
  if (50 * a > high && 50 * e > high) return false;
  return is_loose_inside(b, c, d);
}

// A run of the bull's eye of a MaxiCode in a width of t, which is 10 of its units.
inline bool is_bullseye_run(int run, int t, bool core) {
  if (core) return 50 * run >= 7 * t - 50 && 50 * run <= 15 * t + 50;
  return 20 * run >= t - 15 && 20 * run <= 3 * t + 15;
}

// The middle is wider than the rings beside it; `three` is the sum of all three.
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

}  // namespace showroom
