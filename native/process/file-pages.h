#pragma once

#ifdef __cplusplus
extern "C" {
#endif

// Takes out of this process's resident set what it has of mapped files: code and constant data that no one
// changed. The pages stay in the system's cache and come back at the next touch, without a read from disk.
// Gives the bytes of the mappings. Linux only; 0 elsewhere. Plain C without the heap, so that it can run in any
// process at any time.
double showroom_drop_file_pages(void);

#ifdef __cplusplus
}
#endif
