/// One column of many rows on their way into a database; memory is only read during the call.
public enum ColumnSource {
  case integers(UnsafePointer<Int64>)
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
