import Runtime

/// The bars of several symbols side by side: one line an instant, one place a symbol.
///
/// Each column is one contiguous block, instant after instant, so that all symbols of an instant lie
/// together: the value of symbol `s` at instant `t` is at `t × symbols + s`.
public struct Panel: Sendable {
  public let symbols: [Symbol]
  public let interval: BarInterval
  /// The instants at which the values of a line could all have been acted on; UTC nanoseconds,
  /// rising.
  public let knownAt: Column<Int64>
  /// The row of each symbol's own frame that a place was filled from; negative where it is empty.
  public let rows: Column<Int32>
  public let names: [String]
  /// Its lines are the instants at which every symbol had a new bar.
  let isInner: Bool
  private let values: [String: Column<Double>]

  /// The number of instants.
  public var count: Int { knownAt.count }

  public subscript(name: String) -> Column<Double>? { values[name] }

  /// All symbols' values at one instant, without copying.
  public func line(_ name: String, at instant: Int) -> Column<Double>? {
    values[name]?.slice(instant * symbols.count..<(instant + 1) * symbols.count)
  }

  /// One symbol's values at all instants, copied together.
  public func series(_ name: String, of symbol: Symbol) -> Column<Double>? {
    guard let place = symbols.firstIndex(of: symbol), let column = values[name] else { return nil }
    return Column(count: count) { out in
      for instant in 0..<count {
        out.initializeElement(at: instant, to: column[instant * symbols.count + place])
      }
    }
  }

  /// The instants of `range`, without copying values.
  public func slice(_ range: Range<Int>) -> Panel {
    let places = range.lowerBound * symbols.count..<range.upperBound * symbols.count
    return Panel(
      symbols: symbols, interval: interval, knownAt: knownAt.slice(range),
      rows: rows.slice(places), names: names, isInner: isInner,
      values: values.mapValues { $0.slice(places) })
  }
}

extension Panel {
  /// The instants at which every symbol has a bar that became known just then.
  public init(
    innerJoining frames: [Frame], columns: [String]
  ) throws(FrameError) {
    var instants = frames.first.map { Self.instants($0) } ?? []
    for frame in frames.dropFirst() {
      let others = Self.instants(frame)
      var place = 0
      instants = instants.filter { instant in
        while place < others.count, others[place] < instant { place += 1 }
        return place < others.count && others[place] == instant
      }
    }
    try self.init(frames, at: Column(instants), columns: columns, staleness: .never, isInner: true)
  }

  /// Every instant at which any symbol has something new, and at each what every symbol's last bar
  /// was, as long as `staleness` lets it count; by default only bars that became known just then do.
  public init(
    outerJoining frames: [Frame], columns: [String], staleness: Staleness = .lines(0)
  ) throws(FrameError) {
    try self.init(asOf: frames, columns: columns, staleness: staleness)
  }

  /// At each instant, every symbol's last bar that was known by then.
  ///
  /// - Parameters:
  ///   - instants: rising; by default every instant at which any symbol had something new.
  ///   - staleness: when a bar no longer counts and leaves its place empty, as that of a symbol that
  ///     is no longer traded should.
  public init(
    asOf frames: [Frame], at instants: Column<Int64>? = nil, columns: [String],
    staleness: Staleness = .never
  ) throws(FrameError) {
    let all =
      instants
      ?? Column(frames.reduce(into: Set<Int64>()) { $0.formUnion($1.knownAt) }.sorted())
    try self.init(frames, at: all, columns: columns, staleness: staleness)
  }

