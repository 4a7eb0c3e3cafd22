#include "binding/lend-pages.h"

#include <vector>

#if defined(__linux__)
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <unistd.h>
#endif

namespace showroom {

#if defined(__linux__)
namespace {

class Lending : public Napi::AsyncWorker {
 public:
  Lending(const Napi::Function& done, int fd, const Napi::Uint8Array& bytes, size_t start, size_t end)
      : Napi::AsyncWorker(done, "showroom.lendPages"), fd_(fd), at_(const_cast<uint8_t*>(bytes.Data()) + start), left_(end - start) {
    // The memory must outlive the call, whatever the caller does meanwhile.
    Receiver().Set("bytes", bytes);
  }

  void Execute() override {
    while (left_ > 0) {
      iovec part{at_, left_};
      const ssize_t n = vmsplice(fd_, &part, 1, 0);
      if (n < 0) {
        if (errno == EINTR) continue;
        errno_ = errno;
        return;
      }
      at_ += n;
      left_ -= static_cast<size_t>(n);
      taken_ += static_cast<size_t>(n);
    }
  }

  std::vector<napi_value> GetResult(Napi::Env env) override {
    return {Napi::Number::New(env, errno_), Napi::Number::New(env, static_cast<double>(taken_))};
  }

 private:
  const int fd_;
  uint8_t* at_;
  size_t left_;
  size_t taken_ = 0;
  int errno_ = 0;
};

}  // namespace
#endif

Napi::Value LendPages(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
#if defined(__linux__)
  if (!info[1].IsTypedArray() || !info[4].IsFunction()) {
    Napi::TypeError::New(env, "lendPages(fd, bytes, start, end, done)").ThrowAsJavaScriptException();
    return env.Undefined();
  }
  const Napi::Uint8Array bytes = info[1].As<Napi::Uint8Array>();
  const int64_t start = info[2].ToNumber().Int64Value();
  const int64_t end = info[3].ToNumber().Int64Value();
  if (start < 0 || end < start || static_cast<size_t>(end) > bytes.ByteLength()) {
    Napi::RangeError::New(env, "lendPages: outside the buffer").ThrowAsJavaScriptException();
    return env.Undefined();
  }
  auto* work = new Lending(info[4].As<Napi::Function>(), info[0].ToNumber().Int32Value(), bytes,
                           static_cast<size_t>(start), static_cast<size_t>(end));
  work->Queue();
  return Napi::Boolean::New(env, true);
#else
  return env.Undefined();
#endif
}

Napi::Value PipeCapacity(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
#if defined(__linux__)
  const int bytes = fcntl(info[0].ToNumber().Int32Value(), F_GETPIPE_SZ);
  return Napi::Number::New(env, bytes < 0 ? 0 : bytes);
#else
  return Napi::Number::New(env, 0);
#endif
}

Napi::Value PipeHeld(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
#if defined(__linux__)
  const int fd = info[0].ToNumber().Int32Value();
  // The write end of a pipe without a reader reports an error.
  pollfd end{fd, 0, 0};
  if (poll(&end, 1, 0) > 0 && (end.revents & (POLLERR | POLLNVAL)) != 0) return Napi::Number::New(env, 0);
  int bytes = 0;
  return Napi::Number::New(env, ioctl(fd, FIONREAD, &bytes) == 0 ? bytes : 0);
#else
  return Napi::Number::New(env, 0);
#endif
}

}  // namespace showroom
