import Runtime

/// Where the values of scanned rows go; one entry a row.
struct RowSink {
  var stamps: UnsafeMutablePointer<Int64>
  var codes: UnsafeMutablePointer<Int32>
  var numbers: [UnsafeMutablePointer<Double>]
}

/// What stopped a scan, at which byte of the block.
struct ScanFailure: Error {
  enum Cause {
    case tooFewFields
    case tooManyFields
    case notANumber
    case notATime
    /// A date without, or with, the time or offset that the rows before it had.
    case otherKindOfTime
    case notASymbol
    case outOfOrder(previous: Int64)
  }
  var cause: Cause
  var offset: Int
  var field: Int
}

/// Whether rows must run forward in time, symbol by symbol.
enum RowOrder: Equatable { case forward, any }

/// Reads rows of text into columns: one pass over the bytes, no allocation a row.
struct RowScanner {
  private enum Action { case stamp, timeOfDay, millisecondOfDay, symbol, number(Int), skip }

  private let delimiter: UInt8
  private let actions: [Action]
  private(set) var order: RowOrder
  /// The midnight from which milliseconds count, where stamps are such.
  private let midnight: Int64
  /// How times are written, where a person says so.
  private let pattern: StampPattern?
  private(set) var kind: StampText.Kind?
  var symbols = SymbolTable()
  /// The last day that was read: rows of one day mostly follow each other.
  private var lastDay = StampText.Day()

  /// - Parameter day: the day that milliseconds of a day count from.
  init(
    layout: BarLayout, format: CSVFormat, order: RowOrder, day: CivilDate? = nil,
    pattern: StampPattern? = nil
  ) {
    self.pattern = pattern
    midnight = Int64(day?.dayNumber ?? 0) * Timestamp.nanosecondsPerDay
    delimiter = format.delimiter
    self.order = order
    var numbers = 0
    actions = layout.fields.map { field in
      switch field.role {
      case .stamp: return .stamp
      case .timeOfDay: return .timeOfDay
      case .millisecondOfDay: return .millisecondOfDay
      case .symbol: return .symbol
      case .ignored: return .skip
      case .number:
        numbers += 1
        return .number(numbers - 1)
      }
    }
  }

  /// The same for rows whose order is looked at later.
  var withoutOrder: RowScanner {
    var copy = self
    copy.order = .any
    return copy
  }

  /// Reads every row of `block`, whose lines are all closed by a line feed.
  ///
  /// - Returns: how many rows there were; `sink` must have room for one a line.
  mutating func scan(
    _ block: UnsafeBufferPointer<UInt8>, into sink: RowSink
  ) throws(ScanFailure) -> Int {
    guard let start = block.baseAddress else { return 0 }
    let end = start + block.count
    var cursor = start
    var row = 0
    while cursor < end {
      if cursor[0] == 0x0a || (cursor[0] == 0x0d && cursor[1] == 0x0a) {
        cursor += cursor[0] == 0x0a ? 1 : 2
        continue
      }
      let line = cursor
      try scanRow(&cursor, row: row, into: sink, block: start)
      if order == .forward {
        let code = Int(sink.codes[row])
        let previous = symbols.lastStamps[code]
        guard sink.stamps[row] > previous else {
          throw ScanFailure(
            cause: .outOfOrder(previous: previous), offset: line - start, field: 0)
        }
        symbols.lastStamps[code] = sink.stamps[row]
      }
      row += 1
    }
    return row
  }

  @inline(__always)
  private mutating func scanRow(
    _ cursor: inout UnsafePointer<UInt8>, row: Int, into sink: RowSink,
    block: UnsafePointer<UInt8>
  ) throws(ScanFailure) {
    var stamp: Int64 = 0
    var code: Int32 = 0
    for field in 0..<actions.count {
      let begin = cursor
      func failure(_ cause: ScanFailure.Cause) -> ScanFailure {
        ScanFailure(cause: cause, offset: begin - block, field: field)
      }
      switch actions[field] {
      case .number(let index):
        guard let value = number(&cursor) else { throw failure(.notANumber) }
        sink.numbers[index][row] = value
      case .stamp:
        guard let time = self.time(&cursor) else { throw failure(.notATime) }
        if kind != time.kind {
          guard kind == nil else { throw failure(.otherKindOfTime) }
          kind = time.kind
        }
        let (sum, overflow) = stamp.addingReportingOverflow(time.nanoseconds)
        guard !overflow else { throw failure(.notATime) }
        stamp = sum
      case .timeOfDay:
        guard let time = StampText.timeOfDay(text(&cursor)) else { throw failure(.notATime) }
        // A date in this column may be a count of nanoseconds, of any size.
        let (sum, overflow) = stamp.addingReportingOverflow(time)
        guard !overflow else { throw failure(.notATime) }
        stamp = sum
      case .millisecondOfDay:
        guard let count = number(&cursor), count >= 0, count <= 86_400_000,
          count == count.rounded()
        else { throw failure(.notATime) }
        kind = .local
        stamp = midnight + Int64(count) * 1_000_000
      case .symbol:
        guard let found = symbols.code(text(&cursor)) else { throw failure(.notASymbol) }
        code = found
      case .skip: _ = text(&cursor)
      }
      let isLast = field == actions.count - 1
      if cursor[0] == delimiter && !isLast {
        cursor += 1
      } else if cursor[0] == delimiter {
        throw ScanFailure(cause: .tooManyFields, offset: cursor - block, field: field)
      } else if !isLast {
        throw failure(.tooFewFields)
      }
    }
    if cursor[0] == 0x0d { cursor += 1 }
    cursor += 1
    sink.stamps[row] = stamp
    sink.codes[row] = code
  }

