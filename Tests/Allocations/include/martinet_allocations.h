#ifndef MARTINET_ALLOCATIONS_H
#define MARTINET_ALLOCATIONS_H

#include <stdint.h>

/// Blocks of memory this thread has asked for since it began.
///
/// By thread, so that tests which run at the same time do not disturb each other's count.
uint64_t martinet_thread_allocations(void);

/// The same for all threads together, for work that is spread over a pool.
uint64_t martinet_process_allocations(void);

/// 0 where a sanitizer owns malloc and nothing is counted.
int martinet_counts_allocations(void);

#endif
