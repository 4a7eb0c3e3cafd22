#pragma once
#include <napi.h>

namespace showroom {

// keepHeapSmall(): few malloc arenas from here on. Call it before threads start. Nothing happens off glibc.
void KeepHeapSmall(const Napi::CallbackInfo& info);
// trimHeap(): gives freed memory back to the system.
void TrimHeap(const Napi::CallbackInfo& info);

// dropFilePages(): bytes of program code and constant data, mapped from files and unchanged, that leave the
// resident set. They stay in the page cache and come back at the next touch, without a read from disk. Linux only.
Napi::Value DropFilePages(const Napi::CallbackInfo& info);

}  // namespace showroom
