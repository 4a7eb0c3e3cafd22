#pragma once
#include <cstddef>
#include <cstdint>

namespace showroom {

constexpr size_t kPackUnit = 16;
constexpr size_t kPackHeader = 8;

// Maximum bytes for the changes of a frame of n bytes: a run costs 8 bytes and follows an unchanged unit.
constexpr size_t packed_limit(size_t n) { return (n + kPackUnit - 1) / kPackUnit * kPackUnit + kPackHeader; }

// Writes the runs of 16-byte units in which `to` differs from `from`: first unit and number of units (32-bit, little
// endian), then their bytes; a last unit beyond the end is filled up with zeros. Returns the bytes written.
size_t pack_changes(const uint8_t* from, const uint8_t* to, size_t n, uint8_t* out);

// Puts runs back into a frame of n bytes. False when they do not fit the frame, which is then partly written.
bool unpack_changes(const uint8_t* packed, size_t bytes, uint8_t* frame, size_t n);

}  // namespace showroom
