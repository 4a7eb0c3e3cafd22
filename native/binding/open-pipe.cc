#include "binding/open-pipe.h"

#if defined(__linux__)
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#endif

namespace showroom {

Napi::Value OpenPipe(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
#if defined(__linux__)
  int ends[2];
  // O_CLOEXEC, so no other child inherits an end and keeps the pipe open after the encoder's death.
  if (pipe2(ends, O_CLOEXEC) != 0) return Napi::Number::New(env, errno);
  // An unprivileged process gets at most /proc/sys/fs/pipe-max-size, and less when its user holds many pipes: halve
  // until the kernel agrees; the default size works too.
  const int usual = fcntl(ends[1], F_GETPIPE_SZ);
  for (int64_t size = info[0].ToNumber().Int64Value(); size > usual; size /= 2) {
    if (size <= INT32_MAX && fcntl(ends[1], F_SETPIPE_SZ, static_cast<int>(size)) >= 0) break;
  }
  // Only the write end: an encoder expects an ordinary standard input.
  if (info[1].ToBoolean().Value() && fcntl(ends[1], F_SETFL, O_NONBLOCK) != 0) {
    const int error = errno;
    close(ends[0]);
    close(ends[1]);
    return Napi::Number::New(env, error);
  }
  Napi::Array pair = Napi::Array::New(env, 2);
  pair.Set(0u, Napi::Number::New(env, ends[0]));
  pair.Set(1u, Napi::Number::New(env, ends[1]));
  return pair;
#else
  return env.Undefined();
#endif
}

}  // namespace showroom
