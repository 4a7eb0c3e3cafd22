#pragma once
#include <cstdint>
#include <vector>

#include "kernels/binary-image.h"

namespace showroom {

// Straight edges along one direction; see src/native/twin/straight-edges.ts.
class StraightEdges {
 public:
  static constexpr int kLineStep = 2;
  static constexpr int kMaxCount = 2048;
  // Position and line of its start, position and line of its end, whether dark is after it.
  struct Straight {
    int32_t place[2], line[2];
    int32_t dark;
  };

  // `turned`: the lines are columns of the image.
  void begin(const BinaryImage& image, bool turned);
  void take(int line, const int32_t* edges, int n, int first);
  void end(int line);

  const Straight* items() const { return items_.data(); }
  int count() const { return count_; }
  bool full() const { return full_; }

 private:
  struct Chain {
    int32_t start, line, last, low, high;
  };

  void close(const Chain& chain, int line, int dark);

  const BinaryImage* image_ = nullptr;
  bool turned_ = false;
  std::vector<Straight> items_ = std::vector<Straight>(kMaxCount);
  int count_ = 0;
  bool full_ = false;
  std::vector<Chain> chains_[2], spare_;
  int counts_[2] = {0, 0};
};

}  // namespace showroom
