#include <algorithm>
#include <cstdlib>

#include "kernels/find-finders.h"
#include "kernels/finder-lines.h"
#include "kernels/stretch.h"

// Whether the column, the row and the diagonals through a position confirm a locator found in its row.
namespace showroom {
namespace {

// Two modules of the longer side; `module16` is the mean of both sides.
int near_of(int module16, int horizontal, int vertical, int level) {
  return ((module16 * 2 * std::max(horizontal, vertical) / (horizontal + vertical)) << level) >> 3;
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

bool FinderSearch::confirm(int x, int y, int total, int level, int origin_x, int origin_y) {
  if (!is_exact_finder(image_, x, y) && is_refused(x, y)) return false;
  const int half = (1 << level) >> 1;
  const int colour = image_.at(x, y);
  const int polarity = colour ^ 1;
  const int px = origin_x + (x << level) + half;
  const int py = origin_y + (y << level) + half;
  Line line;
  const int limit = total * 2;
  if (!measure(image_, x, y, 0, 1, colour, limit, Kind::finder, &line)) return false;
  const int vertical = line.total();
  if (!are_alike(vertical, total)) return false;
  if (count_again(found_, count_, px, py, polarity)) return true;
  const int cy = y + ((line.first + line.last) >> 1);
  if (!measure(image_, x, cy, 1, 0, colour, limit, Kind::finder, &line)) return false;
  const int horizontal = line.total();
  if (!are_alike(horizontal, vertical)) return false;
  const int cx = x + ((line.first + line.last) >> 1);
  const int twice = horizontal + vertical;
  const int seen = diagonal(image_, cx, cy, 1, colour, twice) + diagonal(image_, cx, cy, -1, colour, twice);
  if (seen < (twice < 34 ? 1 : 2)) return false;
  if (!is_exact_finder(image_, cx, cy) && stands_in_grain(image_, cx, cy, twice >> 1)) return false;
  add(found_, &count_,
      {origin_x + (cx << level) + half, origin_y + (cy << level) + half,
       (twice * 8 / 7) << level, polarity, near_of(twice * 8 / 7, horizontal, vertical, level)});
  return true;
}

void FinderSearch::confirm_loose(int x, int y, int inner, int level, int origin_x, int origin_y) {
  if (is_refused(x, y)) return;
  const int half = (1 << level) >> 1;
  const int colour = image_.at(x, y);
  const int kind = 5 - colour;
  Line line;
  const int limit = inner * 3;
  if (!measure(image_, x, y, 0, 1, colour, limit, Kind::loose, &line)) return;
  const int vertical = line.inner();
  if (!are_alike(vertical, inner)) return;
  if (count_again(loose_, loose_count_, origin_x + (x << level) + half, origin_y + (y << level) + half, kind)) return;
  const int cy = y + ((line.first + line.last) >> 1);
  if (!measure(image_, x, cy, 1, 0, colour, limit, Kind::loose, &line)) return;
  const int horizontal = line.inner();
  if (!are_alike(horizontal, vertical)) return;
  const int cx = x + ((line.first + line.last) >> 1);
  const int twice = horizontal + vertical;
  const int seen = loose_diagonal(image_, cx, cy, 1, colour, twice) + loose_diagonal(image_, cx, cy, -1, colour, twice);
  if (seen < (twice < 24 ? 1 : 2) || stands_in_grain(image_, cx, cy, (twice * 7) / 10)) return;
  add(loose_, &loose_count_,
      {origin_x + (cx << level) + half, origin_y + (cy << level) + half,
       (twice * 8 / 5) << level, kind, near_of(twice * 8 / 5, horizontal, vertical, level)});
}

void FinderSearch::confirm_ring(int x, int y, int total, int level, int origin_x, int origin_y) {
  if (is_refused(x, y)) return;
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
  if (seen < (twice < 32 ? 1 : 2) || stands_in_grain(image_, cx, cy, twice >> 1)) return;
  add(found_, &count_,
      {origin_x + (cx << level) + half, origin_y + (cy << level) + half,
       (twice * 160 / 121) << level, kind, near_of(twice * 160 / 121, horizontal, vertical, level)});
}

void FinderSearch::confirm_bullseye(int x, int y, int total, int level, int origin_x, int origin_y) {
  if (is_refused(x, y)) return;
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
  if (stands_in_grain(image_, cx, cy, twice >> 1)) return;
  add(found_, &count_,
      {origin_x + (cx << level) + half, origin_y + (cy << level) + half,
       (twice * 4 / 5) << level, kind, near_of(twice * 4 / 5, horizontal, vertical, level)});
}

bool FinderSearch::count_again(Candidate* list, int count, int px, int py, int polarity) {
  for (int i = count - 1; i >= 0; i -= 1) {
    Candidate& c = list[i];
    if (c.reach < py) return false;
    if (c.polarity == polarity && std::abs(c.x - px) <= c.near && std::abs(c.y - py) <= c.near) {
      c.confirmations += 1;
      return true;
    }
  }
  return false;
}

}  // namespace showroom
