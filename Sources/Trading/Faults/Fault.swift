/// What goes wrong in a schedule of faults.
public enum Fault: String, CaseIterable, Sendable {
  // Of the line to the venue.
  case disconnect
  case partialFill = "partial_fill"
  case duplicate
  case reordering
  case reject
  // Of market data.
  case stalePrice = "stale_price"
  case missingPrice = "nan_price"
  case negativePrice = "negative_price"
  case splitPrice = "split_price"
  case halt
  // Of time.
  case clockJump = "clock_jump"
  case clockChange = "clock_change"
  case halfDay = "half_day"
  // Of the machine.
  case killed
  case diskFull = "disk_full"
  case tornWrite = "torn_write"
}
