#include "heap.h"

#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace showroom {

void KeepHeapSmall(const Napi::CallbackInfo&) {
#if defined(__GLIBC__)
  mallopt(M_ARENA_MAX, 2);
  // A fixed threshold: pictures are mapped and given back at once. The default grows with the first large
  // block that is freed, after which pictures leave holes in the heap.
  mallopt(M_MMAP_THRESHOLD, 256 << 10);
  mallopt(M_TRIM_THRESHOLD, 1 << 20);
#endif
}

void TrimHeap(const Napi::CallbackInfo&) {
#if defined(__GLIBC__)
  malloc_trim(0);
#endif
}

}  // namespace showroom
