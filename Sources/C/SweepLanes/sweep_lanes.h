#ifndef MARTINET_SWEEP_LANES_H
#define MARTINET_SWEEP_LANES_H

#include <stdint.h>

// Eight accounts side by side, in exact money. In Swift the compiler makes loops of the comparisons.
//
// Amounts are whole steps and never below zero. Processors have no quotients of whole numbers side by
// side, so a quotient is first taken of doubles, to the nearest whole number, and then put right by the
// exact rest: with dividends below 2⁶² and quotients below 2⁴⁹ the doubles' own errors are below a
// quarter, so that the first guess is the quotient rounded down, or one more.

enum { martinet_lane_count = 8 };

typedef int64_t martinet_lanes __attribute__((vector_size(64)));
typedef double martinet_reals __attribute__((vector_size(64)));

/// What a run asks of a bar, side by side: it looks at one bar in many, and each look waits for memory
/// once. In steps of prices, costs included; `room` is in whole shares, and below zero where what was
/// ordered at the close before is not filled at this bar's open.
typedef struct {
  int64_t close, buying, selling, room;
} martinet_bar_terms;

/// `share` of the account is put into the position, and `commission` is paid of each fill's value, both in
/// parts of `martinet_rate_unit`.
typedef struct {
  int64_t share, commission, highest_close;
} martinet_account_terms;

/// Steps of a rate that are all of it, price steps of a share that make one step of cash, and the shares
/// that can be counted.
enum { martinet_rate_unit = 100000000, martinet_cash_step = 10000 };
static const double martinet_greatest_product = 0x1p62, martinet_most_shares = 92233720368;

// The numbers from 2⁵² on are the whole ones, in order: their last 52 bits are how far they lie above it.
static inline martinet_reals martinet_as_reals(martinet_lanes whole) {
  return (martinet_reals)(whole | 0x4330000000000000) - 0x1p52;
}

static inline martinet_lanes martinet_nearest(martinet_reals real) {
  return (martinet_lanes)(real + 0x1p52) & 0xfffffffffffff;
}

static inline martinet_lanes martinet_chosen(
  martinet_lanes mask, martinet_lanes yes, martinet_lanes no) {
  return (yes & mask) | (no & ~mask);
}

// `dividend` over `divisor`, of which `guess` is the floor or one more; comparisons give −1 where true.
static inline martinet_lanes martinet_down(
  martinet_lanes dividend, martinet_lanes divisor, martinet_lanes guess) {
  return guess + (dividend - guess * divisor < 0);
}

static inline martinet_lanes martinet_up(
  martinet_lanes dividend, martinet_lanes divisor, martinet_lanes guess) {
  return guess - (dividend - guess * divisor > 0);
}

/// To the nearest, of two to the one that makes `base` plus it even; the divisor is even.
static inline martinet_lanes martinet_to_even(
  martinet_lanes dividend, int64_t divisor, martinet_lanes guess, martinet_lanes base) {
  martinet_lanes rest = dividend - guess * divisor, below = rest < 0;
  guess += below;
  rest += below & divisor;
  martinet_lanes isOdd = -((base + guess) & 1);
  return guess - ((rest > divisor / 2) | ((rest == divisor / 2) & isOdd));
}

/// Cash that shares are worth at a price: the product in price steps over those of a step of cash.
static inline martinet_lanes martinet_worth(martinet_lanes shares, martinet_lanes price) {
  martinet_lanes guess = martinet_nearest(
    martinet_as_reals(shares) * martinet_as_reals(price) * (1.0 / martinet_cash_step));
  return martinet_to_even(shares * price, martinet_cash_step, guess, (martinet_lanes){0});
}

// A part of cash. What is a whole multiple of the unit needs no rounding, so the rest alone is divided,
// and no product is too large.
static inline martinet_lanes martinet_part(martinet_lanes cash, int64_t rate, int roundsUp) {
  const int64_t unit = martinet_rate_unit;
  if (rate == unit) return cash;
  martinet_lanes whole = martinet_down(
    cash, (martinet_lanes){0} + unit, martinet_nearest(martinet_as_reals(cash) * (1.0 / unit)));
  martinet_lanes rest = cash - whole * unit, base = whole * rate, product = rest * rate;
  martinet_lanes guess =
    martinet_nearest(martinet_as_reals(rest) * ((double)rate * (1.0 / unit)));
  return base + (roundsUp ? martinet_up(product, (martinet_lanes){0} + unit, guess)
                          : martinet_to_even(product, unit, guess, base));
}

