#include "heap.h"

#if defined(__GLIBC__)
#include <malloc.h>
#endif
#if defined(__linux__)
#include <sys/mman.h>
#include <sys/prctl.h>

#include <cstdio>
#include <cstring>
#include <vector>
#endif

namespace showroom {

void KeepHeapSmall(const Napi::CallbackInfo&) {
#if defined(__linux__)
  // Children inherit it: x264 asks for huge pages, which round each of its frames up to whole 2 MB and measure
  // no faster here.
  prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
#endif
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

#if defined(__linux__)
namespace {

struct Range {
  unsigned long begin;
  unsigned long end;
};

// Mappings of files that cannot be written and hold no page of the process's own. A page that was changed
// before it became read-only (the loader's relocations) would be lost, so one such page excludes a mapping.
std::vector<Range> UnchangedFileMappings() {
  std::vector<Range> found;
  FILE* smaps = fopen("/proc/self/smaps", "re");
  if (smaps == nullptr) return found;
  char line[512];
  Range range{0, 0};
  bool candidate = false;
  while (fgets(line, sizeof line, smaps) != nullptr) {
    unsigned long begin, end, kilobytes;
    char permissions[8];
    if (sscanf(line, "%lx-%lx %7s", &begin, &end, permissions) == 3) {
      range = {begin, end};
      candidate = permissions[0] == 'r' && permissions[1] == '-' && strchr(line, '/') != nullptr;
    } else if (candidate && sscanf(line, "Anonymous: %lu kB", &kilobytes) == 1) {
      if (kilobytes == 0) found.push_back(range);
      candidate = false;
    }
  }
  fclose(smaps);
  return found;
}

}  // namespace
#endif

Napi::Value DropFilePages(const Napi::CallbackInfo& info) {
  double bytes = 0;
#if defined(__linux__)
  for (const Range& range : UnchangedFileMappings()) {
    const size_t length = range.end - range.begin;
    if (madvise(reinterpret_cast<void*>(range.begin), length, MADV_DONTNEED) == 0) bytes += length;
  }
#endif
  return Napi::Number::New(info.Env(), bytes);
}

}  // namespace showroom
