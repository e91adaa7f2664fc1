#ifndef MARTINET_RANK_QUESTIONS_H
#define MARTINET_RANK_QUESTIONS_H

#include <stdint.h>

// The questions of trees, put to 64 rows at once. In Swift the compiler makes loops over single bytes of
// it, which take thirty times as long.

/// A node of a tree of six levels: those go right whose rank in the slot is greater.
typedef struct {
  uint16_t slot;
  uint8_t rank;
} martinet_question;

typedef uint8_t martinet_ranks __attribute__((vector_size(64)));

/// All bits of a row's byte where it goes right, or none.
static inline martinet_ranks martinet_goes_right(
  const martinet_question *question, const uint8_t *ranks) {
  return (martinet_ranks)(*(const martinet_ranks *)(ranks + 64 * question->slot) > question->rank);
}

static inline martinet_ranks martinet_chosen(
  martinet_ranks mask, martinet_ranks right, martinet_ranks left) {
  return left ^ ((left ^ right) & mask);
}

/// The leaf of each row among the two below a node of the lowest level.
static inline martinet_ranks martinet_lowest(
  const martinet_question *tree, const uint8_t *ranks, int node) {
  // All bits of a byte are −1.
  return (uint8_t)(2 * (node - 31)) - martinet_goes_right(tree + node, ranks);
}

// Each level from the one below it: the children of node n are 2n + 1 and 2n + 2.
#define MARTINET_LEVEL(name, below)                                                       \
  static inline martinet_ranks name(                                                      \
    const martinet_question *tree, const uint8_t *ranks, int node) {                      \
    return martinet_chosen(                                                               \
      martinet_goes_right(tree + node, ranks), below(tree, ranks, 2 * node + 2),          \
      below(tree, ranks, 2 * node + 1));                                                  \
  }
MARTINET_LEVEL(martinet_fifth, martinet_lowest)
MARTINET_LEVEL(martinet_fourth, martinet_fifth)
MARTINET_LEVEL(martinet_third, martinet_fourth)
MARTINET_LEVEL(martinet_second, martinet_third)
MARTINET_LEVEL(martinet_first, martinet_second)
#undef MARTINET_LEVEL

/// Which of 64 leaves each of 64 rows reaches. `ranks` and `leaves` lie at multiples of 64.
static inline void martinet_ask(
  const martinet_question *tree, const uint8_t *ranks, uint8_t *leaves) {
  *(martinet_ranks *)leaves = martinet_first(tree, ranks, 0);
}

/// How many thresholds lie below each of 64 keys, which lie at a multiple of 64 as the ranks do. All are
/// compared: what a search by halves saves it loses in jumps that no processor foresees.
static inline void martinet_rank(
  const uint32_t *keys, const uint32_t *thresholds, intptr_t count, uint8_t *ranks) {
  typedef uint32_t words __attribute__((vector_size(64)));
  typedef uint8_t bytes __attribute__((vector_size(16)));
  const words *own = (const words *)keys;
  words below[4] = {{0}, {0}, {0}, {0}};
  for (intptr_t place = 0; place < count; place++) {
    for (int part = 0; part < 4; part++) below[part] -= (words)(own[part] > thresholds[place]);
  }
  for (int part = 0; part < 4; part++) {
    ((bytes *)ranks)[part] = __builtin_convertvector(below[part], bytes);
  }
}

#endif
