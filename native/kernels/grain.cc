#include <algorithm>

#include "kernels/binary-image.h"

// See src/native/twin/binarize.ts; here alternations are counted 32 at a time.
namespace showroom {
namespace {

constexpr int kNear = 8;
constexpr int kFar = 16;
constexpr int kMinSide = 8;
constexpr int kTiny = 12;
constexpr int kCounted = 1024;
constexpr int kMinShare = 51;

inline int bits_of(uint32_t v) {
  v -= (v >> 1) & 0x55555555u;
  v = (v & 0x33333333u) + ((v >> 2) & 0x33333333u);
  return static_cast<int>((((v + (v >> 4)) & 0x0f0f0f0fu) * 0x01010101u) >> 24);
}

// Positions from..to (the first excluded) of a line that differ from the one before.
inline int turns_of(const uint32_t* line, int from, int to) {
  int turns = 0;
  const int first = from >> 5;
  const int last = (to - 1) >> 5;
  for (int i = first; i <= last; i += 1) {
    const uint32_t before = i == first ? (line[i] & 1) : line[i - 1] >> 31;
    uint32_t changes = line[i] ^ ((line[i] << 1) | before);
    if (i == first) changes &= (from & 31) == 31 ? 0u : ~0u << ((from & 31) + 1);
    if (i == last && (to & 31) != 0) changes &= (1u << (to & 31)) - 1;
    turns += bits_of(changes);
  }
  return turns;
}

// The same for lines `stride` words apart, at most 32 positions of at most 32 lines: two lines a word, added up byte by
// byte.
int turns_of_few(const uint32_t* line, int stride, int lines, int from, int to) {
  const uint32_t* words = line + (from >> 5);
  const int shift = from & 31;
  const uint64_t pairs = uint64_t{0xffffffffu >> (33 - (to - from))} * 0x100000001u;
  uint64_t bytes = 0;
  for (int i = 0; i < lines; i += 2, words += 2 * stride) {
    uint64_t both = (words[0] | uint64_t{words[1]} << 32) >> shift & 0xffffffffu;
    if (i + 1 < lines) both |= (words[stride] | uint64_t{words[stride + 1]} << 32) >> shift << 32;
    uint64_t v = (both ^ both >> 1) & pairs;
    v -= v >> 1 & 0x5555555555555555u;
    v = (v & 0x3333333333333333u) + (v >> 2 & 0x3333333333333333u);
    bytes += (v + (v >> 4)) & 0x0f0f0f0f0f0f0f0fu;
  }
  const uint64_t sums = (bytes & 0x00ff00ff00ff00ffu) + (bytes >> 8 & 0x00ff00ff00ff00ffu);
  return static_cast<int>(sums * 0x0001000100010001u >> 48);
}

// Dark positions from..to of a line.
inline int dark_of(const uint32_t* line, int from, int to) {
  int dark = 0;
  const int first = from >> 5;
  const int last = (to - 1) >> 5;
  for (int i = first; i <= last; i += 1) {
    uint32_t bits = line[i];
    if (i == first) bits &= ~0u << (from & 31);
    if (i == last && (to & 31) != 0) bits &= (1u << (to & 31)) - 1;
    dark += bits_of(bits);
  }
  return dark;
}

// Minimum alternations of grain, in 65,536ths of the pairs of neighbours.
int64_t least_turns(const BinaryImage& image, int x0, int y0, int x1, int y1, int percent) {
  const int n = (x1 - x0) * (y1 - y0);
  if (n < kCounted) return percent * 65536 / 100;
  int dark = 0;
  for (int y = y0; y < y1; y += 1) dark += dark_of(image.row(y), x0, x1);
  const int share = std::min(256 - kMinShare, std::max(kMinShare, static_cast<int>(int64_t{dark} * 256 / n)));
  return percent * 4 * share * (256 - share) / 100;
}

}  // namespace

bool is_grain(const BinaryImage& image, int x0, int y0, int x1, int y1, int percent) {
  x0 = std::max(0, x0);
  y0 = std::max(0, y0);
  x1 = std::min(image.width, x1);
  y1 = std::min(image.height, y1);
  const int w = x1 - x0;
  const int h = y1 - y0;
  if (w < kMinSide || h < kMinSide) return false;
  int64_t turns = 0;
  // Independent of the share of dark: most positions end here.
  const int64_t fewest = int64_t{percent} * 4 * kMinShare * (256 - kMinShare) / 100 * (w - 1) * h;
  const bool few = w <= 32 && h <= 32;
  if (few) {
    turns = turns_of_few(image.row(y0), image.stride, h, x0, x1);
    if (65536 * turns < fewest) return false;
  }
  for (int y = few ? y1 : y0; y < y1; y += 1) {
    turns += turns_of(image.row(y), x0, x1);
    if (65536 * (turns + int64_t{y1 - 1 - y} * (w - 1)) < fewest) return false;
  }
  const int64_t share = least_turns(image, x0, y0, x1, y1, percent);
  if (65536 * turns < share * (w - 1) * h) return false;
  turns = few ? turns_of_few(image.column(x0), image.column_stride, w, y0, y1) : 0;
  for (int x = few ? x1 : x0; x < x1; x += 1) turns += turns_of(image.column(x), y0, y1);
  return 65536 * turns >= share * w * (h - 1);
}

namespace {

bool is_block(const BinaryImage& image, int u, int v, int columns, int rows) {
  uint8_t& known = image.grain[static_cast<size_t>(v) * columns + u];
  if (known == 0) {
    const int right = u == columns - 1 ? image.width : (u + 1) * 32;
    const int bottom = v == rows - 1 ? image.height : (v + 1) * 32;
    known = is_grain(image, u * 32, v * 32, right, bottom) ? 2 : 1;
  }
  return known == 2;
}

}  // namespace

bool is_in_grain(const BinaryImage& image, int x, int y) {
  const int columns = grain_blocks(image.width);
  const int rows = grain_blocks(image.height);
  return is_block(image, std::min(x >> 5, columns - 1), std::min(y >> 5, rows - 1), columns, rows);
}

bool is_amid_grain(const BinaryImage& image, int x, int y) {
  const int columns = grain_blocks(image.width);
  const int rows = grain_blocks(image.height);
  const int column = std::min(x >> 5, columns - 1);
  const int row = std::min(y >> 5, rows - 1);
  uint8_t& amid = image.amid_grain[static_cast<size_t>(row) * columns + column];
  if (amid != 0) return amid == 2;
  amid = 1;
  if (!is_block(image, column, row, columns, rows)) return false;
  for (int v = std::max(0, row - 1); v <= std::min(rows - 1, row + 1); v += 1) {
    for (int u = std::max(0, column - 1); u <= std::min(columns - 1, column + 1); u += 1) {
      if (!is_block(image, u, v, columns, rows)) return false;
    }
  }
  amid = 2;
  return true;
}

bool is_exact_finder(const BinaryImage& image, int x, int y) {
  if (x < 3 || y < 3 || x + 3 >= image.width || y + 3 >= image.height) return false;
  const int colour = image.at(x, y);
  for (int dy = -3; dy <= 3; dy += 1) {
    for (int dx = -3; dx <= 3; dx += 1) {
      const int ring = std::max(dx < 0 ? -dx : dx, dy < 0 ? -dy : dy);
      if (image.at(x + dx, y + dy) != (ring == 2 ? colour ^ 1 : colour)) return false;
    }
  }
  return true;
}

bool stands_in_grain(const BinaryImage& image, int x, int y, int width) {
  const int own = (width >> 1) + 1;
  for (const int reach : {own, std::max(kNear, own + 1), std::max(kFar, 3 * own)}) {
    if (is_grain(image, x - reach, y - reach, x + reach, y + reach)) return true;
  }
  if (width == 0 || width >= kTiny) return false;
  return is_grain(image, x - kFar, y - kNear, x, y + kNear) || is_grain(image, x, y - kNear, x + kFar, y + kNear) ||
         is_grain(image, x - kNear, y - kFar, x + kNear, y) || is_grain(image, x - kNear, y, x + kNear, y + kFar);
}

}  // namespace showroom
