#include "kernels/find-texture.h"

#include <algorithm>
#include <climits>
#include <cmath>

namespace showroom {
namespace {

constexpr int kTile = 32;
constexpr int kCell = 8;
constexpr int kWindowCells = 4;
constexpr double kDense[TextureSearch::kLevels] = {1.0 / 14, 1.0 / 14, 1 / 8.5};
constexpr double kSparse = 1.0 / 60;
constexpr double kGrain = 0.42;
constexpr int kBusy[TextureSearch::kLevels] = {14, 14, 16};
constexpr int kMinSide = 36;
constexpr int kReach = 224;

inline int floor_div(int64_t a, int64_t b) { return static_cast<int>(a >= 0 ? a / b : -((b - 1 - a) / b)); }

inline bool touches(int64_t x, int64_t y, int64_t side, const int32_t* rects, int count) {
  for (const int32_t* r = rects; r < rects + count * 4; r += 4) {
    if (r[0] < x + side && x < int64_t{r[0]} + r[2] && r[1] < y + side && y < int64_t{r[1]} + r[3]) return true;
  }
  return false;
}

template <typename T>
void grow(std::vector<T>* v, size_t n) {
  if (v->size() < n) v->resize(n);
}

}  // namespace

// Older runs have lower numbers, whatever the size of their plane.
void TextureSearch::begin_run() {
  if (run_ == INT_MAX) {
    run_ = 0;
    std::fill(tiles_counted_.begin(), tiles_counted_.end(), 0);
    for (Level& level : levels_) {
      std::fill(level.counted.begin(), level.counted.end(), 0);
      std::fill(level.visited.begin(), level.visited.end(), 0);
    }
  }
  run_ += 1;
  saw_grain_ = false;
}

int TextureSearch::run(const RowKernels& rows, const uint8_t* plane, int width, int height, int swing,
                       const int32_t* rects, int rect_count, int scale, int32_t* out) {
  picture_ = {&rows, plane, width, height, swing, rects, rect_count, scale};
  begin_run();
  for (int i = 0; i < kLevels; i += 1) {
    Level& level = levels_[i];
    level.columns = (width + (kCell << i) - 1) / (kCell << i);
    level.rows = (height + (kCell << i) - 1) / (kCell << i);
    const size_t cells = static_cast<size_t>(level.columns) * level.rows;
    grow(&level.turns, cells);
    grow(&level.counted, cells);
    grow(&level.visited, cells);
  }
  tile_columns_ = (width + kTile - 1) / kTile;
  grow(&tiles_counted_, static_cast<size_t>(tile_columns_) * ((height + kTile - 1) / kTile));
  grow(&queue_, static_cast<size_t>(levels_[0].columns) * levels_[0].rows);
  int count = 0;
  for (int i = 0; i < kLevels; i += 1) {
    const Level& level = levels_[i];
    const int64_t cell = int64_t{kCell << i} * scale;
    const int first = count;
    for (const int32_t* r = rects; r < rects + rect_count * 4; r += 4) {
      const int x0 = std::max(0, floor_div(r[0], cell) - (kWindowCells - 1));
      const int y0 = std::max(0, floor_div(r[1], cell) - (kWindowCells - 1));
      const int x1 = std::min(level.columns - 1, floor_div(int64_t{r[0]} + r[2] - 1, cell));
      const int y1 = std::min(level.rows - 1, floor_div(int64_t{r[1]} + r[3] - 1, cell));
      for (int y = y0; y <= y1; y += 1) {
        for (int x = x0; x <= x1; x += 1) {
          if (visit(i, x, y)) follow(i, x, y, out, &count, first);
        }
      }
    }
  }
  out[0] = saw_grain_ ? 1 : 0;
  return count;
}

inline bool TextureSearch::visit(int level, int x, int y) {
  int32_t* const mark = levels_[level].visited.data() + static_cast<size_t>(y) * levels_[level].columns + x;
  if (*mark == run_) return false;
  *mark = run_;
  return is_code_like(level, x, y);
}

void TextureSearch::follow(int level, int x, int y, int32_t* out, int* count, int first) {
  const int columns = levels_[level].columns;
  const int rows = levels_[level].rows;
  const int cell = kCell << level;
  int left = columns, top = rows, right = -1, bottom = -1;
  // Of the windows that touch a rectangle.
  int hit_left = columns, hit_top = rows, hit_right = -1, hit_bottom = -1;
  int tail = 0;
  queue_[tail++] = y * columns + x;
  const int64_t scale = picture_.scale;
  for (int head = 0; head < tail; head += 1) {
    const int wy = queue_[head] / columns;
    const int wx = queue_[head] - wy * columns;
    left = std::min(left, wx);
    right = std::max(right, wx);
    top = std::min(top, wy);
    bottom = std::max(bottom, wy);
    if ((wx < hit_left || wx > hit_right || wy < hit_top || wy > hit_bottom) &&
        touches(wx * cell * scale, wy * cell * scale, kWindowCells * cell * scale, picture_.rects, picture_.rect_count)) {
      hit_left = std::min(hit_left, wx);
      hit_right = std::max(hit_right, wx);
      hit_top = std::min(hit_top, wy);
      hit_bottom = std::max(hit_bottom, wy);
    }
    for (int ny = std::max(0, wy - 1); ny <= std::min(rows - 1, wy + 1); ny += 1) {
      for (int nx = std::max(0, wx - 1); nx <= std::min(columns - 1, wx + 1); nx += 1) {
        if (visit(level, nx, ny)) queue_[tail++] = ny * columns + nx;
      }
    }
  }
  const int end = kWindowCells * cell;
  if (std::min(right - left, bottom - top) * cell + end < kMinSide << level) return;
  const int reach = kReach << level;
  const int box_left = std::max(std::max(0, left * cell), hit_left * cell - reach);
  const int box_top = std::max(std::max(0, top * cell), hit_top * cell - reach);
  const int box_right = std::min(std::min(picture_.width, right * cell + end), hit_right * cell + end + reach);
  const int box_bottom = std::min(std::min(picture_.height, bottom * cell + end), hit_bottom * cell + end + reach);
  if (*count - first < kAreasALevel) {
    int32_t* to = out + 1 + *count * 5;
    to[0] = level;
    to[1] = box_left;
    to[2] = box_top;
    to[3] = box_right - box_left;
    to[4] = box_bottom - box_top;
    *count += 1;
    return;
  }
  int32_t* last = out + 1 + (*count - 1) * 5;
  const int far_right = std::max(last[1] + last[3], box_right);
  const int far_bottom = std::max(last[2] + last[4], box_bottom);
  last[1] = std::min(last[1], box_left);
  last[2] = std::min(last[2], box_top);
  last[3] = far_right - last[1];
  last[4] = far_bottom - last[2];
}

bool TextureSearch::is_code_like(int index, int x, int y) {
  const Level& level = levels_[index];
  const int x1 = std::min(level.columns, x + kWindowCells);
  const int y1 = std::min(level.rows, y + kWindowCells);
  ensure(index, x, y, x1, y1);
  const int cells = (x1 - x) * (y1 - y);
  // A window with this many still cells is not busy any more.
  const int most_still = cells - (kBusy[index] * cells + 15) / 16;
  uint32_t sum = 0;
  int still = 0;
  for (int cy = y; cy < y1; cy += 1) {
    const int32_t* turns = level.turns.data() + static_cast<size_t>(cy) * level.columns;
    for (int cx = x; cx < x1; cx += 1) {
      sum += static_cast<uint32_t>(turns[cx]);
      still += turns[cx] == 0;
    }
    if (still > most_still) return false;
  }
  const double across = sum & 0xffff;
  const double down = sum >> 16;
  // Number of walked lines times their length, in pixels of the level.
  const double walked = static_cast<double>(cells) * (kCell << index) * (kCell << index) / 2 / (1 << index);
  const double less = std::min(across, down) / walked;
  if (less > kGrain) {
    saw_grain_ = true;
    return false;
  }
  return less >= kSparse && std::sqrt(across * down) >= kDense[index] * walked;
}

// Makes the counts of cells valid.
void TextureSearch::ensure(int index, int x0, int y0, int x1, int y1) {
  if (index == 0) {
    for (int ty = y0 >> 2; ty <= (y1 - 1) >> 2; ty += 1) {
      for (int tx = x0 >> 2; tx <= (x1 - 1) >> 2; tx += 1) count_tile(tx, ty);
    }
    return;
  }
  Level& level = levels_[index];
  const Level& finer = levels_[index - 1];
  for (int y = y0; y < y1; y += 1) {
    for (int x = x0; x < x1; x += 1) {
      const size_t at = static_cast<size_t>(y) * level.columns + x;
      if (level.counted[at] == run_) continue;
      level.counted[at] = run_;
      const int right = std::min(finer.columns, 2 * x + 2);
      const int bottom = std::min(finer.rows, 2 * y + 2);
      ensure(index - 1, 2 * x, 2 * y, right, bottom);
      int32_t sum = 0;
      for (int v = 2 * y; v < bottom; v += 1) {
        for (int u = 2 * x; u < right; u += 1) sum += finer.turns[static_cast<size_t>(v) * finer.columns + u];
      }
      level.turns[at] = sum;
    }
  }
}

// Counts the alternations in a tile's cells, each line from the tile's edge on.
void TextureSearch::count_tile(int tx, int ty) {
  int32_t* const mark = tiles_counted_.data() + static_cast<size_t>(ty) * tile_columns_ + tx;
  if (*mark == run_) return;
  *mark = run_;
  const int x0 = tx * kTile;
  const int y0 = ty * kTile;
  const int w = std::min(kTile, picture_.width - x0);
  const int h = std::min(kTile, picture_.height - y0);
  int32_t cells[16];
  picture_.rows->count_turns(picture_.plane + static_cast<size_t>(y0) * picture_.width + x0, picture_.width, w, h,
                             picture_.swing, cells);
  Level& level = levels_[0];
  for (int cy = 0; cy * kCell < h; cy += 1) {
    int32_t* to = level.turns.data() + static_cast<size_t>(ty * 4 + cy) * level.columns + tx * 4;
    for (int cx = 0; cx * kCell < w; cx += 1) to[cx] = cells[cy * 4 + cx];
  }
}

}  // namespace showroom
