// Loaded into an encoder's process before its own libraries (LD_PRELOAD).
//
// Problem: linking the two hundred libraries of a distribution's ffmpeg touches 40 MB of symbol tables and code, of
// which an encoder needs 9.
// Rule: after linking and before main(), release the pages that linking touched. The program itself is unchanged: no
// function is replaced, and needed pages return at the first touch.
#include "file-pages.h"

__attribute__((constructor)) static void let_go_of_linking(void) { showroom_drop_file_pages(); }
