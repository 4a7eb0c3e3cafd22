#pragma once
// Shared by the files with AVX2 code. Each function is compiled for that target and the file is not, so that nothing of
// it runs on a processor without AVX2.
#include <cstdint>

#if (defined(__x86_64__) || defined(__i386__)) && (defined(__GNUC__) || defined(__clang__))
#define SHOWROOM_HAS_AVX2 1
#define SHOWROOM_AVX2 __attribute__((target("avx2")))

namespace showroom {
struct ColumnsAt;
struct CoreRow;
SHOWROOM_AVX2 void avx2_transpose_bits(const uint32_t* rows, int stride, int n, uint32_t* columns, int column_stride);
SHOWROOM_AVX2 int avx2_match_runs(const int32_t* edges, int n, const ColumnsAt& columns, int32_t* places);
SHOWROOM_AVX2 int avx2_match_outlines(const int32_t* edges, int n, int32_t* places);
SHOWROOM_AVX2 void avx2_count_turns(const uint8_t* at, int stride, int w, int h, int swing, int32_t* cells);
SHOWROOM_AVX2 int avx2_match_cores(const CoreRow& row, int n, int32_t* places);
}
#else
#define SHOWROOM_HAS_AVX2 0
#endif
