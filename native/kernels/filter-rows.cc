#include "kernels/avx2.h"
#include "kernels/filter-rows-inl.h"
#include "kernels/rows.h"

namespace showroom {
namespace {

#define SHOWROOM_FILTER_ROWS(TARGET)                                                                                 \
  TARGET void blur_row_1(const uint8_t* p, int w, uint16_t* to) { body::blur_row<1>(p, w, to); }                     \
  TARGET void blur_row_2(const uint8_t* p, int w, uint16_t* to) { body::blur_row<2>(p, w, to); }                     \
  TARGET void sharpen_row_1(const uint8_t* p, const uint16_t* const* rows, int w, int gain, uint8_t* to) {           \
    body::sharpen_row<1>(p, rows, w, gain, to);                                                                      \
  }                                                                                                                  \
  TARGET void sharpen_row_2(const uint8_t* p, const uint16_t* const* rows, int w, int gain, uint8_t* to) {           \
    body::sharpen_row<2>(p, rows, w, gain, to);                                                                      \
  }                                                                                                                  \
  TARGET void enlarge_across(const uint8_t* p, int w, int16_t* out) { body::enlarge_across(p, w, out); }             \
  TARGET void enlarge_down(const int16_t* const* rows, int w, uint8_t* upper, uint8_t* lower) {                      \
    body::enlarge_down(rows, w, upper, lower);                                                                       \
  }                                                                                                                  \
  TARGET void box_across(const uint8_t* p, int radius, int w, uint8_t* to) {                                         \
    body::box_across(p, radius, w, to);                                                                              \
  }                                                                                                                  \
  TARGET void box_down(const uint8_t* const* rows, int radius, int w, uint8_t* to) {                                 \
    body::box_down(rows, radius, w, to);                                                                             \
  }                                                                                                                  \
  TARGET void double_row(const uint8_t* near, const uint8_t* far, int w, uint8_t* to) {                              \
    body::double_row(near, far, w, to);                                                                              \
  }                                                                                                                  \
  const FilterRows kRows = {{blur_row_1, blur_row_2}, {sharpen_row_1, sharpen_row_2}, enlarge_across, enlarge_down,  \
                            box_across, box_down, double_row};

namespace plain {
SHOWROOM_FILTER_ROWS()
}  // namespace plain

#if SHOWROOM_HAS_AVX2
namespace avx2 {
SHOWROOM_FILTER_ROWS(SHOWROOM_AVX2)
}  // namespace avx2
#endif

}  // namespace

const FilterRows& scalar_filter_rows() { return plain::kRows; }
#if SHOWROOM_HAS_AVX2
const FilterRows& avx2_filter_rows() { return avx2::kRows; }
#endif

}  // namespace showroom
