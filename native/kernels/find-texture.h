#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "kernels/rows.h"

namespace showroom {

// Candidate regions of any code format; see src/native/twin/find-texture.ts.
class TextureSearch {
 public:
  static constexpr int kLevels = 3;
  static constexpr int kAreasALevel = 48;
  // Integers of `out`: whether there was grain, then level, x, y, width, height of each area.
  static constexpr size_t kOut = 1 + size_t{kLevels} * kAreasALevel * 5;

  // `rects` are in pixels of the plane × `scale`. Returns the number of areas.
  int run(const RowKernels& rows, const uint8_t* plane, int width, int height, int swing, const int32_t* rects,
          int rect_count, int scale, int32_t* out);

 private:
  struct Level {
    int columns = 0;
    int rows = 0;
    // Alternations across, plus 65,536 times those down.
    std::vector<int32_t> turns;
    // Number of the run in which a cell was counted, a window visited.
    std::vector<int32_t> counted, visited;
  };
  struct Picture {
    const RowKernels* rows;
    const uint8_t* plane;
    int width, height, swing;
    const int32_t* rects;
    int rect_count, scale;
  };

  void begin_run();
  bool visit(int level, int x, int y);
  bool is_code_like(int level, int x, int y);
  void ensure(int level, int x0, int y0, int x1, int y1);
  void count_tile(int tx, int ty);
  void follow(int level, int x, int y, int32_t* out, int* count, int first);

  Picture picture_{};
  Level levels_[kLevels];
  std::vector<int32_t> tiles_counted_;
  int tile_columns_ = 0;
  std::vector<int32_t> queue_;
  int32_t run_ = 0;
  bool saw_grain_ = false;
};

}  // namespace showroom
