#if defined(__linux__)
#define _GNU_SOURCE
#include "file-pages.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

// An ffmpeg of a distribution maps a thousand ranges of two hundred libraries.
#define MAX_RANGES 2048
#define MAX_LINE 512

struct range {
  unsigned long begin;
  unsigned long end;
};

struct lines {
  int file;
  size_t at;
  size_t filled;
  char block[16384];
};

// The next line without its end, cut off at MAX_LINE. 0 at the end of the file.
static int next_line(struct lines* from, char* line) {
  size_t length = 0;
  for (;;) {
    if (from->at == from->filled) {
      const ssize_t got = read(from->file, from->block, sizeof from->block);
      if (got <= 0) return 0;
      from->at = 0;
      from->filled = (size_t)got;
    }
    const char c = from->block[from->at++];
    if (c == '\n') break;
    if (length < MAX_LINE - 1) line[length++] = c;
  }
  line[length] = 0;
  return 1;
}

// Mappings of files that cannot be written and hold no page of the process's own. A page that was changed
// before it became read-only (the loader's relocations) would be lost, so one such page excludes a mapping.
static int unchanged_file_mappings(struct range* found) {
  struct lines lines = {0};
  lines.file = open("/proc/self/smaps", O_RDONLY | O_CLOEXEC);
  if (lines.file < 0) return 0;
  char line[MAX_LINE];
  struct range range = {0, 0};
  int candidate = 0;
  int count = 0;
  while (count < MAX_RANGES && next_line(&lines, line)) {
    unsigned long begin, end, kilobytes;
    char permissions[8];
    if (sscanf(line, "%lx-%lx %7s", &begin, &end, permissions) == 3) {
      range.begin = begin;
      range.end = end;
      candidate = permissions[0] == 'r' && permissions[1] == '-' && strchr(line, '/') != NULL;
    } else if (candidate && sscanf(line, "Anonymous: %lu kB", &kilobytes) == 1) {
      if (kilobytes == 0) found[count++] = range;
      candidate = 0;
    }
  }
  close(lines.file);
  return count;
}

double showroom_drop_file_pages(void) {
  struct range ranges[MAX_RANGES];
  double bytes = 0;
  // Read to the end first: what is dropped meanwhile would change what is read.
  const int count = unchanged_file_mappings(ranges);
  for (int i = 0; i < count; i += 1) {
    const size_t length = ranges[i].end - ranges[i].begin;
    if (madvise((void*)ranges[i].begin, length, MADV_DONTNEED) == 0) bytes += (double)length;
  }
  return bytes;
}

#else
#include "file-pages.h"

double showroom_drop_file_pages(void) { return 0; }
#endif
