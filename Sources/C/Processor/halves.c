#include "martinet_processor.h"

#if defined(__x86_64__)

#include <immintrin.h>

// Chains that do not wait for each other: latency times throughput asks for eight to twelve.
enum { chains = 12, steps = 16 };

__attribute__((target("avx512f,avx512bf16"))) static void multiply(long rounds, float *sums) {
  __m512 chain[chains];
  for (int c = 0; c < chains; c++) chain[c] = _mm512_loadu_ps(sums);
  __m512bh factor = (__m512bh)_mm512_set1_epi32(0x3f003e80);
  for (long round = 0; round < rounds; round++) {
#pragma unroll
    for (int step = 0; step < steps; step++) {
#pragma unroll
      for (int c = 0; c < chains; c++) chain[c] = _mm512_dpbf16_ps(chain[c], factor, factor);
    }
  }
  for (int c = 1; c < chains; c++) chain[0] = _mm512_add_ps(chain[0], chain[c]);
  _mm512_storeu_ps(sums, chain[0]);
}

double martinet_multiply_halves(long rounds, float *sums) {
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("avx512bf16")) return 0;
  multiply(rounds, sums);
  // Sixteen lanes of two products each.
  return (double)rounds * steps * chains * 16 * 2 * 2;
}

#else

double martinet_multiply_halves(long rounds, float *sums) { return 0; }

#endif
