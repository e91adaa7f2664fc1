#include "border.h"

#include <arrow/array.h>
#include <arrow/builder.h>
#include <arrow/io/file.h>
#include <arrow/ipc/writer.h>
#include <arrow/type.h>
#include <arrow/util/base64.h>
#include <arrow/util/key_value_metadata.h>
#include <parquet/arrow/schema.h>
#include <parquet/column_writer.h>
#include <parquet/file_writer.h>
#include <parquet/properties.h>

#include <algorithm>
#include <vector>

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

/// Whether the first values of a column of numbers come back, as prices of whole cents do: their
/// places in a list of the distinct ones are a fifth of them, and quicker to pack and unpack.
bool repeats(const martinet_arrow_column &column, int64_t rows) {
  if (column.type != MARTINET_ARROW_FLOAT64) return false;
  constexpr int64_t looked_at = 4096;
  if (rows < looked_at) return false;
  const auto *values = static_cast<const uint64_t *>(column.values);
  std::vector<uint64_t> distinct(values, values + looked_at);
  std::sort(distinct.begin(), distinct.end());
  auto count = std::unique(distinct.begin(), distinct.end()) - distinct.begin();
  return count <= looked_at / 4;
}

std::shared_ptr<parquet::WriterProperties> properties_of(
    const martinet_arrow_table &table, int64_t group_rows) {
  parquet::WriterProperties::Builder builder;
  builder.memory_pool(martinet::memory())
      ->compression(parquet::Compression::ZSTD)
      ->compression_level(1)
      ->disable_dictionary()
      // A page a row group: the thread that fills it compresses it too, and nothing is left for the
      // one that writes it to the file.
      ->data_pagesize(8 * group_rows)
      ->enable_page_checksum();
  for (int32_t i = 0; i < table.column_count; i++) {
    const auto &column = table.columns[i];
    if (column.type == MARTINET_ARROW_WORD || repeats(column, table.row_count)) {
      builder.enable_dictionary(column.name);
    }
    // Times step evenly, so that their differences take next to nothing.
    if (column.type == MARTINET_ARROW_TIMESTAMP) {
      builder.encoding(column.name, parquet::Encoding::DELTA_BINARY_PACKED);
    }
  }
  return builder.build();
}

/// What stands beside the columns: the table's own pairs.
std::shared_ptr<arrow::KeyValueMetadata> metadata_of(const martinet_arrow_table &table) {
  auto metadata = std::make_shared<arrow::KeyValueMetadata>();
  for (int32_t i = 0; i + 1 < table.metadata_count; i += 2) {
    metadata->Append(table.metadata[i], table.metadata[i + 1]);
  }
  return metadata;
}

/// Columns in the order in which they are encoded: the longest work first.
std::vector<int> order_of(const martinet_arrow_table &table) {
  std::vector<int> numbers, others;
  for (int i = table.column_count - 1; i >= 0; i--) {
    (table.columns[i].type == MARTINET_ARROW_FLOAT64 ? numbers : others).push_back(i);
  }
  numbers.insert(numbers.end(), others.begin(), others.end());
  return numbers;
}

Status write_column(
    parquet::ColumnWriter &writer, const arrow::Array &values, bool is_nullable,
    parquet::ArrowWriterProperties &properties) {
  parquet::ArrowWriteContext context(martinet::memory(), &properties);
  std::vector<int16_t> levels(is_nullable ? values.length() : 0);
  for (size_t row = 0; row < levels.size(); row++) levels[row] = values.IsValid(row) ? 1 : 0;
  return writer.WriteArrow(
      is_nullable ? levels.data() : nullptr, nullptr, values.length(), values, &context,
      is_nullable);
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
    auto metadata = metadata_of(*table);
    arrow::Schema schema(fields, metadata->Copy());
    // The types as Arrow has them, without which words would come back one by one.
    ARROW_ASSIGN_OR_RAISE(auto types, arrow::ipc::SerializeSchema(schema, martinet::memory()));
    metadata->Append("ARROW:schema", arrow::util::base64_encode(std::string_view(*types)));
    // Row groups of one size.
    int64_t groups = std::max<int64_t>(1, (table->row_count + row_group_rows - 1) / row_group_rows);
    int64_t group_rows = std::max<int64_t>(1, (table->row_count + groups - 1) / groups);
    auto properties = properties_of(*table, group_rows);
    auto arrow_properties = parquet::ArrowWriterProperties::Builder().store_schema()->build();
    std::shared_ptr<parquet::SchemaDescriptor> descriptor;
    ARROW_RETURN_NOT_OK(
        parquet::arrow::ToParquetSchema(&schema, *properties, *arrow_properties, &descriptor));
    ARROW_ASSIGN_OR_RAISE(auto sink, arrow::io::FileOutputStream::Open(path));
    auto root =
        std::static_pointer_cast<parquet::schema::GroupNode>(descriptor->schema_root());
    auto writer = parquet::ParquetFileWriter::Open(sink, root, properties, metadata);
    auto order = order_of(*table);
    for (int64_t first = 0; first < table->row_count; first += group_rows) {
      auto *group = writer->AppendBufferedRowGroup();
      ARROW_RETURN_NOT_OK(martinet::for_each(table->column_count, true, [&](int32_t i) {
        int column = order[i];
        return write_column(
            *group->column(column), *arrays[column]->Slice(first, group_rows),
            fields[column]->nullable(), *arrow_properties);
      }));
      group->Close();
    }
    writer->Close();
    return sink->Close();
  });
}
