#pragma once
// Bounds-checked kernel arguments from JavaScript.
#include <napi.h>

#include <algorithm>
#include <cstdint>
#include <string>

#include "kernels/rows.h"
#include "kernels/compose.h"

namespace showroom {

// A typed array's memory; ordinary and shared buffers alike.
template <typename T>
struct Span {
  T* data = nullptr;
  size_t length = 0;
};

template <typename T>
bool take(const Napi::CallbackInfo& info, size_t index, napi_typedarray_type type, Span<T>* span) {
  napi_typedarray_type found;
  void* data = nullptr;
  size_t length = 0;
  const napi_status status = napi_get_typedarray_info(info.Env(), info[index], &found, &length, &data, nullptr, nullptr);
  const bool bytes = type == napi_uint8_array && found == napi_uint8_clamped_array;
  if (status != napi_ok || (found != type && !bytes)) {
    Napi::TypeError::New(info.Env(), "argument " + std::to_string(index) + ": a typed array of another kind expected")
        .ThrowAsJavaScriptException();
    return false;
  }
  span->data = static_cast<T*>(data);
  span->length = length;
  return true;
}

inline bool bytes_at(const Napi::CallbackInfo& info, size_t index, Span<uint8_t>* span) {
  return take(info, index, napi_uint8_array, span);
}
inline bool ints_at(const Napi::CallbackInfo& info, size_t index, size_t least, Span<int32_t>* span) {
  if (!take(info, index, napi_int32_array, span)) return false;
  if (span->length >= least) return true;
  Napi::RangeError::New(info.Env(), "argument " + std::to_string(index) + ": too short").ThrowAsJavaScriptException();
  return false;
}

inline bool require(const Napi::CallbackInfo& info, bool ok, const char* what) {
  if (!ok) Napi::RangeError::New(info.Env(), what).ThrowAsJavaScriptException();
  return ok;
}

constexpr int kMaxSide = 32768;

inline bool is_frame(int width, int height, size_t bytes) {
  return width > 0 && height > 0 && width <= kMaxSide && height <= kMaxSide && ((width | height) & 1) == 0 &&
         bytes >= static_cast<size_t>(width) * height / 2 * 3;
}

inline bool is_plane(int stride, int rows, size_t bytes) {
  return stride > 0 && rows >= 0 && bytes >= static_cast<size_t>(stride) * static_cast<size_t>(rows);
}

// Clips a rectangle (x, y, w, h) to a plane; false when empty.
inline bool hold_rect(const int32_t* r, int stride, int rows, Box* box) {
  const int64_t x0 = std::max(r[0], 0);
  const int64_t y0 = std::max(r[1], 0);
  const int64_t x1 = std::min(int64_t{stride}, int64_t{r[0]} + r[2]);
  const int64_t y1 = std::min(int64_t{rows}, int64_t{r[1]} + r[3]);
  if (x0 >= x1 || y0 >= y1) return false;
  *box = {static_cast<int>(x0), static_cast<int>(y0), static_cast<int>(x1), static_cast<int>(y1)};
  return true;
}

}  // namespace showroom
