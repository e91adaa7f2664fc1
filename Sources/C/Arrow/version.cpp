#include "border.h"

#include <arrow/c/helpers.h>
#include <arrow/config.h>
#include <arrow/util/thread_pool.h>

#include <unistd.h>

#include <vector>

const char *martinet_arrow_version(void) {
  return arrow::GetBuildInfo().version_string.c_str();
}

namespace {
martinet_run_tasks run_tasks = nullptr;
}

void martinet_arrow_set_threads(int32_t threads, martinet_run_tasks run) {
  run_tasks = run;
  // Refused only for numbers below one, which the caller rules out.
  (void)arrow::SetCpuThreadPoolCapacity(threads);
}

void martinet_arrow_release_array(struct ArrowArray *array) { ArrowArrayRelease(array); }

void martinet_arrow_release_schema(struct ArrowSchema *schema) { ArrowSchemaRelease(schema); }

arrow::Status martinet::for_each(
    int32_t count, bool use_threads, const std::function<arrow::Status(int32_t)> &body) {
  struct Work {
    const std::function<arrow::Status(int32_t)> &body;
    std::vector<arrow::Status> results;
  } work{body, std::vector<arrow::Status>(count)};
  auto task = [](void *context, int32_t index) {
    auto &work = *static_cast<Work *>(context);
    // No exception passes the border to the pool.
    try {
      work.results[index] = work.body(index);
    } catch (const std::exception &error) {
      work.results[index] = arrow::Status::Invalid(error.what());
    }
  };
  if (use_threads && run_tasks != nullptr) {
    run_tasks(count, task, &work);
  } else {
    for (int32_t index = 0; index < count; index++) task(&work, index);
  }
  for (auto &result : work.results) ARROW_RETURN_NOT_OK(result);
  return arrow::Status::OK();
}

arrow::MemoryPool *martinet::memory() {
  // Never destroyed: arrays may outlive every other object of the process.
  // The system's allocator, because the program has it keep what was freed: another one would have
  // every page of large columns cleared anew.
  static arrow::MemoryPool *pool = new arrow::CappedMemoryPool(
      arrow::system_memory_pool(),
      static_cast<int64_t>(sysconf(_SC_PHYS_PAGES)) / 2 * sysconf(_SC_PAGE_SIZE));
  return pool;
}
