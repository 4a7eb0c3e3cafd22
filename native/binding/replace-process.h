#pragma once
#include <napi.h>

namespace showroom {

// replaceProcess(file, arguments, environment): runs another program in this process's place (execve(2)). Does not
// return on success; the errno otherwise; undefined where unsupported.
Napi::Value ReplaceProcess(const Napi::CallbackInfo& info);

}  // namespace showroom
