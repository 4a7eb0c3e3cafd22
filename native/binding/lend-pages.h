#pragma once
#include <napi.h>

namespace showroom {

// lendPages(fd, bytes, start, end, done(errno, taken)): puts the pages of bytes[start, end) into a pipe without copying
// them, on a thread of the pool, as long as it takes. `done` gets what was taken, and the errno (0: all of it).
// Undefined where there is no such call.
Napi::Value LendPages(const Napi::CallbackInfo& info);

// pipeCapacity(fd): bytes a pipe can hold at most; 0 when that is not known.
Napi::Value PipeCapacity(const Napi::CallbackInfo& info);

// pipeHeld(fd): bytes in a pipe that were not read yet; 0 when nobody can read them any more.
Napi::Value PipeHeld(const Napi::CallbackInfo& info);

}  // namespace showroom
