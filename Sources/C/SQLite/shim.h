#include <sqlite3.h>

/// SQLite counts every allocation under one lock unless it is told not to before its first use;
/// variadic, so out of Swift's reach.
static inline int martinet_sqlite_forgo_statistics(void) {
  return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}
