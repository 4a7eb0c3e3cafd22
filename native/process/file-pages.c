#if defined(__linux__)
#define _GNU_SOURCE
#include "file-pages.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

// A distribution's ffmpeg maps a thousand ranges of two hundred libraries.
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

// Reads the next line without its newline, truncated at MAX_LINE. 0 at the end of the file.
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

// Reads a number at `*at` and moves behind it. Not sscanf: it would tie an addon compiled there to glibc 2.38.
static int take_number(const char** at, unsigned base, unsigned long* value) {
  const char* const from = *at;
  *value = 0;
  for (;; *at += 1) {
    const char c = **at;
    unsigned digit = base;
    if (c >= '0' && c <= '9') digit = (unsigned)(c - '0');
    if (c >= 'a' && c <= 'f') digit = (unsigned)(c - 'a') + 10;
    if (digit >= base) return *at != from;
    *value = *value * base + digit;
  }
}

// Parses a line such as `7f00-7f80 r-xp 00000000 08:01 42 /usr/lib/libc.so.6`.
static int is_range(const char* line, struct range* range, int* candidate) {
  const char* at = line;
  if (!take_number(&at, 16, &range->begin) || *at++ != '-') return 0;
  if (!take_number(&at, 16, &range->end) || *at++ != ' ') return 0;
  *candidate = at[0] == 'r' && at[1] == '-' && strchr(line, '/') != NULL;
  return 1;
}

static int anonymous_kilobytes(const char* line, unsigned long* kilobytes) {
  static const char name[] = "Anonymous:";
  if (strncmp(line, name, sizeof name - 1) != 0) return 0;
  const char* at = line + sizeof name - 1;
  while (*at == ' ') at += 1;
  return take_number(&at, 10, kilobytes);
}

// Read-only file mappings without pages of the process's own. A page changed before it became read-only (the loader's
// relocations) would be lost, so one such page excludes its mapping.
static int unchanged_file_mappings(struct range* found) {
  struct lines lines = {0};
  lines.file = open("/proc/self/smaps", O_RDONLY | O_CLOEXEC);
  if (lines.file < 0) return 0;
  char line[MAX_LINE];
  struct range range = {0, 0};
  int candidate = 0;
  int count = 0;
  while (count < MAX_RANGES && next_line(&lines, line)) {
    struct range next;
    int next_is_candidate;
    unsigned long kilobytes;
    if (is_range(line, &next, &next_is_candidate)) {
      range = next;
      candidate = next_is_candidate;
    } else if (candidate && anonymous_kilobytes(line, &kilobytes)) {
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
  // Read to the end first: dropping pages changes the list that is being read.
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
