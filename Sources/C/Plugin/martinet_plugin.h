// The stable interface between martinet and strategies in shared libraries: docs/PLUGINS.md.
//
// A library exports two symbols:
//
//     const uint32_t martinet_plugin_interface = MARTINET_PLUGIN_INTERFACE;
//     const MartinetStrategy *martinet_plugin_strategy(void);
//
// The number is read before any function of the library is called. It is raised whenever something here
// changes; a library made for another number is refused, with both numbers named.

#ifndef MARTINET_PLUGIN_H
#define MARTINET_PLUGIN_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define MARTINET_PLUGIN_INTERFACE 1

// A bar that became known just now. `series` and `instrument` count from zero.
typedef struct MartinetBar {
  int32_t series;
  int32_t instrument;
  double open, high, low, close, volume;
} MartinetBar;

// The five numbers of a bar, for `history`.
typedef enum MartinetField {
  MARTINET_OPEN = 0,
  MARTINET_HIGH = 1,
  MARTINET_LOW = 2,
  MARTINET_CLOSE = 3,
  MARTINET_VOLUME = 4
} MartinetField;

typedef enum MartinetOrder {
  MARTINET_MARKET = 0,
  MARTINET_LIMIT = 1,
  MARTINET_STOP = 2
} MartinetOrder;

// What is known by now, and through which orders are given. It and all it points to are good until the
// call returns. Whatever it says no to ends the run, with the reason.
typedef struct MartinetDesk {
  // UTC nanoseconds.
  int64_t time;
  double equity, cash;
  uint32_t instrument_count;
  const char *const *symbols;
  // Units held of each instrument, below zero where it was sold short.
  const double *positions;
  uint32_t bar_count;
  const MartinetBar *bars;
  // Handed back to the functions below.
  void *context;
  // Copies the last `count` values of a series to `values`, oldest first, and returns how many there were.
  uint64_t (*history)(void *context, int32_t series, MartinetField field, uint64_t count, double *values);
  // Trades what is missing to hold a part (-1 to 1) of the instrument's equal share of the account.
  void (*hold)(void *context, int32_t instrument, double part);
  // The same with a part of the whole account.
  void (*weigh)(void *context, int32_t instrument, double part);
  // Buys, or sells where the quantity is below zero. `price` counts for limits and stops.
  void (*order)(void *context, int32_t instrument, double quantity, MartinetOrder kind, double price);
  // Takes back whatever was ordered of it and is not filled.
  void (*cancel)(void *context, int32_t instrument);
  // Ends the run, for a reason in words.
  void (*fail)(void *context, const char *reason);
} MartinetDesk;

// A strategy. Its text must be good as long as the library is loaded.
typedef struct MartinetStrategy {
  const char *name;
  // Bars that must be known before it can decide.
  uint32_t warm_up;
  // Makes what one run needs, and gives it back. Runs may go side by side on several threads.
  void *(*create)(void);
  void (*destroy)(void *state);
  // Once, with the bars that are known before the first day; may be null.
  void (*on_start)(void *state, const MartinetDesk *desk);
  // At each instant at which bars became known, with those of all series.
  void (*on_bars)(void *state, const MartinetDesk *desk);
} MartinetStrategy;

#ifdef __cplusplus
}
#endif

#endif
