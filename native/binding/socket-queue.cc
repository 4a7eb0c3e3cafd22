#include "binding/socket-queue.h"

#if defined(__linux__)
#include <linux/sockios.h>
#include <sys/ioctl.h>
#endif

namespace showroom {

Napi::Value SocketQueue(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
#if defined(__linux__)
  int bytes = 0;
  if (ioctl(info[0].ToNumber().Int32Value(), SIOCOUTQ, &bytes) == 0) return Napi::Number::New(env, bytes);
#endif
  return Napi::Number::New(env, -1);
}

}  // namespace showroom
