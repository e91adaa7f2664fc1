#ifndef MARTINET_CHECKSUM_H
#define MARTINET_CHECKSUM_H

#include <stdint.h>

// The processor's own step of a CRC-32C, which Swift has no word for. Both levels that x86-64 is built
// for have it; an ARM only where it is compiled for one that does.

#if defined(__SSE4_2__)
#define MARTINET_HAS_CRC32C 1
static inline uint32_t martinet_crc32c_word(uint32_t crc, uint64_t word) {
  return (uint32_t)__builtin_ia32_crc32di(crc, word);
}
static inline uint32_t martinet_crc32c_byte(uint32_t crc, uint8_t byte) {
  return __builtin_ia32_crc32qi(crc, byte);
}
#elif defined(__ARM_FEATURE_CRC32)
#define MARTINET_HAS_CRC32C 1
static inline uint32_t martinet_crc32c_word(uint32_t crc, uint64_t word) {
  return __builtin_arm_crc32cd(crc, word);
}
static inline uint32_t martinet_crc32c_byte(uint32_t crc, uint8_t byte) {
  return __builtin_arm_crc32cb(crc, byte);
}
#else
#define MARTINET_HAS_CRC32C 0
static inline uint32_t martinet_crc32c_word(uint32_t crc, uint64_t word) { return crc; }
static inline uint32_t martinet_crc32c_byte(uint32_t crc, uint8_t byte) { return crc; }
#endif

#endif
