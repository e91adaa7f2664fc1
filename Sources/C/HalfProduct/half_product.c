#include "martinet_half_product.h"

#if defined(__x86_64__)

#include <immintrin.h>
#include <string.h>

#define WITH_HALVES __attribute__((target("avx512f,avx512bw,avx512vl,avx512bf16")))
#define INLINED static inline __attribute__((always_inline)) WITH_HALVES

enum { lanes = 16, registers = martinet_half_panel_width / lanes, tile_rows = 8 };

int martinet_has_half_product(void) {
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx512bf16") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512vl");
}

/// The columns of one register that exist.
INLINED __mmask16 valid(ptrdiff_t columns, ptrdiff_t first) {
  ptrdiff_t rest = columns - first;
  return rest >= lanes ? 0xffff : rest <= 0 ? 0 : (__mmask16)((1u << rest) - 1);
}

WITH_HALVES void martinet_round_halves(const float *source, uint16_t *target, ptrdiff_t count) {
  for (ptrdiff_t i = 0; i < count; i += lanes) {
    __mmask16 mask = valid(count, i);
    __m256bh halves = _mm512_cvtneps_pbh(_mm512_maskz_loadu_ps(mask, source + i));
    _mm256_mask_storeu_epi16(target + i, mask, (__m256i)halves);
  }
}

WITH_HALVES void martinet_pack_half_panel(
  const uint16_t *right, ptrdiff_t depth, ptrdiff_t columns, ptrdiff_t panel, uint16_t *target) {
  for (ptrdiff_t k = 0; k < depth; k += 2) {
    const uint16_t *line = right + k * columns;
    for (int v = 0; v < registers; v++) {
      ptrdiff_t first = panel * martinet_half_panel_width + v * lanes;
      __mmask16 mask = valid(columns, first);
      __mmask16 next_mask = k + 1 < depth ? mask : 0;
      __m512i even = _mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(mask, line + first));
      __m512i odd =
        _mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(next_mask, line + columns + first));
      _mm512_storeu_si512(target, _mm512_or_si512(even, _mm512_slli_epi32(odd, 16)));
      target += 2 * lanes;
    }
  }
}

/// Adds the products of one pair of lines, or of the single last one of an odd depth. `left` is the
/// first row's number that belongs to it, and rows are `depth` apart.
INLINED void add_pair(
  const int rows, const int is_whole, __m512 sums[tile_rows][registers], const uint16_t *left,
  ptrdiff_t depth, const uint16_t *line) {
  __m512bh right[registers];
  for (int v = 0; v < registers; v++)
    right[v] = (__m512bh)_mm512_loadu_si512(line + 2 * lanes * v);
#pragma unroll
  for (int r = 0; r < rows; r++) {
    uint32_t pair = left[r * depth];
    if (is_whole) memcpy(&pair, left + r * depth, sizeof pair);
    __m512bh factor = (__m512bh)_mm512_set1_epi32((int)pair);
#pragma unroll
    for (int v = 0; v < registers; v++)
      sums[r][v] = _mm512_dpbf16_ps(sums[r][v], factor, right[v]);
  }
}

INLINED void multiply_tile(
  const int rows, const uint16_t *left, ptrdiff_t depth, const uint16_t *packed, float *product,
  ptrdiff_t columns, ptrdiff_t first) {
  __m512 sums[tile_rows][registers];
#pragma unroll
  for (int r = 0; r < rows; r++)
#pragma unroll
    for (int v = 0; v < registers; v++) sums[r][v] = _mm512_setzero_ps();
  ptrdiff_t k = 0;
  for (; k + 1 < depth; k += 2) {
    add_pair(rows, 1, sums, left + k, depth, packed);
    packed += 2 * martinet_half_panel_width;
  }
  if (k < depth) add_pair(rows, 0, sums, left + k, depth, packed);
#pragma unroll
  for (int r = 0; r < rows; r++)
#pragma unroll
    for (int v = 0; v < registers; v++)
      _mm512_mask_storeu_ps(
        product + r * columns + first + v * lanes, valid(columns, first + v * lanes), sums[r][v]);
}

WITH_HALVES void martinet_multiply_half_panel(
  const uint16_t *left, ptrdiff_t depth, const uint16_t *packed, ptrdiff_t first, ptrdiff_t last,
  float *product, ptrdiff_t columns, ptrdiff_t panel) {
  ptrdiff_t column = panel * martinet_half_panel_width;
  ptrdiff_t row = first;
  for (; row + tile_rows <= last; row += tile_rows)
    multiply_tile(
      tile_rows, left + row * depth, depth, packed, product + row * columns, columns, column);
  for (; row < last; row++)
    multiply_tile(1, left + row * depth, depth, packed, product + row * columns, columns, column);
}

#else

int martinet_has_half_product(void) { return 0; }

void martinet_round_halves(const float *source, uint16_t *target, ptrdiff_t count) {}

void martinet_pack_half_panel(
  const uint16_t *right, ptrdiff_t depth, ptrdiff_t columns, ptrdiff_t panel, uint16_t *target) {}

void martinet_multiply_half_panel(
  const uint16_t *left, ptrdiff_t depth, const uint16_t *packed, ptrdiff_t first, ptrdiff_t last,
  float *product, ptrdiff_t columns, ptrdiff_t panel) {}

#endif
