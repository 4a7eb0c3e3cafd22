#pragma once
#include <napi.h>

#include <vector>

#include "kernels/compose.h"
#include "kernels/find-finders.h"
#include "kernels/find-texture.h"
#include "kernels/plane-filters.h"
#include "kernels/tiny-finders.h"

namespace showroom {

// One thread's kernels: the instruction set and the scratch memory, which only grows.
class KernelsObject : public Napi::ObjectWrap<KernelsObject> {
 public:
  static Napi::Function Define(Napi::Env env);
  explicit KernelsObject(const Napi::CallbackInfo& info);

 private:
  Napi::Value Variant(const Napi::CallbackInfo& info);
  Napi::Value RgbaToYuva(const Napi::CallbackInfo& info);
  void Compose(const Napi::CallbackInfo& info);
  void CopyRects(const Napi::CallbackInfo& info);
  void I420ToRgba(const Napi::CallbackInfo& info);
  Napi::Value FindFinders(const Napi::CallbackInfo& info);
  Napi::Value OutlineKinds(const Napi::CallbackInfo& info);
  Napi::Value FindTexture(const Napi::CallbackInfo& info);
  Napi::Value FindTinyFinders(const Napi::CallbackInfo& info);
  void ShrinkRect(const Napi::CallbackInfo& info);
  void MeanCells(const Napi::CallbackInfo& info);
  void SharpenPlane(const Napi::CallbackInfo& info);
  void EnlargePlane(const Napi::CallbackInfo& info);
  void DoublePlane(const Napi::CallbackInfo& info);
  void BlurPlane(const Napi::CallbackInfo& info);
  void TurnPlane(const Napi::CallbackInfo& info);
  void PlacePatch(const Napi::CallbackInfo& info);
  void KeyChroma(const Napi::CallbackInfo& info);
  Napi::Value MixPlanes(const Napi::CallbackInfo& info);
  void PlaneStats(const Napi::CallbackInfo& info);
  Napi::Value CountDifferences(const Napi::CallbackInfo& info);
  Napi::Value PackChanges(const Napi::CallbackInfo& info);
  Napi::Value UnpackChanges(const Napi::CallbackInfo& info);

  const RowKernels* rows_ = nullptr;
  FinderSearch search_;
  TextureSearch texture_;
  TinyFinders tiny_;
  PlaneFilters filters_;
  std::vector<Bitmap> bitmaps_;
  std::vector<uint8_t> mixed_;
};

}  // namespace showroom
