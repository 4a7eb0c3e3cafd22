#pragma once
// How far a locator may be stretched; see src/native/twin/stretch.ts.

namespace showroom {

constexpr int kStretch = 14, kStretched = 5;

inline bool are_alike(int a, int b) { return kStretched * a <= kStretch * b && kStretched * b <= kStretch * a; }

}  // namespace showroom
