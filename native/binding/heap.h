#pragma once
#include <napi.h>

namespace showroom {

// keepHeapSmall(): few malloc arenas from here on. Call it before threads start. No effect outside glibc.
void KeepHeapSmall(const Napi::CallbackInfo& info);
// trimHeap(): returns freed memory to the system.
void TrimHeap(const Napi::CallbackInfo& info);

// dropFilePages(): releases unchanged pages of program code and constant data from the resident set and returns their
// bytes. They stay in the page cache and return at the next touch, without a read from disk. Linux only.
Napi::Value DropFilePages(const Napi::CallbackInfo& info);

}  // namespace showroom
