#include "binding/replace-process.h"

#if defined(__linux__)
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <string>
#include <vector>
#endif

namespace showroom {

#if defined(__linux__)
namespace {

std::vector<std::string> Strings(const Napi::Value& list) {
  const Napi::Array array = list.As<Napi::Array>();
  std::vector<std::string> strings;
  for (uint32_t i = 0; i < array.Length(); i += 1) strings.push_back(array.Get(i).ToString().Utf8Value());
  return strings;
}

std::vector<char*> Pointers(std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  for (std::string& one : strings) pointers.push_back(one.data());
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace
#endif

Napi::Value ReplaceProcess(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
#if defined(__linux__)
  if (!info[1].IsArray() || !info[2].IsArray()) return Napi::Number::New(env, EINVAL);
  const std::string file = info[0].ToString().Utf8Value();
  std::vector<std::string> arguments = Strings(info[1]);
  std::vector<std::string> environment = Strings(info[2]);
  // Node marks its standard streams close-on-exec, too.
  for (int fd = 0; fd < 3; fd += 1) fcntl(fd, F_SETFD, 0);
  execve(file.c_str(), Pointers(arguments).data(), Pointers(environment).data());
  const int failure = errno;
  for (int fd = 0; fd < 3; fd += 1) fcntl(fd, F_SETFD, FD_CLOEXEC);
  return Napi::Number::New(env, failure);
#else
  return env.Undefined();
#endif
}

}  // namespace showroom
