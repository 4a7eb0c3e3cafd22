#pragma once
#include <napi.h>

namespace showroom {

// replaceProcess(file, arguments, environment): runs another program in this process's place (execve(2)). Does not
// return when that works; the errno otherwise. undefined where it is not to be had.
Napi::Value ReplaceProcess(const Napi::CallbackInfo& info);

}  // namespace showroom
