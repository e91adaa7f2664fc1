#include "border.h"

#include <arrow/c/helpers.h>
#include <arrow/config.h>
#include <arrow/util/thread_pool.h>

#include <unistd.h>

const char *martinet_arrow_version(void) {
  return arrow::GetBuildInfo().version_string.c_str();
}

void martinet_arrow_set_threads(int32_t threads) {
  // Refused only for numbers below one, which the caller rules out.
  (void)arrow::SetCpuThreadPoolCapacity(threads);
}

void martinet_arrow_release_array(struct ArrowArray *array) { ArrowArrayRelease(array); }

void martinet_arrow_release_schema(struct ArrowSchema *schema) { ArrowSchemaRelease(schema); }

arrow::MemoryPool *martinet::memory() {
  // Never destroyed: arrays may outlive every other object of the process.
  static arrow::MemoryPool *pool = new arrow::CappedMemoryPool(
      arrow::default_memory_pool(),
      static_cast<int64_t>(sysconf(_SC_PHYS_PAGES)) / 2 * sysconf(_SC_PAGE_SIZE));
  return pool;
}
