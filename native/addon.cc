#include <napi.h>

#include "binding/heap.h"
#include "binding/kernels-object.h"
#include "binding/lend-pages.h"
#include "binding/map-file.h"
#include "binding/notify-socket.h"
#include "binding/open-pipe.h"
#include "binding/replace-process.h"
#include "binding/socket-queue.h"

// Everything lives in the object of its thread: the addon may be loaded by any number of worker threads.
static Napi::Object Init(Napi::Env env, Napi::Object exports) {
  exports.Set("Kernels", showroom::KernelsObject::Define(env));
  exports.Set("notifySocket", Napi::Function::New(env, showroom::NotifySocket, "notifySocket"));
  exports.Set("mapFile", Napi::Function::New(env, showroom::MapFile, "mapFile"));
  exports.Set("openPipe", Napi::Function::New(env, showroom::OpenPipe, "openPipe"));
  exports.Set("lendPages", Napi::Function::New(env, showroom::LendPages, "lendPages"));
  exports.Set("pipeCapacity", Napi::Function::New(env, showroom::PipeCapacity, "pipeCapacity"));
  exports.Set("pipeHeld", Napi::Function::New(env, showroom::PipeHeld, "pipeHeld"));
  exports.Set("keepHeapSmall", Napi::Function::New(env, showroom::KeepHeapSmall, "keepHeapSmall"));
  exports.Set("dropFilePages", Napi::Function::New(env, showroom::DropFilePages, "dropFilePages"));
  exports.Set("replaceProcess", Napi::Function::New(env, showroom::ReplaceProcess, "replaceProcess"));
  exports.Set("socketQueue", Napi::Function::New(env, showroom::SocketQueue, "socketQueue"));
  exports.Set("trimHeap", Napi::Function::New(env, showroom::TrimHeap, "trimHeap"));
  return exports;
}

NODE_API_MODULE(showroom, Init)
