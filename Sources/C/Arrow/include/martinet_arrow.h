#pragma once

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Parquet and Arrow files by way of Arrow C++, behind C: handles, status codes and the library's own message.
// No C++ exception passes this border.

/// The version of the Arrow library that was loaded, for example "26.0.1".
const char *martinet_arrow_version(void);

/// Calls `task` for every number below `count`, on several threads, and returns when all are done.
typedef void (*martinet_run_tasks)(
    int32_t count, void (*task)(void *context, int32_t index), void *context);

/// How many threads Arrow's own pool may use, and what columns are decoded and encoded on instead
/// where that can be chosen. To be called before anything else.
void martinet_arrow_set_threads(int32_t threads, martinet_run_tasks run);

/// Zero where a call succeeded; else `message` says why, in at most `message_capacity` bytes.
typedef int32_t martinet_arrow_status;

// The Arrow C data interface, as its specification asks implementers to repeat it:
// https://arrow.apache.org/docs/format/CDataInterface.html
#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

struct ArrowSchema {
  const char *format;
  const char *name;
  const char *metadata;
  int64_t flags;
  int64_t n_children;
  struct ArrowSchema **children;
  struct ArrowSchema *dictionary;
  void (*release)(struct ArrowSchema *);
  void *private_data;
};

struct ArrowArray {
  int64_t length;
  int64_t null_count;
  int64_t offset;
  int64_t n_buffers;
  int64_t n_children;
  const void **buffers;
  struct ArrowArray **children;
  struct ArrowArray *dictionary;
  void (*release)(struct ArrowArray *);
  void *private_data;
};
#endif

/// Frees what an exported array or schema holds; does nothing the second time.
void martinet_arrow_release_array(struct ArrowArray *array);
void martinet_arrow_release_schema(struct ArrowSchema *schema);

typedef struct martinet_parquet_reader martinet_parquet_reader;

martinet_arrow_status martinet_parquet_open(
    const char *path, martinet_parquet_reader **reader, char *message, int64_t message_capacity);

/// For small files: read whole at once, and decoded on the calling thread.
martinet_arrow_status martinet_parquet_open_small(
    const char *path, martinet_parquet_reader **reader, char *message, int64_t message_capacity);
void martinet_parquet_close(martinet_parquet_reader *reader);

int64_t martinet_parquet_row_count(const martinet_parquet_reader *reader);
int32_t martinet_parquet_row_group_count(const martinet_parquet_reader *reader);
/// Leaves: a column that holds others has several.
int32_t martinet_parquet_leaf_count(const martinet_parquet_reader *reader);

/// The least and the greatest value of a column of 64-bit integers or timestamps in a row group;
/// 0 where the file does not say.
int32_t martinet_parquet_bounds(
    const martinet_parquet_reader *reader, int32_t row_group, int32_t column, int64_t *least,
    int64_t *greatest);

/// The file's columns; `schema` is the caller's to release.
martinet_arrow_status martinet_parquet_schema(
    martinet_parquet_reader *reader, struct ArrowSchema *schema, char *message,
    int64_t message_capacity);

/// The rows of some row groups in some columns as one struct array, validated; the caller releases
/// both. Buffers are 64-byte aligned and outlive the reader.
martinet_arrow_status martinet_parquet_read(
    martinet_parquet_reader *reader, const int32_t *row_groups, int32_t row_group_count,
    const int32_t *columns, int32_t column_count, struct ArrowSchema *schema,
    struct ArrowArray *array, char *message, int64_t message_capacity);

typedef enum martinet_arrow_type {
  MARTINET_ARROW_FLOAT64,
  MARTINET_ARROW_INT64,
  /// Nanoseconds since 1970, UTC.
  MARTINET_ARROW_TIMESTAMP,
  /// int32 positions in the table's dictionary of words.
  MARTINET_ARROW_WORD,
} martinet_arrow_type;

typedef struct martinet_arrow_column {
  const char *name;
  martinet_arrow_type type;
  const void *values;
  /// One bit a row, least significant first, set where there is a value; null where all are there.
  const uint8_t *validity;
  int64_t null_count;
} martinet_arrow_column;

typedef struct martinet_arrow_table {
  int64_t row_count;
  const martinet_arrow_column *columns;
  int32_t column_count;
  const char *const *words;
  int32_t word_count;
  /// Keys and values of the file's metadata in turn.
  const char *const *metadata;
  int32_t metadata_count;
} martinet_arrow_table;

/// Writes `table` to a new file, compressed with zstd; its memory is only read during the call.
martinet_arrow_status martinet_parquet_write(
    const char *path, const martinet_arrow_table *table, int64_t row_group_rows, char *message,
    int64_t message_capacity);

/// Writes `table`, whose columns must be doubles without a validity bitmap, to a new Arrow file
/// (IPC format, not compressed, buffers aligned to 64 bytes), so that it can be mapped.
martinet_arrow_status martinet_arrow_file_write(
    const char *path, const martinet_arrow_table *table, char *message, int64_t message_capacity);

/// The rows of such a file as one struct array over mapped memory, validated; the caller releases
/// both, and the mapping lasts until then.
martinet_arrow_status martinet_arrow_file_map(
    const char *path, struct ArrowSchema *schema, struct ArrowArray *array, char *message,
    int64_t message_capacity);

#ifdef __cplusplus
}
#endif
