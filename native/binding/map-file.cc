#include "binding/map-file.h"

#if defined(__linux__)
#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>
#endif

namespace showroom {

Napi::Value MapFile(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
#if defined(__linux__)
  if (!info[0].IsTypedArray()) {
    Napi::TypeError::New(env, "mapFile: expected memory").ThrowAsJavaScriptException();
    return env.Undefined();
  }
  const auto memory = info[0].As<Napi::Uint8Array>();
  const int fd = info[1].ToNumber().Int32Value();
  const int64_t bytes = info[2].ToNumber().Int64Value();
  const auto page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  const size_t length = (static_cast<size_t>(bytes) + page - 1) / page * page;
  void* const at = const_cast<uint8_t*>(memory.Data());
  if (bytes <= 0 || length > memory.ByteLength() || reinterpret_cast<uintptr_t>(at) % page != 0) {
    Napi::RangeError::New(env, "mapFile: whole pages of memory for all bytes expected").ThrowAsJavaScriptException();
    return env.Undefined();
  }
  const bool ok = mmap(at, length, PROT_READ, MAP_PRIVATE | MAP_FIXED, fd, 0) != MAP_FAILED;
  return Napi::Number::New(env, ok ? 0 : errno);
#else
  return env.Undefined();
#endif
}

}  // namespace showroom
