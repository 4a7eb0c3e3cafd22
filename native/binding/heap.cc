#include "heap.h"

#include "../process/file-pages.h"

#if defined(__GLIBC__)
#include <malloc.h>
#endif
#if defined(__linux__)
#include <sys/prctl.h>
#endif

namespace showroom {

void KeepHeapSmall(const Napi::CallbackInfo&) {
#if defined(__linux__)
  // Children inherit it: x264 asks for huge pages, which round each of its frames up to whole 2 MB without a measurable
  // gain here.
  prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
#endif
#if defined(__GLIBC__)
  mallopt(M_ARENA_MAX, 2);
  // A fixed threshold: pictures are mapped and unmapped at once. The default threshold grows with the first large block
  // that is freed, after which pictures leave holes in the heap.
  mallopt(M_MMAP_THRESHOLD, 256 << 10);
  mallopt(M_TRIM_THRESHOLD, 1 << 20);
#endif
}

void TrimHeap(const Napi::CallbackInfo&) {
#if defined(__GLIBC__)
  malloc_trim(0);
#endif
}

Napi::Value DropFilePages(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), showroom_drop_file_pages());
}

}  // namespace showroom
