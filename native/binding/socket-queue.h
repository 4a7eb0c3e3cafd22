#pragma once
#include <napi.h>

namespace showroom {

// socketQueue(fd): bytes of a TCP socket that the far side's TCP has not acknowledged (SIOCOUTQ, tcp(7)), sent or not;
// -1 where that is not known.
Napi::Value SocketQueue(const Napi::CallbackInfo& info);

}  // namespace showroom
