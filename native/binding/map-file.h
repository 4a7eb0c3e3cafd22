#pragma once
#include <napi.h>

namespace showroom {

// mapFile(memory, fd, bytes): replaces the first pages of `memory` by those of a file, read-only. 0, or the errno of the
// failed call; undefined where unsupported. `memory` must lie in pages of its own: a WebAssembly memory, never a block of malloc.
Napi::Value MapFile(const Napi::CallbackInfo& info);

}  // namespace showroom
