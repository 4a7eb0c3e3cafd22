#pragma once
#include <napi.h>

namespace showroom {

// notifySocket(path, text): sends one datagram to a Unix socket without waiting; "@name" is in the abstract namespace.
// 0, or the errno of the failed call; undefined off Linux. Node itself has no Unix datagrams.
Napi::Value NotifySocket(const Napi::CallbackInfo& info);

}  // namespace showroom
