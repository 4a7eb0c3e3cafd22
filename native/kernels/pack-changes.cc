#include "kernels/pack-changes.h"

#include <algorithm>
#include <cstring>

namespace showroom {
namespace {

bool same_unit(const uint8_t* a, const uint8_t* b) {
  uint64_t x[2], y[2];
  std::memcpy(x, a, kPackUnit);
  std::memcpy(y, b, kPackUnit);
  return ((x[0] ^ y[0]) | (x[1] ^ y[1])) == 0;
}

bool same_tail(const uint8_t* a, const uint8_t* b, size_t left) { return std::memcmp(a, b, left) == 0; }

void put32(uint8_t* at, uint32_t v) {
  for (int i = 0; i < 4; i += 1) at[i] = static_cast<uint8_t>(v >> (8 * i));
}

uint32_t get32(const uint8_t* at) {
  return at[0] | static_cast<uint32_t>(at[1]) << 8 | static_cast<uint32_t>(at[2]) << 16 | static_cast<uint32_t>(at[3]) << 24;
}

}  // namespace

size_t pack_changes(const uint8_t* from, const uint8_t* to, size_t n, uint8_t* out) {
  const size_t units = (n + kPackUnit - 1) / kPackUnit;
  const auto same = [&](size_t u) {
    const size_t at = u * kPackUnit;
    return n - at >= kPackUnit ? same_unit(from + at, to + at) : same_tail(from + at, to + at, n - at);
  };
  size_t written = 0;
  for (size_t u = 0; u < units;) {
    if (same(u)) {
      u += 1;
      continue;
    }
    const size_t first = u;
    while (u < units && !same(u)) u += 1;
    const size_t bytes = (u - first) * kPackUnit;
    const size_t there = std::min(bytes, n - first * kPackUnit);
    put32(out + written, static_cast<uint32_t>(first));
    put32(out + written + 4, static_cast<uint32_t>(u - first));
    written += kPackHeader;
    std::memcpy(out + written, to + first * kPackUnit, there);
    std::memset(out + written + there, 0, bytes - there);
    written += bytes;
  }
  return written;
}

bool unpack_changes(const uint8_t* packed, size_t bytes, uint8_t* frame, size_t n) {
  const size_t units = (n + kPackUnit - 1) / kPackUnit;
  for (size_t at = 0; at < bytes;) {
    if (bytes - at < kPackHeader) return false;
    const size_t first = get32(packed + at);
    const size_t count = get32(packed + at + 4);
    at += kPackHeader;
    if (first > units || count > units - first || (bytes - at) / kPackUnit < count) return false;
    std::memcpy(frame + first * kPackUnit, packed + at, std::min(count * kPackUnit, n - std::min(n, first * kPackUnit)));
    at += count * kPackUnit;
  }
  return true;
}

}  // namespace showroom
