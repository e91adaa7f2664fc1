#ifndef MARTINET_HALF_PRODUCT_H
#define MARTINET_HALF_PRODUCT_H

#include <stddef.h>
#include <stdint.h>

// Products of BFloat16 matrices, whose one instruction Swift has no name for. Numbers are the upper
// halves of single-precision ones; sums are in single precision.

/// Columns of a panel of the right operand.
enum { martinet_half_panel_width = 48 };

/// Whether this processor has the instruction (AVX512-BF16); the functions below need it.
int martinet_has_half_product(void);

/// Numbers rounded to the nearest halves, of two to the even one.
void martinet_round_halves(const float *source, uint16_t *target, ptrdiff_t count);

/// Lays one panel of the right operand [depth, columns] out: pairs of lines, 48 columns of each pair
/// one after the other, filled up with zeros. A panel takes 48 · depth numbers, depth rounded up to
/// an even one.
void martinet_pack_half_panel(
  const uint16_t *right, ptrdiff_t depth, ptrdiff_t columns, ptrdiff_t panel, uint16_t *target);

/// Some rows of left [rows, depth] times one panel, into those 48 columns or what there is of them.
void martinet_multiply_half_panel(
  const uint16_t *left, ptrdiff_t depth, const uint16_t *packed, ptrdiff_t first, ptrdiff_t last,
  float *product, ptrdiff_t columns, ptrdiff_t panel);

#endif
