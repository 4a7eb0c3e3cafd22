#pragma once
#include <napi.h>

namespace showroom {

// openPipe(bufferBytes): [readFd, writeFd]; the errno as a number on failure; undefined off Linux.
Napi::Value OpenPipe(const Napi::CallbackInfo& info);

}  // namespace showroom
