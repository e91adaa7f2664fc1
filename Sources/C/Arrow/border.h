#pragma once

#include "martinet_arrow.h"

#include <arrow/memory_pool.h>
#include <arrow/status.h>

#include <cstring>
#include <exception>
#include <functional>
#include <string>

namespace martinet {

/// The memory all arrays come from: half of the machine's, so that a damaged file that asks for
/// more gets an error instead of ending the process.
arrow::MemoryPool *memory();

/// Calls `body` for every number below `count`, on the pool of the program where `use_threads`;
/// returns the first failure by number.
arrow::Status for_each(
    int32_t count, bool use_threads, const std::function<arrow::Status(int32_t)> &body);

inline martinet_arrow_status refuse(
    const std::string &words, char *message, int64_t capacity) {
  if (message != nullptr && capacity > 0) {
    size_t length = std::min(words.size(), static_cast<size_t>(capacity - 1));
    std::memcpy(message, words.data(), length);
    message[length] = '\0';
  }
  return 1;
}

/// Calls `body`, which returns an arrow::Status, and turns whatever comes out into a status code.
template <typename Body>
martinet_arrow_status guarded(char *message, int64_t capacity, Body body) noexcept {
  try {
    arrow::Status status = body();
    if (status.ok()) return 0;
    return refuse(status.message(), message, capacity);
  } catch (const std::exception &error) {
    return refuse(error.what(), message, capacity);
  } catch (...) {
    return refuse("Arrow failed without saying why", message, capacity);
  }
}

}  // namespace martinet
