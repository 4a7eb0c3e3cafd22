#include "kernels/avx2.h"

#if SHOWROOM_HAS_AVX2
#include <immintrin.h>

#include "kernels/avx2-floats.h"
#include "kernels/rows.h"
#include "kernels/stretch.h"

// Positions of a row of bits that may cross a locator, eight at a time. The bounds are those of finder-runs.h. A column
// through the middle of a locator has runs like its row's, which rejects most positions in noise, where no branch can
// be predicted.
namespace showroom {
namespace {

// The last bit of a window that runs are measured in.
constexpr int kLast = 31;

struct Marks {
  __m256 ring, finder, loose, bullseye;
};

struct Runs {
  __m256 a, b, c, d, e;
};

// The bounds of the five runs of a line, except those relative to the core of a row.
struct Line {
  __m256 inner, total;
  Marks marks;
};

SHOWROOM_AVX2 inline __m256 both(__m256 a, __m256 b) { return _mm256_and_ps(a, b); }
SHOWROOM_AVX2 inline __m256 at_most_twice(__m256 less, __m256 more) { return at_least(linear(2, less, 1), more); }

SHOWROOM_AVX2 inline Line judge_line(const Runs& r) {
  Line line;
  const __m256 s = _mm256_add_ps(_mm256_add_ps(r.b, r.c), r.d);
  const __m256 t = _mm256_add_ps(_mm256_add_ps(r.a, r.e), s);
  const __m256 rings = _mm256_min_ps(r.a, r.e);
  const __m256 wide_rings = _mm256_max_ps(r.a, r.e);
  const __m256 gaps = _mm256_min_ps(r.b, r.d);
  const __m256 wide_gaps = _mm256_max_ps(r.b, r.d);
  const __m256 all = _mm256_min_ps(rings, gaps);
  const __m256 even_rings = at_most_twice(rings, wide_rings);
  const __m256 even_gaps = at_most_twice(gaps, wide_gaps);

  __m256 ring = both(at_least(t, _mm256_set1_ps(6)), even_rings);
  ring = both(ring, at_least(times(11, rings), linear(1, t, -6)));
  ring = both(ring, at_least(linear(26, t, 60), times(100, wide_rings)));
  ring = both(ring, at_least(times(100, gaps), linear(16, t, -50)));
  ring = both(ring, at_least(linear(36, t, 50), times(100, wide_gaps)));
  ring = both(ring, at_least(linear(3, gaps, 2), times(2, wide_gaps)));
  line.marks.ring = both(ring, within(linear(8, t, -50), times(100, r.c), linear(29, t, 50)));

  __m256 finder = both(at_least(t, _mm256_set1_ps(7)), both(even_rings, even_gaps));
  finder = both(finder, at_least(times(14, all), linear(1, t, -7)));
  finder = both(finder, at_least(linear(17, t, 35), times(70, _mm256_max_ps(wide_rings, wide_gaps))));
  finder = both(finder, at_least(times(10, r.c), linear(3, t, -5)));
  line.marks.finder = both(finder, at_least(linear(8, t, 7), times(14, r.c)));

  __m256 loose = both(at_least(s, _mm256_set1_ps(5)), even_gaps);
  loose = both(loose, at_least(times(10, all), linear(1, s, -5)));
  loose = both(loose, at_least(linear(17, s, 25), times(50, _mm256_max_ps(rings, wide_gaps))));
  line.marks.loose = both(loose, within(linear(21, s, -25), times(50, r.c), linear(40, s, 25)));

  line.inner = s;
  line.total = t;
  return line;
}

// Whether two lengths may be sides of one square, squeezed; see stretch.h.
SHOWROOM_AVX2 inline __m256 are_like(__m256 a, __m256 b) {
  return both(at_least(times(kStretch, b), times(kStretched, a)), at_least(times(kStretch, a), times(kStretched, b)));
}

SHOWROOM_AVX2 inline Marks judge_row(const int32_t* at) {
  const Runs r = {runs(at, 0, 1), runs(at, 1, 2), runs(at, 2, 3), runs(at, 3, 4), runs(at, 4, 5)};
  Marks marks = judge_line(r).marks;
  const __m256 t = runs(at, 0, 5);
  const __m256 core = at_least(r.c, _mm256_max_ps(r.b, r.d));
  const __m256 wide = both(at_least(times(4, r.b), times(3, r.a)), at_least(times(4, r.d), times(3, r.e)));
  marks.ring = both(marks.ring, both(wide, at_least(t, _mm256_set1_ps(8))));
  marks.finder = both(marks.finder, core);
  marks.loose = both(marks.loose, core);
  const __m256 width = runs(at, -2, 7);
  const __m256 all = _mm256_min_ps(_mm256_min_ps(r.a, r.e), _mm256_min_ps(r.b, r.d));
  const __m256 wide_all = _mm256_max_ps(_mm256_max_ps(r.a, r.e), _mm256_max_ps(r.b, r.d));
  __m256 eye = both(core, both(at_least(width, _mm256_set1_ps(12)), at_least(times(20, all), linear(1, width, -15))));
  eye = both(eye, at_least(linear(3, width, 15), times(20, wide_all)));
  marks.bullseye = both(eye, within(linear(7, width, -50), times(50, r.c), linear(15, width, 50)));
  return marks;
}

// The position of the single set bit in each, or of the highest where the next is not set.
SHOWROOM_AVX2 inline __m256i place_of(__m256i bits) {
  const __m256i exponents = _mm256_srli_epi32(_mm256_castps_si256(_mm256_cvtepi32_ps(bits)), 23);
  return _mm256_sub_epi32(_mm256_and_si256(exponents, _mm256_set1_epi32(255)), _mm256_set1_epi32(127));
}

SHOWROOM_AVX2 inline __m256i lowest_of(__m256i v) {
  const __m256i last = _mm256_set1_epi32(INT32_MIN);
  const __m256i some = _mm256_or_si256(v, last);
  return place_of(_mm256_and_si256(some, _mm256_sub_epi32(_mm256_setzero_si256(), some)));
}

// Positions from the highest bit, which is not set, down to the first set one.
SHOWROOM_AVX2 inline __m256i leading_of(__m256i v) {
  const __m256i some = _mm256_or_si256(v, _mm256_set1_epi32(1));
  const __m256i first = _mm256_andnot_si256(_mm256_srli_epi32(some, 1), some);
  return _mm256_sub_epi32(_mm256_set1_epi32(kLast), place_of(first));
}

// The first steps past the core, the gap and the ring of eight columns, on one side of a row.
struct Ends {
  __m256i core, gap, ring;
};

// `others` are the pixels of the other colour than the first.
SHOWROOM_AVX2 inline Ends ends_below(__m256i others) {
  const __m256i all = _mm256_set1_epi32(-1);
  const __m256i core = lowest_of(others);
  const __m256i gap = lowest_of(_mm256_andnot_si256(others, _mm256_sllv_epi32(all, core)));
  return {core, gap, lowest_of(_mm256_and_si256(others, _mm256_sllv_epi32(all, gap)))};
}

SHOWROOM_AVX2 inline Ends ends_above(__m256i others) {
  const __m256i all = _mm256_set1_epi32(-1);
  const __m256i core = leading_of(others);
  const __m256i gap = leading_of(_mm256_andnot_si256(others, _mm256_srlv_epi32(all, core)));
  return {core, gap, leading_of(_mm256_and_si256(others, _mm256_srlv_epi32(all, gap)))};
}

// A run ends at the edge of the image, whatever follows.
SHOWROOM_AVX2 inline Ends up_to(const Ends& ends, int edge) {
  const __m256i most = _mm256_set1_epi32(edge);
  return {_mm256_min_epi32(ends.core, most), _mm256_min_epi32(ends.gap, most), _mm256_min_epi32(ends.ring, most)};
}

SHOWROOM_AVX2 inline __m256 between(__m256i from, __m256i to) { return _mm256_cvtepi32_ps(_mm256_sub_epi32(to, from)); }

// The locators of a row that the columns in their middles allow; windows too short for a column allow all.
SHOWROOM_AVX2 inline Marks judge_columns(const int32_t* at, int width, const ColumnsAt& columns,
                                         const Marks& marks) {
  const auto load = [at](int i) SHOWROOM_AVX2 { return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at + i)); };
  // The content behind the last edge is undefined.
  const __m256i middle = _mm256_srai_epi32(_mm256_add_epi32(load(2), load(3)), 1);
  const __m256i x = _mm256_min_epi32(middle, _mm256_set1_epi32(width - 1));
  const __m256i word = _mm256_mullo_epi32(x, _mm256_set1_epi32(columns.stride));
  const int* const words = reinterpret_cast<const int*>(columns.words);
  const __m256i here = _mm256_i32gather_epi32(words, word, 4);
  const __m256i next = _mm256_i32gather_epi32(words + 1, word, 4);
  const __m256i last = _mm256_i32gather_epi32(words - 1, word, 4);
  const auto shift = [](int n) SHOWROOM_AVX2 { return _mm_cvtsi32_si128(n); };
  const int bit = columns.bit;
  const __m256i below = _mm256_or_si256(_mm256_srl_epi32(here, shift(bit)), _mm256_sll_epi32(next, shift(32 - bit)));
  const __m256i above = _mm256_or_si256(_mm256_sll_epi32(here, shift(31 - bit)), _mm256_srl_epi32(last, shift(bit + 1)));
  const __m256i same = _mm256_srai_epi32(above, 31);
  const Ends down = ends_below(_mm256_xor_si256(below, same));
  const Ends up = ends_above(_mm256_xor_si256(above, same));
  const __m256i is_short = _mm256_cmpgt_epi32(_mm256_max_epi32(down.ring, up.ring), _mm256_set1_epi32(kLast - 1));
  const Ends d = up_to(down, columns.below);
  const Ends u = up_to(up, columns.above);
  const Runs runs_down = {between(u.gap, u.ring), between(u.core, u.gap),
                          between(_mm256_set1_epi32(1), _mm256_add_epi32(u.core, d.core)), between(d.core, d.gap),
                          between(d.gap, d.ring)};
  const Line line = judge_line(runs_down);
  const __m256 t = runs(at, 0, 5);
  const __m256 s = runs(at, 1, 4);
  const __m256 nine = runs(at, -2, 7);
  const __m256 least = _mm256_min_ps(_mm256_min_ps(runs_down.a, runs_down.e), _mm256_min_ps(runs_down.b, runs_down.d));
  const __m256 most = _mm256_max_ps(_mm256_max_ps(runs_down.a, runs_down.e), _mm256_max_ps(runs_down.b, runs_down.d));
  const __m256 whole = at_least(least, _mm256_set1_ps(1));
  const __m256 high = line.total;
  const __m256 even = both(at_least(linear(3, t, 2), times(2, high)), at_least(linear(3, high, 2), times(2, t)));
  // The height is 5/8 to 8/5 of the width, and each run except the core has from a twentieth to three.
  __m256 eye = at_least(times(160, least), linear(5, nine, -120));
  eye = both(eye, at_least(linear(24, nine, 75), times(100, most)));
  eye = both(eye, at_least(times(3, runs_down.c), linear(1, line.inner, 1)));
  const __m256 unknown = _mm256_castsi256_ps(is_short);
  const auto keep = [&](__m256 mark, __m256 seen) SHOWROOM_AVX2 {
    return both(mark, _mm256_or_ps(unknown, both(whole, seen)));
  };
  return {keep(marks.ring, both(line.marks.ring, even)),
          keep(marks.finder, both(line.marks.finder, are_like(t, high))),
          keep(marks.loose, both(line.marks.loose, are_like(s, line.inner))), keep(marks.bullseye, eye)};
}

}  // namespace

