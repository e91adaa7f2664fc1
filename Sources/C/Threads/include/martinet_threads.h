#ifndef MARTINET_THREADS_H
#define MARTINET_THREADS_H

#include <pthread.h>
#include <stdint.h>

// What Swift cannot say: futex is a variadic system call, pause an instruction, a thread-local
// variable a storage class, sets of cores are handled by macros, and a closure that does not escape
// cannot be handed to another thread.

static inline void martinet_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

/// Sleeps while *word is expected; returns on a wake, a signal, or when the value differs.
void martinet_futex_wait(const void *word, uint32_t expected);

/// Wakes at most count sleepers of the word.
void martinet_futex_wake(const void *word, int32_t count);

/// Whether this thread is inside a job of a pool.
int martinet_in_parallel_job(void);
void martinet_set_in_parallel_job(int inside);

/// Names this thread for debuggers and top; at most 15 characters.
void martinet_name_thread(const char *name);

/// Cores by number, one bit each.
typedef struct {
  uint64_t words[16];
} martinet_cores;

/// The cores that the system may put this thread on; none where it does not say.
martinet_cores martinet_own_cores(void);

/// The core this thread runs on.
int32_t martinet_current_core(void);

/// Lets a thread run on those cores except one, which is not taken away if it is the last.
void martinet_keep_off(pthread_t thread, martinet_cores cores, int32_t core);

/// A Swift closure of type (Int, Int) -> Void as the two words it is passed in.
///
/// Swift copies a closure to the heap before it may be stored, twice an allocation for every job. A
/// job ends before its caller's frame does, so the words themselves can be lent out.
typedef struct {
  const void *function;
  const void *context;
} martinet_closure;

/// Calls the closure, by the calling convention of Swift.
void martinet_call_closure(martinet_closure closure, intptr_t lower, intptr_t upper);

#endif
