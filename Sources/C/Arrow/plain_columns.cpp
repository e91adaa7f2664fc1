#include "plain_columns.h"

#include "border.h"

#include <arrow/array.h>
#include <arrow/table.h>
#include <arrow/type.h>
#include <parquet/arrow/schema.h>
#include <parquet/column_reader.h>
#include <parquet/exception.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>

#include <algorithm>
#include <numeric>

using arrow::Result;
using arrow::Status;

namespace {

/// The Arrow field of a leaf that is a column by itself, or null.
const parquet::arrow::SchemaField *field_of(parquet::arrow::FileReader &file, int leaf) {
  const parquet::arrow::SchemaField *field = nullptr;
  const auto *descriptor = file.parquet_reader()->metadata()->schema()->Column(leaf);
  bool is_column = descriptor->path()->ToDotVector().size() == 1;
  return is_column && file.manifest().GetColumnField(leaf, &field).ok() ? field : nullptr;
}

/// Whether the bytes of the column's values are what Arrow holds, one in each row.
bool is_plain(parquet::arrow::FileReader &file, int leaf) {
  const auto *field = field_of(file, leaf);
  const auto *descriptor = file.parquet_reader()->metadata()->schema()->Column(leaf);
  if (field == nullptr || descriptor->max_definition_level() > 0) return false;
  switch (field->field->type()->id()) {
    case arrow::Type::DOUBLE: return descriptor->physical_type() == parquet::Type::DOUBLE;
    case arrow::Type::INT64:
    case arrow::Type::TIMESTAMP: return descriptor->physical_type() == parquet::Type::INT64;
    default: return false;
  }
}

/// One row group of one column and where its values go.
struct Task {
  int group;
  int leaf;
  int64_t rows;
  int64_t compressed_bytes;
  uint8_t *target;
};

template <typename Type>
Status decode_as(parquet::ColumnReader &reader, const Task &task) {
  auto *typed = dynamic_cast<parquet::TypedColumnReader<Type> *>(&reader);
  auto *target = reinterpret_cast<typename Type::c_type *>(task.target);
  int64_t done = 0;
  while (typed != nullptr && done < task.rows && typed->HasNext()) {
    int64_t values = 0;
    typed->ReadBatch(task.rows - done, nullptr, nullptr, target + done, &values);
    if (values == 0) break;
    done += values;
  }
  if (typed == nullptr || done != task.rows || typed->HasNext()) {
    return Status::Invalid(
        "row group ", task.group, " has ", done, " values in column ", task.leaf, " and ",
        task.rows, " rows");
  }
  return Status::OK();
}

Status decode(parquet::ParquetFileReader &file, const Task &task) {
  BEGIN_PARQUET_CATCH_EXCEPTIONS
  auto reader = file.RowGroup(task.group)->Column(task.leaf);
  return reader->type() == parquet::Type::DOUBLE
             ? decode_as<parquet::DoubleType>(*reader, task)
             : decode_as<parquet::Int64Type>(*reader, task);
  END_PARQUET_CATCH_EXCEPTIONS
}

/// Whether the values are what they should be in a file that may be damaged: offsets that run
/// forward, positions inside the dictionary.
Status check(const arrow::Array &column) {
  const auto *words = dynamic_cast<const arrow::DictionaryArray *>(&column);
  if (words == nullptr || words->null_count() > 0 ||
      words->indices()->type_id() != arrow::Type::INT32) {
    return column.ValidateFull();
  }
  // The usual case, for which Arrow takes ten times as long: it looks at positions one by one.
  ARROW_RETURN_NOT_OK(column.Validate());
  const auto &indices = static_cast<const arrow::Int32Array &>(*words->indices());
  const int32_t *positions = indices.raw_values();
  uint32_t greatest = 0;  // Negative positions count as very great ones.
  for (int64_t row = 0; row < indices.length(); row++) {
    greatest = std::max(greatest, static_cast<uint32_t>(positions[row]));
  }
  if (indices.length() > 0 && greatest >= words->dictionary()->length()) {
    return Status::Invalid("a row has a word that is not in the column's list of words");
  }
  return words->dictionary()->ValidateFull();
}

/// The other columns, by Arrow's own way.
Result<std::shared_ptr<arrow::RecordBatch>> read_by_arrow(
    parquet::arrow::FileReader &file, const std::vector<int> &groups,
    const std::vector<int> &leaves) {
  ARROW_ASSIGN_OR_RAISE(auto table, file.ReadRowGroups(groups, leaves));
  // One chunk a column already where the file has one row group; else they are put together.
  ARROW_ASSIGN_OR_RAISE(auto batch, table->CombineChunksToBatch(martinet::memory()));
  for (const auto &column : batch->columns()) ARROW_RETURN_NOT_OK(check(*column));
  return batch;
}

}  // namespace

