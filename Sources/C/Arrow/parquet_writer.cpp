#include "border.h"

#include <arrow/array.h>
#include <arrow/builder.h>
#include <arrow/io/file.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>
#include <arrow/util/key_value_metadata.h>
#include <parquet/arrow/writer.h>
#include <parquet/properties.h>

using arrow::Result;
using arrow::Status;
using martinet::guarded;

namespace {

std::shared_ptr<arrow::DataType> type_of(martinet_arrow_type type) {
  switch (type) {
    case MARTINET_ARROW_FLOAT64: return arrow::float64();
    case MARTINET_ARROW_INT64: return arrow::int64();
    case MARTINET_ARROW_TIMESTAMP: return arrow::timestamp(arrow::TimeUnit::NANO, "UTC");
    case MARTINET_ARROW_WORD: return arrow::dictionary(arrow::int32(), arrow::utf8());
  }
  return arrow::null();
}

Result<std::shared_ptr<arrow::Array>> words_of(const martinet_arrow_table &table) {
  arrow::StringBuilder builder(martinet::memory());
  for (int32_t i = 0; i < table.word_count; i++) ARROW_RETURN_NOT_OK(builder.Append(table.words[i]));
  return builder.Finish();
}

/// The caller's memory as an array, without copying it.
std::shared_ptr<arrow::Array> array_of(
    const martinet_arrow_column &column, int64_t rows,
    const std::shared_ptr<arrow::Array> &words) {
  int64_t width = column.type == MARTINET_ARROW_WORD ? 4 : 8;
  auto values = std::make_shared<arrow::Buffer>(
      static_cast<const uint8_t *>(column.values), rows * width);
  std::shared_ptr<arrow::Buffer> validity;
  if (column.validity != nullptr) {
    validity = std::make_shared<arrow::Buffer>(column.validity, (rows + 7) / 8);
  }
  auto data = arrow::ArrayData::Make(
      type_of(column.type), rows, {validity, values}, column.null_count);
  if (column.type == MARTINET_ARROW_WORD) data->dictionary = words->data();
  return arrow::MakeArray(data);
}

std::shared_ptr<parquet::WriterProperties> properties_of(
    const martinet_arrow_table &table, int64_t row_group_rows) {
  parquet::WriterProperties::Builder builder;
  builder.memory_pool(martinet::memory())
      ->compression(parquet::Compression::ZSTD)
      ->compression_level(1)
      ->disable_dictionary()
      // Pages that end before their row group does are compressed by the thread that encodes them.
      ->data_pagesize(128 << 10)
      ->max_row_group_length(row_group_rows)
      ->enable_page_checksum();
  for (int32_t i = 0; i < table.column_count; i++) {
    const auto &column = table.columns[i];
    if (column.type == MARTINET_ARROW_WORD) builder.enable_dictionary(column.name);
    // Times step evenly, so that their differences take next to nothing.
    if (column.type == MARTINET_ARROW_TIMESTAMP) {
      builder.encoding(column.name, parquet::Encoding::DELTA_BINARY_PACKED);
    }
  }
  return builder.build();
}

}  // namespace

martinet_arrow_status martinet_parquet_write(
    const char *path, const martinet_arrow_table *table, int64_t row_group_rows, char *message,
    int64_t capacity) {
  return guarded(message, capacity, [&]() -> Status {
    ARROW_ASSIGN_OR_RAISE(auto words, words_of(*table));
    arrow::FieldVector fields;
    arrow::ArrayVector arrays;
    for (int32_t i = 0; i < table->column_count; i++) {
      const auto &column = table->columns[i];
      fields.push_back(arrow::field(column.name, type_of(column.type), column.validity != nullptr));
      arrays.push_back(array_of(column, table->row_count, words));
    }
    auto metadata = std::make_shared<arrow::KeyValueMetadata>();
    for (int32_t i = 0; i + 1 < table->metadata_count; i += 2) {
      metadata->Append(table->metadata[i], table->metadata[i + 1]);
    }
    auto rows = arrow::RecordBatch::Make(arrow::schema(fields, metadata), table->row_count, arrays);
    ARROW_ASSIGN_OR_RAISE(auto sink, arrow::io::FileOutputStream::Open(path));
    auto arrow_properties = parquet::ArrowWriterProperties::Builder()
                                .store_schema()
                                ->set_use_threads(true)
                                ->build();
    ARROW_ASSIGN_OR_RAISE(
        auto writer, parquet::arrow::FileWriter::Open(
                         *rows->schema(), martinet::memory(), sink,
                         properties_of(*table, row_group_rows), arrow_properties));
    // Of a batch, unlike of a table, each column is encoded on a thread of its own.
    ARROW_RETURN_NOT_OK(writer->WriteRecordBatch(*rows));
    ARROW_RETURN_NOT_OK(writer->Close());
    return sink->Close();
  });
}
