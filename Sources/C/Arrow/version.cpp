#include "martinet_arrow.h"

#include <arrow/config.h>

const char *martinet_arrow_version(void) {
  return arrow::GetBuildInfo().version_string.c_str();
}
