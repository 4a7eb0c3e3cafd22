#include <algorithm>
#include <cmath>

#include "binding/arguments.h"
#include "binding/kernels-object.h"
#include "kernels/key-chroma.h"
#include "kernels/place-patch.h"
#include "kernels/turn-plane.h"

// The kernels that transform one plane into another.
namespace showroom {
namespace {

// Sides of a picture to place; fixed-point coordinates stay within 32 bits.
constexpr int32_t kMaxPatch = 2048;

}  // namespace

void KernelsObject::ShrinkRect(const Napi::CallbackInfo& info) {
  Span<uint8_t> plane, to;
  Span<int32_t> shape;
  if (!bytes_at(info, 0, &plane) || !ints_at(info, 1, 7, &shape) || !bytes_at(info, 2, &to)) return;
  const int32_t* s = shape.data;
  const bool sane = is_plane(s[0], s[1], plane.length) && s[2] >= 0 && s[3] >= 0 && s[4] >= 0 && s[5] >= 0 &&
                    s[4] <= s[0] - s[2] && s[5] <= s[1] - s[3] && s[6] >= 0 && s[6] <= 8 && plane.data != to.data &&
                    to.length >= static_cast<size_t>(s[4] >> s[6]) * static_cast<size_t>(s[5] >> s[6]);
  if (!require(info, sane, "shrinkRect: sizes do not fit the buffers")) return;
  const uint8_t* from = plane.data + static_cast<size_t>(s[3]) * s[0] + s[2];
  filters_.shrink(*rows_, from, s[0], s[4], s[5], s[6], to.data);
}

void KernelsObject::MeanCells(const Napi::CallbackInfo& info) {
  Span<uint8_t> plane, to;
  Span<int32_t> shape;
  if (!bytes_at(info, 0, &plane) || !ints_at(info, 1, 3, &shape) || !bytes_at(info, 2, &to)) return;
  const int32_t* s = shape.data;
  const bool sane = s[1] > 0 && is_plane(s[0], s[1], plane.length) && s[2] >= 1 && s[2] <= kMaxCells &&
                    to.length >= static_cast<size_t>(s[2]) * s[2];
  if (!require(info, sane, "meanCells: sizes do not fit the buffers")) return;
  filters_.mean_cells(plane.data, s[0], s[1], s[2], to.data);
}

void KernelsObject::SharpenPlane(const Napi::CallbackInfo& info) {
  Span<uint8_t> from, to;
  Span<int32_t> shape;
  if (!bytes_at(info, 0, &from) || !ints_at(info, 1, 4, &shape) || !bytes_at(info, 2, &to)) return;
  const int32_t* s = shape.data;
  const bool sane = s[1] > 0 && is_plane(s[0], s[1], std::min(from.length, to.length)) && (s[2] == 1 || s[2] == 2) &&
                    s[3] >= 1 && s[3] <= 16 && from.data != to.data;
  if (!require(info, sane, "sharpenPlane: planes differ in size")) return;
  filters_.sharpen(*rows_, from.data, s[0], s[1], s[2], s[3], to.data);
}

void KernelsObject::EnlargePlane(const Napi::CallbackInfo& info) {
  Span<uint8_t> from, to;
  Span<int32_t> shape;
  if (!bytes_at(info, 0, &from) || !ints_at(info, 1, 2, &shape) || !bytes_at(info, 2, &to)) return;
  const int32_t* s = shape.data;
  const bool sane = s[1] > 0 && is_plane(s[0], s[1], std::min(from.length, to.length / 4));
  if (!require(info, sane, "enlargePlane: sizes do not fit the buffers")) return;
  filters_.enlarge(*rows_, from.data, s[0], s[1], to.data);
}

void KernelsObject::DoublePlane(const Napi::CallbackInfo& info) {
  Span<uint8_t> from, to;
  Span<int32_t> shape;
  if (!bytes_at(info, 0, &from) || !ints_at(info, 1, 2, &shape) || !bytes_at(info, 2, &to)) return;
  const int32_t* s = shape.data;
  const bool sane = s[1] > 0 && is_plane(s[0], s[1], std::min(from.length, to.length / 4));
  if (!require(info, sane, "doublePlane: sizes do not fit the buffers")) return;
  filters_.double_plane(*rows_, from.data, s[0], s[1], to.data);
}

void KernelsObject::BlurPlane(const Napi::CallbackInfo& info) {
  Span<uint8_t> plane;
  Span<int32_t> shape;
  if (!bytes_at(info, 0, &plane) || !ints_at(info, 1, 3, &shape)) return;
  const int32_t* s = shape.data;
  const bool sane = s[1] > 0 && is_plane(s[0], s[1], plane.length) && s[2] >= 1 && s[2] <= kMaxBlur;
  if (!require(info, sane, "blurPlane: not a plane, or an unsupported radius")) return;
  filters_.blur(*rows_, plane.data, s[0], s[1], s[2]);
}

void KernelsObject::PlacePatch(const Napi::CallbackInfo& info) {
  Span<uint8_t> first, second, to;
  Span<int32_t> shape, inverse, tone;
  if (!bytes_at(info, 0, &first) || !bytes_at(info, 1, &second) || !ints_at(info, 2, 5, &shape) ||
      !ints_at(info, 3, 6, &inverse) || !ints_at(info, 4, 3, &tone) || !bytes_at(info, 5, &to)) {
    return;
  }
  const int32_t* s = shape.data;
  const auto side = [](int32_t v) { return v > 0 && v <= kMaxPatch && (v & 1) == 0; };
  const auto yuva = [](int32_t w, int32_t h) { return static_cast<size_t>(w) * h / 4 * 11; };
  const bool sane = side(s[0]) && side(s[1]) && s[2] >= 0 && s[2] <= 256 && side(s[3]) && side(s[4]) &&
                    std::min(first.length, second.length) >= yuva(s[0], s[1]) && to.length >= yuva(s[3], s[4]) &&
                    to.data != first.data && to.data != second.data;
  if (!require(info, sane, "placePatch: sizes do not fit the buffers")) return;
  const uint8_t* from = first.data;
  if (s[2] > 0) {
    const size_t bytes = yuva(s[0], s[1]);
    if (mixed_.size() < bytes) mixed_.resize(bytes);
    mix_patches(first.data, second.data, bytes, s[2], mixed_.data());
    from = mixed_.data();
  }
  place_patch(from, {s[0], s[1], inverse.data, tone.data, s[3], s[4]}, to.data);
}

void KernelsObject::KeyChroma(const Napi::CallbackInfo& info) {
  Span<uint8_t> frame, tables, to;
  Span<int32_t> shape;
  if (!bytes_at(info, 0, &frame) || !ints_at(info, 1, 6, &shape) || !bytes_at(info, 2, &tables) || !bytes_at(info, 3, &to)) {
    return;
  }
  const int32_t* s = shape.data;
  const auto yuva = [](int32_t w, int32_t h) { return static_cast<size_t>(w) * h / 4 * 11; };
  const bool sane = is_frame(s[0], s[1], frame.length) && is_frame(s[2], s[3], to.length) && to.length >= yuva(s[2], s[3]) &&
                    tables.length >= 3 * 65536 && s[4] >= 0 && s[5] >= 0 && ((s[4] | s[5]) & 1) == 0 && s[0] <= s[2] - s[4] &&
                    s[1] <= s[3] - s[5] && frame.data != to.data;
  if (!require(info, sane, "keyChroma: sizes do not fit the buffers")) return;
  key_chroma(frame.data, tables.data, {s[0], s[1], s[2], s[3], s[4], s[5]}, to.data);
}

void KernelsObject::TurnPlane(const Napi::CallbackInfo& info) {
  Span<uint8_t> from, to;
  Span<int32_t> shape;
  Span<double> turn;
  if (!bytes_at(info, 0, &from) || !ints_at(info, 1, 5, &shape) || !take(info, 2, napi_float64_array, &turn) ||
      !bytes_at(info, 3, &to)) {
    return;
  }
  const int32_t* s = shape.data;
  const bool sane = s[0] > 1 && s[1] > 1 && is_plane(s[0], s[1], from.length) && (s[2] == 1 || s[2] == 2) &&
                    s[3] > 0 && s[4] > 0 && is_plane(s[3], s[4], to.length) && turn.length >= 2 && from.data != to.data &&
                    std::abs(turn.data[0]) <= 1 && std::abs(turn.data[1]) <= 1;
  if (!require(info, sane, "turnPlane: sizes do not fit the buffers, or the angle is invalid")) return;
  turn_plane(from.data, s[0], s[1], turn.data[0], turn.data[1], s[2], to.data, s[3], s[4]);
}

Napi::Value KernelsObject::MixPlanes(const Napi::CallbackInfo& info) {
  Span<uint8_t> cb, cr, to;
  Span<int32_t> shape;
  if (!bytes_at(info, 0, &cb) || !bytes_at(info, 1, &cr) || !ints_at(info, 2, 9, &shape) || !bytes_at(info, 3, &to)) {
    return info.Env().Undefined();
  }
  const int32_t* s = shape.data;
  const bool sane = is_plane(s[0], s[1], std::min(cb.length, cr.length)) && s[2] >= 0 && s[3] >= 0 && s[4] > 0 && s[5] > 0 &&
                    s[4] <= s[0] - s[2] && s[5] <= s[1] - s[3] && s[6] >= 0 && s[6] <= 1 && s[7] >= -1 && s[7] <= 1 &&
                    s[8] >= 1 && to.length >= static_cast<size_t>(s[4]) * static_cast<size_t>(s[5]);
  if (!require(info, sane, "mixPlanes: sizes do not fit the buffers")) return info.Env().Undefined();
  const size_t at = static_cast<size_t>(s[3]) * s[0] + s[2];
  return Napi::Number::New(info.Env(), filters_.mix(cb.data + at, cr.data + at, s[0], s[4], s[5], s[6], s[7], s[8], to.data));
}

}  // namespace showroom
