#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "kernels/binary-image.h"
#include "kernels/compose.h"
#include "kernels/find-outlines.h"
#include "kernels/rows.h"

namespace showroom {

struct Candidate {
  int x, y, module16, polarity;
  // Positions within this distance are the same locator: two modules of its longer side.
  int near;
  int confirmations = 1;
  // The last row on which this one, or any before it on the list, may be found again.
  int reach = 0;
  void set_reach(const Candidate* before) {
    reach = y + near;
    if (before != nullptr && before->reach > reach) reach = before->reach;
  }
};

// The search of one thread; see src/native/twin/finders/find-finders.ts.
class FinderSearch {
 public:
  // `box` lies inside the plane, of `stride` × `height`, and is not empty. Returns the number of hits written (4
  // integers each). `outlines` gets the locators of codes without finders, unless its length is 0.
  int run(const RowKernels& rows, const uint8_t* plane, int stride, int height, const Box& box, int32_t* out,
          size_t out_length, int32_t* outlines, size_t outlines_length);

  // Bits of the kinds of locators without finders in a plane.
  int outline_kinds(const RowKernels& rows, const uint8_t* plane, int w, int h);

 private:
  static constexpr int kCandidates = 1024;
  static constexpr int kLoose = 256;
  // With this many positions in grain it pays to test for grain first.
  static constexpr int kManyRefused = 32;

  void walk_rows(const RowKernels& rows, int level, int origin_x, int origin_y);
  bool look(int i, unsigned marks, int n, int y, int level, int origin_x, int origin_y);
  // Whether a position is in grain; counts those that are.
  bool is_refused(int x, int y) {
    if (!is_amid_grain(image_, x, y)) return false;
    refused_ += 1;
    return true;
  }
  // False when the lines through (x, y) are not a finder's.
  bool confirm(int x, int y, int total, int level, int origin_x, int origin_y);
  void confirm_loose(int x, int y, int inner, int level, int origin_x, int origin_y);
  void confirm_bullseye(int x, int y, int total, int level, int origin_x, int origin_y);
  void confirm_ring(int x, int y, int total, int level, int origin_x, int origin_y);
  static void add(Candidate* list, int* count, const Candidate& candidate) {
    list[*count] = candidate;
    list[*count].set_reach(*count == 0 ? nullptr : &list[*count - 1]);
    *count += 1;
  }
  // Counts a confirmation of the candidate that the point belongs to; false when there is none.
  static bool count_again(Candidate* list, int count, int px, int py, int polarity);
  // Whether enough rows agreed.
  static bool is_agreed(const Candidate& c);
  // Makes room in a full list: removes candidates with too few rows that row `py` of the plane and those below it can't
  // confirm. False when all of them stay.
  static bool settle(Candidate* list, int* count, int most, int py);
  // Appends the candidates confirmed by enough rows as hit `n` and following; returns the number of hits.
  static int write(const Candidate* list, int count, int n, int32_t* out, size_t out_length);

  BinaryImage image_;
  // The plane as it is, when a halved one is in `image_`.
  BinaryImage finer_;
  OutlineSearch outlines_;
  std::vector<uint8_t> halves_[2];
  std::vector<int32_t> edges_, places_;
  Candidate found_[kCandidates];
  Candidate loose_[kLoose];
  int count_ = 0;
  int loose_count_ = 0;
  int refused_ = 0;
  bool loose_full_ = false;
  std::vector<int32_t> kinds_;
};

}  // namespace showroom
