#include "border.h"
#include "plain_columns.h"

#include <arrow/c/bridge.h>
#include <arrow/io/file.h>
#include <arrow/io/memory.h>
#include <arrow/record_batch.h>
#include <parquet/arrow/reader.h>
#include <parquet/arrow/schema.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>
#include <parquet/statistics.h>

struct martinet_parquet_reader {
  std::unique_ptr<parquet::arrow::FileReader> file;
  bool use_threads;
};

using arrow::Status;
using martinet::guarded;

namespace {

Status open(
    std::shared_ptr<arrow::io::RandomAccessFile> input, bool use_threads,
    martinet_parquet_reader **reader) {
  parquet::ReaderProperties properties(martinet::memory());
  properties.set_page_checksum_verification(true);
  parquet::ArrowReaderProperties arrow_properties;
  arrow_properties.set_use_threads(use_threads);
  arrow_properties.set_pre_buffer(use_threads);
  parquet::arrow::FileReaderBuilder builder;
  ARROW_RETURN_NOT_OK(builder.Open(std::move(input), properties));
  builder.memory_pool(martinet::memory());
  builder.properties(arrow_properties);
  ARROW_ASSIGN_OR_RAISE(auto file, builder.Build());
  *reader = new martinet_parquet_reader{std::move(file), use_threads};
  return Status::OK();
}

}  // namespace

martinet_arrow_status martinet_parquet_open(
    const char *path, martinet_parquet_reader **reader, char *message, int64_t capacity) {
  return guarded(message, capacity, [&]() -> Status {
    ARROW_ASSIGN_OR_RAISE(auto input, arrow::io::ReadableFile::Open(path, martinet::memory()));
    return open(std::move(input), true, reader);
  });
}

martinet_arrow_status martinet_parquet_open_small(
    const char *path, martinet_parquet_reader **reader, char *message, int64_t capacity) {
  return guarded(message, capacity, [&]() -> Status {
    ARROW_ASSIGN_OR_RAISE(auto file, arrow::io::ReadableFile::Open(path, martinet::memory()));
    ARROW_ASSIGN_OR_RAISE(auto size, file->GetSize());
    ARROW_ASSIGN_OR_RAISE(auto bytes, file->ReadAt(0, size));
    return open(std::make_shared<arrow::io::BufferReader>(std::move(bytes)), false, reader);
  });
}

void martinet_parquet_close(martinet_parquet_reader *reader) { delete reader; }

int64_t martinet_parquet_row_count(const martinet_parquet_reader *reader) {
  return reader->file->parquet_reader()->metadata()->num_rows();
}

int32_t martinet_parquet_row_group_count(const martinet_parquet_reader *reader) {
  return reader->file->parquet_reader()->metadata()->num_row_groups();
}

int32_t martinet_parquet_leaf_count(const martinet_parquet_reader *reader) {
  return reader->file->parquet_reader()->metadata()->num_columns();
}

int32_t martinet_parquet_bounds(
    const martinet_parquet_reader *reader, int32_t row_group, int32_t column, int64_t *least,
    int64_t *greatest) {
  try {
    auto group = reader->file->parquet_reader()->metadata()->RowGroup(row_group);
    auto found = std::dynamic_pointer_cast<parquet::Int64Statistics>(
        group->ColumnChunk(column)->statistics());
    if (found == nullptr || !found->HasMinMax()) return 0;
    *least = found->min();
    *greatest = found->max();
    return 1;
  } catch (...) {
    // A file that is damaged here is read whole, and refused where its pages are wrong.
    return 0;
  }
}

martinet_arrow_status martinet_parquet_schema(
    martinet_parquet_reader *reader, struct ArrowSchema *schema, char *message,
    int64_t capacity) {
  return guarded(message, capacity, [&]() -> Status {
    std::shared_ptr<arrow::Schema> found;
    ARROW_RETURN_NOT_OK(reader->file->GetSchema(&found));
    return arrow::ExportSchema(*found, schema);
  });
}

martinet_arrow_status martinet_parquet_read(
    martinet_parquet_reader *reader, const int32_t *row_groups, int32_t row_group_count,
    const int32_t *columns, int32_t column_count, struct ArrowSchema *schema,
    struct ArrowArray *array, char *message, int64_t capacity) {
  return guarded(message, capacity, [&]() -> Status {
    std::vector<int> groups(row_groups, row_groups + row_group_count);
    std::vector<int> leaves(columns, columns + column_count);
    ARROW_ASSIGN_OR_RAISE(
        auto batch, martinet::read_columns(*reader->file, groups, leaves, reader->use_threads));
    return arrow::ExportRecordBatch(*batch, array, schema);
  });
}
