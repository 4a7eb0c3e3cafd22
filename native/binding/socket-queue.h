#pragma once
#include <napi.h>

namespace showroom {

// socketQueue(fd): bytes of a TCP socket that the peer's TCP has not acknowledged (SIOCOUTQ, tcp(7)), sent or not; -1
// where unknown.
Napi::Value SocketQueue(const Napi::CallbackInfo& info);

}  // namespace showroom
