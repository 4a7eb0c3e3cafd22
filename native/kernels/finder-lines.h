#pragma once
#include "kernels/binary-image.h"

namespace showroom {

// Runs along a line through a locator: ring, gap, core, gap, ring.
struct Line {
  int a, b, c, d, e;
  int first, last;  // the core's first and last step from the start
  int total() const { return a + b + c + d + e; }
  int inner() const { return b + c + d; }
};

enum class Kind { finder, ring, loose, loose_diagonal };

// Measures the runs through (x, y) along (±dx, ±dy), each half up to `limit` steps; returns whether they are a
// locator's.
bool measure(const BinaryImage& image, int x, int y, int dx, int dy, int colour, int limit, Kind kind, Line* line);
// The width in steps of the bull's eye around (x, y); 0 when there is none.
int measure_bullseye(const BinaryImage& image, int x, int y, int dx, int dy, int colour, int limit, Line* line);

}  // namespace showroom