/// Shares that cash pays for at a price, the commission included; lanes that are not `active` are nothing.
static inline martinet_lanes martinet_affordable(
  martinet_lanes cash, martinet_lanes price, int64_t commission, martinet_lanes active,
  martinet_lanes *beyond) {
  martinet_reals real = martinet_as_reals(price), perStep = martinet_cash_step / real;
  martinet_reals about = martinet_as_reals(cash) * perStep;
  *beyond |= active & (about > martinet_most_shares);
  active &= ~*beyond;
  martinet_lanes shares =
    martinet_down(cash * martinet_cash_step, price, martinet_nearest(about)) & active;
  for (;;) {
    martinet_reals value = martinet_as_reals(shares) * real * (1.0 / martinet_cash_step);
    martinet_lanes worth = martinet_up(
      shares * price, (martinet_lanes){0} + martinet_cash_step, martinet_nearest(value));
    martinet_lanes missing = worth + martinet_part(worth, commission, 1) - cash;
    martinet_lanes isShort = (missing > 0) & (shares > 0);
    if (!__builtin_reduce_or(isShort)) return shares;
    missing &= isShort;
    martinet_lanes less = martinet_up(
      missing * martinet_cash_step, price,
      martinet_nearest(martinet_as_reals(missing) * perStep));
    less = martinet_chosen(less > 1, less, (martinet_lanes){0} + 1);
    shares -= less & isShort;
    shares &= shares > 0;
  }
}

/// Follows eight lists of decisions, in turn to be in the market and to be out of it, each ordered at the
/// close of a bar and filled at the next one. What the account has after each goes to `cashAfter` and
/// `sharesAfter`, eight numbers a decision.
///
/// - Parameters:
///   - turns: the bars of each list, the last of them before the last bar; a list begins every `stride`
///   - counts: how many of them there are
/// - Returns: a bit a lane where something went beyond these words, or beyond what the venue lets one have
static inline unsigned martinet_follow(
  const martinet_bar_terms *bars, const martinet_account_terms *terms, int64_t capital,
  const int32_t *turns, intptr_t stride, const intptr_t *counts, int64_t *cashAfter,
  int64_t *sharesAfter) {
  const martinet_reals highest = martinet_as_reals((martinet_lanes){0} + terms->highest_close);
  martinet_lanes cash = (martinet_lanes){0} + capital, shares = {0}, traded = {0}, beyond = {0};
  intptr_t longest = 0;
  for (int lane = 0; lane < martinet_lane_count; lane++) {
    longest = counts[lane] > longest ? counts[lane] : longest;
  }
  for (intptr_t place = 0; place < longest; place++) {
    const int isPurchase = place % 2 == 0;
    martinet_lanes close, price, room, active;
    for (int lane = 0; lane < martinet_lane_count; lane++) {
      const int isThere = place < counts[lane];
      const martinet_bar_terms *bar = bars + (isThere ? turns[lane * stride + place] : 0);
      const martinet_bar_terms *next = bar + isThere;
      close[lane] = bar->close;
      price[lane] = isPurchase ? next->buying : next->selling;
      room[lane] = next->room;
      active[lane] = -isThere;
    }
    active &= ~beyond;
    martinet_lanes size = shares & active;
    if (isPurchase) {
      martinet_lanes budget = martinet_part(cash, terms->share, 0);
      martinet_lanes most = size =
        martinet_affordable(budget, close, terms->commission, active, &beyond);
      beyond |= size > 0 & size > room;
      // Filled at the close that decided, the same is affordable again.
      if (__builtin_reduce_or(active & ((close ^ price) | (budget ^ cash)))) {
        most = martinet_affordable(cash, price, terms->commission, active, &beyond);
      }
      size = martinet_chosen(size < most, size, most);
    } else {
      beyond |= size > 0 & size > room;
      beyond |= martinet_as_reals(size) * martinet_as_reals(price) > martinet_greatest_product;
    }
    martinet_lanes worth = martinet_worth(size, price);
    martinet_lanes charges = martinet_part(worth, terms->commission, 1);
    cash += (isPurchase ? -worth : worth) - charges;
    shares += isPurchase ? size : -size;
    traded += size;
    beyond |= cash < 0;
    // The account must be worth a number at every close there is.
    beyond |= martinet_as_reals(shares) * highest
        + martinet_as_reals(cash & ~beyond) * martinet_cash_step > martinet_greatest_product;
    __builtin_memcpy(cashAfter + martinet_lane_count * place, &cash, sizeof cash);
    __builtin_memcpy(sharesAfter + martinet_lane_count * place, &shares, sizeof shares);
  }
  beyond |= martinet_as_reals(traded) > martinet_most_shares;
  unsigned bits = 0;
  for (int lane = 0; lane < martinet_lane_count; lane++) bits |= (beyond[lane] & 1) << lane;
  return bits;
}

// Eight comparisons are eight bits.
typedef double martinet_doubles __attribute__((ext_vector_type(8)));
typedef _Bool martinet_bits __attribute__((ext_vector_type(8)));

/// A bit a row, 64 rows a word: where `fast` lies above `slow`, a missing number above nothing.
static inline void martinet_above(
  const double *fast, const double *slow, uint64_t *above, intptr_t words) {
  uint8_t *out = (uint8_t *)above;
  for (intptr_t place = 0; place < 8 * words; place++) {
    martinet_doubles left, right;
    __builtin_memcpy(&left, fast + 8 * place, sizeof left);
    __builtin_memcpy(&right, slow + 8 * place, sizeof right);
    martinet_bits isAbove = __builtin_convertvector(left > right, martinet_bits);
    __builtin_memcpy(out + place, &isAbove, 1);
  }
}

#endif
