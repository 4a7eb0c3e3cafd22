#pragma once

#ifdef __cplusplus
extern "C" {
#endif

// Removes the unchanged pages of mapped files (code and constant data) from this process's resident set. They stay in
// the system's cache and return at the next touch, without a read from disk. Returns the bytes of the mappings. Linux
// only; 0 elsewhere. Plain C without the heap, so it can run in any process at any time.
double showroom_drop_file_pages(void);

#ifdef __cplusplus
}
#endif
