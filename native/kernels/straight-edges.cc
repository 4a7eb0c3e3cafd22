#include "kernels/straight-edges.h"

#include <algorithm>
#include <cstdlib>

namespace showroom {
namespace {

constexpr int kReach = 3;
constexpr int kSteepest = 1126;
constexpr int kOff = 3;
constexpr int kMinLines = 16;

}  // namespace

void StraightEdges::begin(const BinaryImage& image, bool turned) {
  image_ = &image;
  turned_ = turned;
  count_ = 0;
  full_ = false;
  counts_[0] = counts_[1] = 0;
  const size_t room = static_cast<size_t>(turned ? image.height : image.width) + 1;
  if (spare_.size() >= room) return;
  for (std::vector<Chain>& chains : chains_) chains.resize(room);
  spare_.resize(room);
}

void StraightEdges::take(int line, const int32_t* edges, int n, int first) {
  for (int dark = 0; dark < 2; dark += 1) {
    const Chain* const from = chains_[dark].data();
    Chain* const to = spare_.data();
    const int chains = counts_[dark];
    int a = 0;
    int kept = 0;
    for (int k = first == dark ? 0 : 1; k < n; k += 2) {
      const int x = edges[k];
      while (a < chains && from[a].last < x - kReach) close(from[a++], line, dark);
      Chain& next = to[kept++];
      if (a < chains && from[a].last <= x + kReach) {
        if (a + 1 < chains && std::abs(from[a + 1].last - x) < std::abs(from[a].last - x)) close(from[a++], line, dark);
        const Chain& chain = from[a++];
        const int d = line - chain.line;
        const int low = std::max(chain.low, (2 * (x - chain.start) - kOff) * 512 / d);
        const int high = std::min(chain.high, (2 * (x - chain.start) + kOff) * 512 / d);
        if (low <= high) {
          next = {chain.start, chain.line, x, low, high};
          continue;
        }
        close(chain, line, dark);
      }
      next = {x, line, x, -kSteepest, kSteepest};
    }
    while (a < chains) close(from[a++], line, dark);
    std::swap(chains_[dark], spare_);
    counts_[dark] = kept;
  }
}

void StraightEdges::end(int line) {
  for (int dark = 0; dark < 2; dark += 1) {
    for (int a = 0; a < counts_[dark]; a += 1) close(chains_[dark][a], line, dark);
  }
}

inline void StraightEdges::close(const Chain& chain, int line, int dark) {
  const int last = line - kLineStep;
  if (last - chain.line < kMinLines) return;
  const int place = (chain.start + chain.last) >> 1;
  const int middle = (chain.line + last) >> 1;
  const int x = turned_ ? middle : place;
  const int y = turned_ ? place : middle;
  if (is_in_grain(*image_, x, y) && (is_amid_grain(*image_, x, y) || stands_in_grain(*image_, x, y, 0))) return;
  if (count_ == kMaxCount) {
    full_ = true;
    return;
  }
  items_[count_++] = {{chain.start, chain.last}, {chain.line, last}, dark};
}

}  // namespace showroom