Result<std::shared_ptr<arrow::RecordBatch>> martinet::read_columns(
    parquet::arrow::FileReader &file, const std::vector<int> &groups,
    const std::vector<int> &leaves, bool use_threads) {
  std::vector<int> plain, others;
  for (int leaf : leaves) (is_plain(file, leaf) ? plain : others).push_back(leaf);
  bool is_nested = std::any_of(others.begin(), others.end(), [&](int leaf) {
    return field_of(file, leaf) == nullptr;
  });
  if (plain.empty() || is_nested) return read_by_arrow(file, groups, leaves);

  auto &reader = *file.parquet_reader();
  int64_t rows = 0;
  for (int group : groups) {
    int64_t more = reader.metadata()->RowGroup(group)->num_rows();
    if (more < 0 || more > (int64_t{1} << 40) - rows) {
      return Status::Invalid("row group ", group, " cannot have ", more, " rows");
    }
    rows += more;
  }
  std::vector<std::shared_ptr<arrow::Buffer>> buffers;
  std::vector<Task> tasks;
  for (int leaf : plain) {
    ARROW_ASSIGN_OR_RAISE(auto buffer, arrow::AllocateBuffer(8 * rows, memory()));
    uint8_t *target = buffer->mutable_data();
    for (int group : groups) {
      auto metadata = reader.metadata()->RowGroup(group);
      int64_t bytes = metadata->ColumnChunk(leaf)->total_compressed_size();
      tasks.push_back({group, leaf, metadata->num_rows(), bytes, target});
      target += 8 * metadata->num_rows();
    }
    buffers.push_back(std::move(buffer));
  }
  // The longest first, so that all threads end at about the same time.
  std::sort(tasks.begin(), tasks.end(), [](const Task &a, const Task &b) {
    return a.compressed_bytes > b.compressed_bytes;
  });
  std::shared_ptr<arrow::RecordBatch> other;
  // A single other column, such as that of the symbols, is one more task; several share out threads.
  bool is_task = others.size() == 1;
  if (others.size() > 1) { ARROW_ASSIGN_OR_RAISE(other, read_by_arrow(file, groups, others)); }
  if (is_task) file.set_use_threads(false);
  auto count = static_cast<int32_t>(tasks.size());
  auto status = for_each(count + (is_task ? 1 : 0), use_threads, [&](int32_t i) -> Status {
    if (is_task && i == 0) return read_by_arrow(file, groups, others).Value(&other);
    return decode(reader, tasks[i - (is_task ? 1 : 0)]);
  });
  if (is_task) file.set_use_threads(use_threads);
  ARROW_RETURN_NOT_OK(status);

  arrow::FieldVector fields;
  arrow::ArrayVector arrays;
  int next_plain = 0, next_other = 0;
  for (int leaf : leaves) {
    if (next_plain < static_cast<int>(plain.size()) && plain[next_plain] == leaf) {
      const auto &field = field_of(file, leaf)->field;
      arrays.push_back(arrow::MakeArray(
          arrow::ArrayData::Make(field->type(), rows, {nullptr, buffers[next_plain++]}, 0)));
      fields.push_back(field);
    } else {
      fields.push_back(other->schema()->field(next_other));
      arrays.push_back(other->column(next_other++));
    }
  }
  return arrow::RecordBatch::Make(arrow::schema(std::move(fields)), rows, std::move(arrays));
}
