#include "border.h"

#include <arrow/array.h>
#include <arrow/c/bridge.h>
#include <arrow/io/file.h>
#include <arrow/ipc/reader.h>
#include <arrow/ipc/writer.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>
#include <arrow/util/key_value_metadata.h>

using arrow::Status;
using martinet::guarded;

martinet_arrow_status martinet_arrow_file_write(
    const char *path, const martinet_arrow_table *table, char *message, int64_t capacity) {
  return guarded(message, capacity, [&]() -> Status {
    arrow::FieldVector fields;
    arrow::ArrayVector arrays;
    for (int32_t i = 0; i < table->column_count; i++) {
      const auto &column = table->columns[i];
      if (column.type != MARTINET_ARROW_FLOAT64 || column.null_count != 0) {
        return Status::NotImplemented("column ", column.name, " holds no plain doubles");
      }
      fields.push_back(arrow::field(column.name, arrow::float64(), false));
      auto values = std::make_shared<arrow::Buffer>(
          static_cast<const uint8_t *>(column.values), table->row_count * 8);
      arrays.push_back(std::make_shared<arrow::DoubleArray>(table->row_count, values));
    }
    auto metadata = std::make_shared<arrow::KeyValueMetadata>();
    for (int32_t i = 0; i + 1 < table->metadata_count; i += 2) {
      metadata->Append(table->metadata[i], table->metadata[i + 1]);
    }
    auto schema = arrow::schema(fields, metadata);
    auto options = arrow::ipc::IpcWriteOptions::Defaults();
    options.memory_pool = martinet::memory();
    options.alignment = 64;
    ARROW_ASSIGN_OR_RAISE(auto sink, arrow::io::FileOutputStream::Open(path));
    ARROW_ASSIGN_OR_RAISE(auto writer, arrow::ipc::MakeFileWriter(sink, schema, options));
    auto batch = arrow::RecordBatch::Make(schema, table->row_count, arrays);
    ARROW_RETURN_NOT_OK(writer->WriteRecordBatch(*batch));
    ARROW_RETURN_NOT_OK(writer->Close());
    return sink->Close();
  });
}

martinet_arrow_status martinet_arrow_file_map(
    const char *path, struct ArrowSchema *schema, struct ArrowArray *array, char *message,
    int64_t capacity) {
  return guarded(message, capacity, [&]() -> Status {
    ARROW_ASSIGN_OR_RAISE(
        auto file, arrow::io::MemoryMappedFile::Open(path, arrow::io::FileMode::READ));
    auto options = arrow::ipc::IpcReadOptions::Defaults();
    options.memory_pool = martinet::memory();
    ARROW_ASSIGN_OR_RAISE(
        auto reader, arrow::ipc::RecordBatchFileReader::Open(file, options));
    if (reader->num_record_batches() != 1) return Status::Invalid("not one batch of rows");
    ARROW_ASSIGN_OR_RAISE(auto batch, reader->ReadRecordBatch(0));
    ARROW_RETURN_NOT_OK(batch->ValidateFull());
    // The batch's own schema lacks what stands beside the file's.
    batch = batch->ReplaceSchemaMetadata(reader->schema()->metadata());
    return arrow::ExportRecordBatch(*batch, array, schema);
  });
}
