#include "binding/kernels-object.h"

#include <algorithm>

#include "binding/arguments.h"
#include "kernels/pack-changes.h"

namespace showroom {

Napi::Function KernelsObject::Define(Napi::Env env) {
  return DefineClass(env, "Kernels",
                     {
                         InstanceAccessor<&KernelsObject::Variant>("variant"),
                         InstanceMethod<&KernelsObject::RgbaToYuva>("rgbaToYuva"),
                         InstanceMethod<&KernelsObject::Compose>("compose"),
                         InstanceMethod<&KernelsObject::CopyRects>("copyRects"),
                         InstanceMethod<&KernelsObject::I420ToRgba>("i420ToRgba"),
                         InstanceMethod<&KernelsObject::FindFinders>("findFinders"),
                         InstanceMethod<&KernelsObject::OutlineKinds>("outlineKinds"),
                         InstanceMethod<&KernelsObject::FindTexture>("findTexture"),
                         InstanceMethod<&KernelsObject::FindTinyFinders>("findTinyFinders"),
                         InstanceMethod<&KernelsObject::ShrinkRect>("shrinkRect"),
                         InstanceMethod<&KernelsObject::MeanCells>("meanCells"),
                         InstanceMethod<&KernelsObject::SharpenPlane>("sharpenPlane"),
                         InstanceMethod<&KernelsObject::EnlargePlane>("enlargePlane"),
                         InstanceMethod<&KernelsObject::DoublePlane>("doublePlane"),
                         InstanceMethod<&KernelsObject::BlurPlane>("blurPlane"),
                         InstanceMethod<&KernelsObject::TurnPlane>("turnPlane"),
                         InstanceMethod<&KernelsObject::PlacePatch>("placePatch"),
                         InstanceMethod<&KernelsObject::KeyChroma>("keyChroma"),
                         InstanceMethod<&KernelsObject::MixPlanes>("mixPlanes"),
                         InstanceMethod<&KernelsObject::PlaneStats>("planeStats"),
                         InstanceMethod<&KernelsObject::CountDifferences>("countDifferences"),
                         InstanceMethod<&KernelsObject::PackChanges>("packChanges"),
                         InstanceMethod<&KernelsObject::UnpackChanges>("unpackChanges"),
                     });
}

KernelsObject::KernelsObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<KernelsObject>(info) {
  const std::string variant = info[0].IsString() ? info[0].As<Napi::String>().Utf8Value() : std::string();
  rows_ = rows_for(variant.c_str());
  require(info, rows_ != nullptr, "this processor does not support that variant");
}

Napi::Value KernelsObject::Variant(const Napi::CallbackInfo& info) {
  return Napi::String::New(info.Env(), rows_->variant);
}

Napi::Value KernelsObject::RgbaToYuva(const Napi::CallbackInfo& info) {
  Span<uint8_t> rgba, out;
  Span<int32_t> shape;
  if (!bytes_at(info, 0, &rgba) || !ints_at(info, 1, 6, &shape) || !bytes_at(info, 2, &out)) return info.Env().Undefined();
  const int32_t* s = shape.data;
  const bool sane = s[0] > 0 && s[1] > 0 && s[0] <= kMaxSide && s[1] <= kMaxSide && (s[2] | s[3] | 1) == 1 &&
                    s[4] == ((s[0] + s[2] + 1) & ~1) && s[5] == ((s[1] + s[3] + 1) & ~1) &&
                    rgba.length >= static_cast<size_t>(s[0]) * s[1] * 4 &&
                    out.length >= static_cast<size_t>(s[4]) * s[5] / 4 * 11;
  if (!require(info, sane, "rgbaToYuva: sizes do not fit the buffers")) return info.Env().Undefined();
  const uint64_t not_opaque = rows_->rgba_to_yuva(rgba.data, s[0], s[1], s[2], s[3], out.data, s[4], s[5]);
  return Napi::Boolean::New(info.Env(), not_opaque == 0);
}

void KernelsObject::Compose(const Napi::CallbackInfo& info) {
  Span<uint8_t> canvas;
  Span<int32_t> shape, rects, items, sizes;
  if (!bytes_at(info, 0, &canvas) || !ints_at(info, 1, 4, &shape)) return;
  const int32_t* s = shape.data;
  if (!require(info, is_frame(s[0], s[1], canvas.length) && s[2] >= 0 && s[3] >= 0, "compose: not a frame")) return;
  const size_t count = static_cast<size_t>(s[3]);
  if (!ints_at(info, 2, static_cast<size_t>(s[2]) * 4, &rects) || !ints_at(info, 3, count * kDrawStride, &items) ||
      !ints_at(info, 5, count * 3, &sizes)) {
    return;
  }
  if (bitmaps_.size() < count) bitmaps_.resize(count);
  for (size_t i = 0; i < count; i += 1) {
    napi_value value;
    napi_typedarray_type type;
    void* data = nullptr;
    size_t length = 0;
    const int32_t* size = sizes.data + i * 3;
    const bool sane =
        napi_get_element(info.Env(), info[4], static_cast<uint32_t>(i), &value) == napi_ok &&
        napi_get_typedarray_info(info.Env(), value, &type, &length, &data, nullptr, nullptr) == napi_ok &&
        type == napi_uint8_array && size[0] > 0 && size[1] > 0 && size[0] <= kMaxSide && size[1] <= kMaxSide &&
        ((size[0] | size[1]) & 1) == 0 && length >= static_cast<size_t>(size[0]) * size[1] / 4 * 11;
    if (!require(info, sane, "compose: a bitmap's size does not fit its data")) return;
    bitmaps_[i] = {static_cast<const uint8_t*>(data), size[0], size[1], size[2] != 0};
  }
  compose(*rows_, canvas.data, s[0], s[1], rects.data, s[2], items.data, s[3], bitmaps_.data());
}

void KernelsObject::CopyRects(const Napi::CallbackInfo& info) {
  Span<uint8_t> from, to;
  Span<int32_t> shape, rects;
  if (!bytes_at(info, 0, &from) || !bytes_at(info, 1, &to) || !ints_at(info, 2, 3, &shape)) return;
  const int32_t* s = shape.data;
  const bool sane = is_frame(s[0], s[1], std::min(from.length, to.length)) && s[2] >= 0;
  if (!require(info, sane, "copyRects: frames differ in size")) return;
  if (!ints_at(info, 3, static_cast<size_t>(s[2]) * 4, &rects)) return;
  copy_rects(from.data, to.data, s[0], s[1], rects.data, s[2]);
}

void KernelsObject::I420ToRgba(const Napi::CallbackInfo& info) {
  Span<uint8_t> frame, out;
  if (!bytes_at(info, 0, &frame) || !bytes_at(info, 3, &out)) return;
  const int width = info[1].ToNumber().Int32Value();
  const int height = info[2].ToNumber().Int32Value();
  const bool sane = is_frame(width, height, frame.length) && out.length >= static_cast<size_t>(width) * height * 4;
  if (!require(info, sane, "i420ToRgba: sizes do not fit the buffers")) return;
  rows_->i420_to_rgba(frame.data, width, height, out.data);
}

Napi::Value KernelsObject::FindFinders(const Napi::CallbackInfo& info) {
  Span<uint8_t> plane;
  Span<int32_t> shape, out, outlines;
  if (!bytes_at(info, 0, &plane) || !ints_at(info, 1, 6, &shape) || !ints_at(info, 2, 0, &out) ||
      !ints_at(info, 3, 0, &outlines)) {
    return info.Env().Undefined();
  }
  const int32_t* s = shape.data;
  if (!require(info, is_plane(s[0], s[1], plane.length), "findFinders: not a plane")) return info.Env().Undefined();
  Box box;
  if (outlines.length > 0) outlines.data[0] = 0;
  const int found = hold_rect(s + 2, s[0], s[1], &box)
                        ? search_.run(*rows_, plane.data, s[0], s[1], box, out.data, out.length, outlines.data, outlines.length)
                        : 0;
  return Napi::Number::New(info.Env(), found);
}

Napi::Value KernelsObject::OutlineKinds(const Napi::CallbackInfo& info) {
  Span<uint8_t> plane;
  Span<int32_t> shape;
  if (!bytes_at(info, 0, &plane) || !ints_at(info, 1, 2, &shape)) return info.Env().Undefined();
  const int32_t* s = shape.data;
  const bool sane = s[1] > 0 && s[0] <= kMaxSide && s[1] <= kMaxSide && is_plane(s[0], s[1], plane.length);
  if (!require(info, sane, "outlineKinds: not a plane")) return info.Env().Undefined();
  return Napi::Number::New(info.Env(), search_.outline_kinds(*rows_, plane.data, s[0], s[1]));
}

Napi::Value KernelsObject::FindTexture(const Napi::CallbackInfo& info) {
  Span<uint8_t> plane;
  Span<int32_t> shape, rects, out;
  if (!bytes_at(info, 0, &plane) || !ints_at(info, 1, 5, &shape)) return info.Env().Undefined();
  const int32_t* s = shape.data;
  const bool sane = s[1] > 0 && s[0] <= kMaxSide && s[1] <= kMaxSide && is_plane(s[0], s[1], plane.length) && s[2] >= 1 &&
                    s[2] <= 255 && s[3] >= 1 && s[3] <= 64 && s[4] >= 0;
  if (!require(info, sane, "findTexture: not a plane")) return info.Env().Undefined();
  if (!ints_at(info, 2, static_cast<size_t>(s[4]) * 4, &rects) || !ints_at(info, 3, TextureSearch::kOut, &out)) {
    return info.Env().Undefined();
  }
  return Napi::Number::New(info.Env(), texture_.run(*rows_, plane.data, s[0], s[1], s[2], rects.data, s[4], s[3], out.data));
}

Napi::Value KernelsObject::FindTinyFinders(const Napi::CallbackInfo& info) {
  Span<uint8_t> plane;
  Span<int32_t> shape, out;
  if (!bytes_at(info, 0, &plane) || !ints_at(info, 1, 2, &shape) || !ints_at(info, 2, TinyFinders::kOut, &out)) {
    return info.Env().Undefined();
  }
  const int32_t* s = shape.data;
  const bool sane = s[1] > 0 && s[0] <= kMaxSide && s[1] <= kMaxSide && is_plane(s[0], s[1], plane.length);
  if (!require(info, sane, "findTinyFinders: not a plane")) return info.Env().Undefined();
  return Napi::Number::New(info.Env(), tiny_.run(*rows_, plane.data, s[0], s[1], out.data));
}

void KernelsObject::PlaneStats(const Napi::CallbackInfo& info) {
  Span<uint8_t> plane;
  Span<int32_t> shape;
  Span<double> out;
  if (!bytes_at(info, 0, &plane) || !ints_at(info, 1, 6, &shape) || !take(info, 2, napi_float64_array, &out)) return;
  const int32_t* s = shape.data;
  if (!require(info, is_plane(s[0], s[1], plane.length) && out.length >= 4, "planeStats: not a plane")) return;
  std::fill(out.data, out.data + 4, 0.0);
  Box b;
  if (!hold_rect(s + 2, s[0], s[1], &b)) return;
  const PlaneSums sums = rows_->plane_sums(plane.data, s[0], b.x0, b.y0, b.x1, b.y1);
  const double w = b.x1 - b.x0;
  const double h = b.y1 - b.y0;
  const double n = w * h;
  const double mean = static_cast<double>(sums.sum) / n;
  out.data[0] = mean;
  out.data[1] = std::max(0.0, static_cast<double>(sums.squares) / n - mean * mean);
  if (w > 2 && h > 2) out.data[2] = static_cast<double>(sums.laplacian) / ((w - 2) * (h - 2));
  out.data[3] = static_cast<double>(sums.black) / n;
}

Napi::Value KernelsObject::CountDifferences(const Napi::CallbackInfo& info) {
  Span<uint8_t> a, b;
  if (!bytes_at(info, 0, &a) || !bytes_at(info, 1, &b)) return info.Env().Undefined();
  if (!require(info, a.length == b.length, "countDifferences: lengths differ")) return info.Env().Undefined();
  return Napi::Number::New(info.Env(), static_cast<double>(rows_->count_differences(a.data, b.data, a.length)));
}

Napi::Value KernelsObject::PackChanges(const Napi::CallbackInfo& info) {
  Span<uint8_t> from, to, out;
  if (!bytes_at(info, 0, &from) || !bytes_at(info, 1, &to) || !bytes_at(info, 2, &out)) return info.Env().Undefined();
  const bool sane = from.length == to.length && out.length >= packed_limit(to.length);
  if (!require(info, sane, "packChanges: sizes do not fit the buffers")) return info.Env().Undefined();
  return Napi::Number::New(info.Env(), static_cast<double>(pack_changes(from.data, to.data, to.length, out.data)));
}

Napi::Value KernelsObject::UnpackChanges(const Napi::CallbackInfo& info) {
  Span<uint8_t> packed, frame;
  if (!bytes_at(info, 0, &packed) || !bytes_at(info, 2, &frame)) return info.Env().Undefined();
  const int64_t bytes = info[1].ToNumber().Int64Value();
  const bool sane = bytes >= 0 && static_cast<uint64_t>(bytes) <= packed.length;
  if (!require(info, sane, "unpackChanges: sizes do not fit the buffers")) return info.Env().Undefined();
  return Napi::Boolean::New(info.Env(), unpack_changes(packed.data, static_cast<size_t>(bytes), frame.data, frame.length));
}

}  // namespace showroom