  /// A time, by the pattern where there is one. Seconds to microseconds since 1970, which have nine
  /// to fifteen digits, are read as they go by.
  @inline(__always)
  private mutating func time(_ cursor: inout UnsafePointer<UInt8>) -> StampText? {
    if let pattern { return pattern.stamp(text(&cursor)) }
    let head = DigitRun.load(cursor)
    let tail = DigitRun.load(cursor + 8)
    let count = DigitRun.count(tail)
    if DigitRun.count(head) == 8, count > 0, count < 8, isEnd(cursor + (8 + count)) {
      let value =
        DigitRun.value(head, count: 8) * DigitRun.powers[count] + DigitRun.value(tail, count: count)
      cursor += 8 + count
      return StampText(sinceEpoch: value, digits: 8 + count)
    }
    return StampText(text(&cursor), day: &lastDay)
  }

  /// Whether a field ends here that has no quotes.
  @inline(__always)
  private func isEnd(_ position: UnsafePointer<UInt8>) -> Bool {
    position[0] == delimiter || position[0] == 0x0a
      || (position[0] == 0x0d && position[1] == 0x0a)
  }

  /// A number of up to seven digits, as most prices are; anything else takes another way.
  @inline(__always)
  private func number(_ cursor: inout UnsafePointer<UInt8>) -> Double? {
    let isNegative = cursor[0] == 0x2d
    let start = isNegative ? cursor + 1 : cursor
    let text = DigitRun.load(start)
    let whole = DigitRun.count(text)
    if whole > 0, whole < 8 {
      var digits = text
      var count = whole
      var end = start + whole
      if end[0] == 0x2e {
        digits = DigitRun.droppingByte(behind: whole, of: text)
        count = DigitRun.count(digits)
        end = start + (count + 1)
      }
      if isEnd(end) {
        cursor = end
        let value = DigitRun.value(digits, count: count)
        let number = NumberText.shortQuotient(value, places: count - whole)
        return isNegative ? -number : number
      }
    }
    return longNumber(&cursor)
  }

  /// A number of up to nineteen digits, read digit by digit; anything else takes the slow way.
  @inline(never)
  private func longNumber(_ cursor: inout UnsafePointer<UInt8>) -> Double? {
    let begin = cursor
    let isNegative = cursor[0] == 0x2d
    var position = isNegative ? cursor + 1 : cursor
    let firstDigit = position
    var digits: UInt64 = 0
    var places = 0
    while case let digit = position[0] &- 0x30, digit <= 9 {
      digits = digits &* 10 &+ UInt64(digit)
      position += 1
    }
    var count = position - firstDigit
    if position[0] == 0x2e {
      position += 1
      let point = position
      while case let digit = position[0] &- 0x30, digit <= 9 {
        digits = digits &* 10 &+ UInt64(digit)
        position += 1
      }
      places = position - point
      count += places
    }
    if isEnd(position), count > 0, count <= 19,
      let value = NumberText.quotient(digits, places: places)
    {
      cursor = position
      return isNegative ? -value : value
    }
    cursor = begin
    return NumberText.parseSlowly(field(&cursor))
  }

  /// The field at `cursor` without its quotes, and the cursor behind it.
  @inline(__always)
  private func text(_ cursor: inout UnsafePointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    var bytes = field(&cursor)
    if bytes.count >= 2, bytes[0] == 0x22, bytes[bytes.count - 1] == 0x22 {
      bytes = UnsafeBufferPointer(rebasing: bytes[1..<bytes.count - 1])
    }
    return bytes
  }

  /// The field as it stands, quotes included; ends at the line feed at the latest.
  @inline(__always)
  private func field(_ cursor: inout UnsafePointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    let begin = cursor
    var isQuoted = false
    while cursor[0] != 0x0a {
      if cursor[0] == 0x22 {
        isQuoted.toggle()
      } else if !isQuoted && (cursor[0] == delimiter || (cursor[0] == 0x0d && cursor[1] == 0x0a)) {
        break
      }
      cursor += 1
    }
    return UnsafeBufferPointer(start: begin, count: cursor - begin)
  }
}
