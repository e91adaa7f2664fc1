/// One column of many rows on their way into a database; memory is only read during the call.
public enum ColumnSource {
  case integers(UnsafePointer<Int64>)
  /// The first less the second, wrapping around.
  case differences(UnsafePointer<Int64>, UnsafePointer<Int64>)
  /// NaN is written as NULL.
  case numbers(UnsafePointer<Double>)
  /// The same in every row; `nil` is NULL.
  case constant(Int64?)
}

/// Where the values of one column of a result go, one row after the other.
public enum ColumnTarget {
  case integers(UnsafeMutablePointer<Int64>)
  /// NULL becomes NaN.
  case numbers(UnsafeMutablePointer<Double>)
}

/// The rows of a question, taken by and by. Until it gave the last one, its session is busy with it.
public protocol RowReader {
  /// Takes up to `limit` rows into `targets`, one for each column; fewer only at the end.
  func read(upTo limit: Int, into targets: [ColumnTarget]) throws(DatabaseError) -> Int
}
