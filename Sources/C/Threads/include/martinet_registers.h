#ifndef MARTINET_REGISTERS_H
#define MARTINET_REGISTERS_H

#include <stdint.h>

#if defined(__AVX512F__)
#include <immintrin.h>
#endif

// What Swift cannot say of registers. The first few numbers of one are an instruction: written lane by
// lane in Swift they make the compiler take registers apart all around them, in the code for whole
// registers too.

typedef float martinet_floats __attribute__((ext_vector_type(16)));
typedef double martinet_doubles __attribute__((ext_vector_type(8)));

static inline martinet_floats martinet_load_floats(
  const float *source, intptr_t count, float filler) {
#if defined(__AVX512F__)
  return (martinet_floats)_mm512_mask_loadu_ps(
    _mm512_set1_ps(filler), (__mmask16)((1u << count) - 1), source);
#else
  martinet_floats lanes = filler;
  for (intptr_t lane = 0; lane < count; lane++) lanes[lane] = source[lane];
  return lanes;
#endif
}

static inline martinet_doubles martinet_load_doubles(
  const double *source, intptr_t count, double filler) {
#if defined(__AVX512F__)
  return (martinet_doubles)_mm512_mask_loadu_pd(
    _mm512_set1_pd(filler), (__mmask8)((1u << count) - 1), source);
#else
  martinet_doubles lanes = filler;
  for (intptr_t lane = 0; lane < count; lane++) lanes[lane] = source[lane];
  return lanes;
#endif
}

static inline void martinet_store_floats(float *target, martinet_floats lanes, intptr_t count) {
#if defined(__AVX512F__)
  _mm512_mask_storeu_ps(target, (__mmask16)((1u << count) - 1), (__m512)lanes);
#else
  for (intptr_t lane = 0; lane < count; lane++) target[lane] = lanes[lane];
#endif
}

static inline void martinet_store_doubles(double *target, martinet_doubles lanes, intptr_t count) {
#if defined(__AVX512F__)
  _mm512_mask_storeu_pd(target, (__mmask8)((1u << count) - 1), (__m512d)lanes);
#else
  for (intptr_t lane = 0; lane < count; lane++) target[lane] = lanes[lane];
#endif
}

/// Writes 64 bytes to an address that is a multiple of 64 past the caches: for results that are larger
/// than they are. Without this every line is read before it is written.
static inline void martinet_store_past_caches(double *target, const double *source) {
  typedef double line __attribute__((vector_size(64)));
  typedef double unaligned_line __attribute__((vector_size(64), aligned(8)));
  line value = *(const unaligned_line *)source;
  __builtin_nontemporal_store(value, (line *)target);
}

/// Such writes are ordered with nothing; after this they are.
static inline void martinet_finish_stores(void) { __atomic_thread_fence(__ATOMIC_SEQ_CST); }

#endif
