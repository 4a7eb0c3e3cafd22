#pragma once
#include <napi.h>

namespace showroom {

// keepHeapSmall(): few malloc arenas from here on. Call it before threads start. Nothing happens off glibc.
void KeepHeapSmall(const Napi::CallbackInfo& info);
// trimHeap(): gives freed memory back to the system.
void TrimHeap(const Napi::CallbackInfo& info);

}  // namespace showroom
