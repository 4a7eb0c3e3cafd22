#pragma once
#include <napi.h>

namespace showroom {

// notifySocket(path, text): sends one datagram to a Unix socket, "@name" being one of the abstract namespace, without
// waiting. 0, or the errno of what failed; undefined off Linux. Node itself has no Unix datagrams.
Napi::Value NotifySocket(const Napi::CallbackInfo& info);

}  // namespace showroom
