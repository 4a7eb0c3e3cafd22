#include <cstring>

#include "kernels/rows.h"

namespace showroom {

const RowKernels* rows_for(const char* variant) {
  if (std::strcmp(variant, "scalar") == 0) return &scalar_rows();
  if (std::strcmp(variant, "avx2") == 0) return avx2_rows();
  const RowKernels* fast = avx2_rows();
  return fast != nullptr ? fast : &scalar_rows();
}

}  // namespace showroom