SHOWROOM_AVX2 int avx2_match_runs(const int32_t* edges, int n, const ColumnsAt& columns, int32_t* places) {
  int count = 0;
  for (int i = 0; i + 5 <= n; i += 8) {
    const unsigned known = n - 5 - i < 7 ? (1u << (n - 4 - i)) - 1 : 255;
    const auto bits = [known](__m256 mask) SHOWROOM_AVX2 {
      return static_cast<unsigned>(_mm256_movemask_ps(mask)) & known;
    };
    Marks marks = judge_row(edges + i);
    const __m256 any = _mm256_or_ps(_mm256_or_ps(marks.ring, marks.finder), _mm256_or_ps(marks.loose, marks.bullseye));
    if (bits(any) == 0) continue;
    marks = judge_columns(edges + i, edges[n], columns, marks);
    const unsigned ring = bits(marks.ring);
    const unsigned finder = bits(marks.finder);
    const unsigned loose = bits(marks.loose);
    const unsigned eye = bits(marks.bullseye);
    for (unsigned mask = ring | finder | loose | eye; mask != 0; mask &= mask - 1) {
      const int k = __builtin_ctz(mask);
      const unsigned here = (ring >> k & 1) * kRingMark | (finder >> k & 1) * kFinderMark |
                            (loose >> k & 1) * kLooseMark | (eye >> k & 1) * kBullseyeMark;
      places[count++] = static_cast<int32_t>(static_cast<unsigned>(i + k) | here << kMarkShift);
    }
  }
  return count;
}

}  // namespace showroom

#endif
