#pragma once
#include <napi.h>

namespace showroom {

// lendPages(fd, bytes, start, end, done(errno, taken)): puts the pages of bytes[start, end) into a pipe without copying
// them, on a pool thread, for as long as it takes. `done` gets the number of bytes taken and the errno (0: all of
// them). Undefined where the platform has no such call.
Napi::Value LendPages(const Napi::CallbackInfo& info);

// pipeCapacity(fd): capacity of a pipe in bytes; 0 when unknown.
Napi::Value PipeCapacity(const Napi::CallbackInfo& info);

// pipeHeld(fd): unread bytes in a pipe; 0 when its reader is gone.
Napi::Value PipeHeld(const Napi::CallbackInfo& info);

}  // namespace showroom
