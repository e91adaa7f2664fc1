#define _GNU_SOURCE
#include "martinet_threads.h"

#include <linux/futex.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static _Thread_local int in_parallel_job = 0;

void martinet_futex_wait(const void *word, uint32_t expected) {
  syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, expected, 0, 0, 0);
}

void martinet_futex_wake(const void *word, int32_t count) {
  syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, count, 0, 0, 0);
}

int martinet_in_parallel_job(void) { return in_parallel_job; }
void martinet_set_in_parallel_job(int inside) { in_parallel_job = inside; }

void martinet_name_thread(const char *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }

_Static_assert(sizeof(martinet_cores) == sizeof(cpu_set_t), "both hold 1024 cores");

martinet_cores martinet_own_cores(void) {
  martinet_cores cores = {{0}};
  sched_getaffinity(0, sizeof cores, (cpu_set_t *)&cores);
  return cores;
}

int32_t martinet_current_core(void) { return sched_getcpu(); }

void martinet_keep_off(pthread_t thread, martinet_cores cores, int32_t core) {
  cpu_set_t *set = (cpu_set_t *)&cores;
  if (core < 0 || core >= CPU_SETSIZE || !CPU_ISSET(core, set) || CPU_COUNT(set) < 2) return;
  CPU_CLR(core, set);
  pthread_setaffinity_np(thread, sizeof cores, set);
}

// Declared in Swift with the closure as its first parameter, which arrives here as two words.
void martinet_lend_closure(const void *function, const void *context, martinet_closure *lent) {
  lent->function = function;
  lent->context = context;
}

typedef __attribute__((swiftcall)) void (*swift_body)(
    intptr_t lower, intptr_t upper, __attribute__((swift_context)) const void *context);

void martinet_call_closure(martinet_closure closure, intptr_t lower, intptr_t upper) {
  ((swift_body)closure.function)(lower, upper, closure.context);
}