  private init(
    _ frames: [Frame], at instants: Column<Int64>, columns: [String], staleness: Staleness,
    isInner: Bool = false
  ) throws(FrameError) {
    guard let interval = frames.first?.interval, let symbol = frames.first?.symbol else {
      throw .nothingToJoin
    }
    var seen: Set<Symbol> = []
    for frame in frames {
      guard seen.insert(frame.symbol).inserted else { throw .duplicateSymbol(frame.symbol) }
      guard frame.interval == interval else {
        throw .differentIntervals(symbol, interval, frame.symbol, frame.interval)
      }
    }
    let matches = frames.map { $0.rows(asOf: instants, staleness: staleness) }
    let width = frames.count
    var values: [String: Column<Double>] = [:]
    for name in columns {
      var sources: [Column<Double>] = []
      for frame in frames { sources.append(try frame.numbers(name)) }
      values[name] = Self.interleaved(instants.count, width) { line, place in
        let row = Int(matches[place][line])
        return row < 0 ? .nan : sources[place][row]
      }
    }
    self.init(
      symbols: frames.map(\.symbol), interval: interval, knownAt: instants,
      rows: Self.interleaved(instants.count, width) { matches[$1][$0] }, names: columns,
      isInner: isInner, values: values)
  }

  private static func interleaved<Element>(
    _ lines: Int, _ width: Int, _ value: (_ line: Int, _ place: Int) -> Element
  ) -> Column<Element> {
    Column(count: lines * width) { out in
      for line in 0..<lines {
        for place in 0..<width {
          out.initializeElement(at: line * width + place, to: value(line, place))
        }
      }
    }
  }

  /// The instants at which a frame had something new, each once.
  private static func instants(_ frame: Frame) -> [Int64] {
    var instants: [Int64] = []
    instants.reserveCapacity(frame.count)
    for instant in frame.knownAt where instants.last != instant { instants.append(instant) }
    return instants
  }
}

/// When a bar that was known no longer counts.
public enum Staleness: Hashable, Sendable {
  case never
  /// When it became known longer ago than this, nights and weekends included.
  case after(Duration)
  /// When more than so many instants of the join have passed since the first at which it was known:
  /// so many bars, whatever nights lie between.
  case lines(Int)
}

extension Frame {
  /// For each of `instants`, which rise, the last row that was known by then; −1 before the first,
  /// or where it is too old to count.
  public func rows(
    asOf instants: Column<Int64>, staleness: Staleness = .never
  ) -> Column<Int32> {
    var (oldest, mostLines) = (Int64.max, Int.max)
    switch staleness {
    case .never: break
    case .after(let age): oldest = age.nanoseconds ?? .max
    case .lines(let count): mostLines = count
    }
    return knownAt.withUnsafeValues { known in
      Column(count: instants.count) { rows in
        var next = 0
        var lines = 0
        for (index, instant) in instants.enumerated() {
          let before = next
          while next < known.count, known[next] <= instant { next += 1 }
          lines = next > before ? 0 : lines + 1
          let isFresh =
            next > 0 && lines <= mostLines
            && instant.subtractingSaturating(known[next - 1]) <= oldest
          rows.initializeElement(at: index, to: isFresh ? Int32(next - 1) : -1)
        }
      }
    }
  }

  /// This frame with columns of another joined: on each row the other's last values that were known
  /// when the row was.
  ///
  /// - Parameter prefix: put before the joined columns' names, as `spy_` before `close`.
  public func joining(
    _ other: Frame, columns: [String], prefix: String = "", staleness: Staleness = .never
  ) throws(FrameError) -> Frame {
    let rows = other.rows(asOf: knownAt, staleness: staleness)
    let hasGaps = rows.contains { $0 < 0 }
    var joined = self
    for name in columns {
      guard let column = other.column(name) else {
        throw .unknownColumn(symbol: other.symbol, column: name, known: other.names)
      }
      guard !hasGaps || column.canBeMissing else {
        throw .cannotBeMissing(symbol: other.symbol, column: name)
      }
      guard joined.column(prefix + name) == nil else {
        throw .duplicateColumn(symbol: symbol, column: prefix + name)
      }
      joined = joined.adding(column.taking(rows), as: prefix + name)
    }
    return joined
  }
}

extension Int64 {
  fileprivate func subtractingSaturating(_ other: Int64) -> Int64 {
    let (difference, overflow) = subtractingReportingOverflow(other)
    return overflow ? .max : difference
  }
}
