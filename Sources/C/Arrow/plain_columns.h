#pragma once

#include <arrow/record_batch.h>
#include <parquet/arrow/reader.h>

#include <memory>
#include <vector>

namespace martinet {

/// The rows of some row groups in some leaves.
///
/// Columns of which every row has a number or time of eight bytes, as files of bars mostly have, are
/// decoded straight into the memory they stay in, a row group of a column at a time on the threads of
/// the program's pool. All others are left to Arrow, which decodes a whole column on one thread.
arrow::Result<std::shared_ptr<arrow::RecordBatch>> read_columns(
    parquet::arrow::FileReader &file, const std::vector<int> &groups,
    const std::vector<int> &leaves, bool use_threads);

}  // namespace martinet
