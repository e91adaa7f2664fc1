#include "martinet_allocations.h"

#include <errno.h>
#include <stddef.h>

#if defined(__has_feature)
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif

static __thread uint64_t by_thread __attribute__((tls_model("initial-exec"))) = 0;
static uint64_t by_process = 0;

uint64_t martinet_thread_allocations(void) { return by_thread; }
uint64_t martinet_process_allocations(void) {
  return __atomic_load_n(&by_process, __ATOMIC_RELAXED);
}

#ifdef SANITIZED
int martinet_counts_allocations(void) { return 0; }
#else
int martinet_counts_allocations(void) { return 1; }

// The names under which glibc keeps its own, for programs that define malloc themselves.
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static void count(void) {
  by_thread++;
  __atomic_fetch_add(&by_process, 1, __ATOMIC_RELAXED);
}

void *malloc(size_t size) {
  count();
  return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
  count();
  return __libc_calloc(number, size);
}

void *realloc(void *block, size_t size) {
  count();
  return __libc_realloc(block, size);
}

void *memalign(size_t alignment, size_t size) {
  count();
  return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

int posix_memalign(void **block, size_t alignment, size_t size) {
  void *got = memalign(alignment, size);
  if (!got) return ENOMEM;
  *block = got;
  return 0;
}
#endif
