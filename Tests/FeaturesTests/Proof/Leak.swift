import Features
import Market
import Runtime
import Testing

/// A cheat that the proof must catch, and what kind of cheat it is.
struct Leak: Sendable, CustomTestStringConvertible {
  enum Kind: String, CaseIterable, Sendable {
    case nextBar, centred, wholeColumn, backwards, filling, timeframe, label, scaling, split
    case tradability, decision, exogenous, crossSection, warmUp, nondeterminism, adjustment
  }

  let name: String
  let kind: Kind
  /// Whom it fooled: the thread of users' complaints that it was met in, where there is one.
  let thread: Int?
  let cause: LookAheadFinding.Cause
  let world: Worlds
  let subject: Computation

  var testDescription: String { "\(kind.rawValue): \(name)" }

  init(
    _ name: String, _ kind: Kind, thread: Int? = nil, cause: LookAheadFinding.Cause = .future,
    on world: Worlds = .days, _ subject: Computation
  ) {
    self.name = name
    self.kind = kind
    self.thread = thread
    self.cause = cause
    self.world = world
    self.subject = subject
  }

  /// A column that is computed row by row from all of a symbol's bars.
  init(
    _ name: String, _ kind: Kind, thread: Int? = nil, cause: LookAheadFinding.Cause = .future,
    on world: Worlds = .days, lookBack: Int = 0,
    used: @escaping @Sendable (Bars, Int) -> Int64 = Bars.known,
    _ value: @escaping @Sendable (Bars, Int) -> Double
  ) {
    let columns = [ProvenColumn(name, lookBack: lookBack)]
    self.init(
      name, kind, thread: thread, cause: cause, on: world,
      Computation(columns) { world in
        world.frames.map { frame in
          let bars = Bars(frame)
          return ProvenTable(
            name: frame.symbol.text, usedAt: Column(bars.rows.map { used(bars, $0) }),
            values: [Column(bars.rows.map { value(bars, $0) })])
        }
      })
  }
}

/// A symbol's bars as a cheat holds them: all at once.
struct Bars: Sendable {
  let frame: Frame
  let open, high, low, close, volume: [Double]

  init(_ frame: Frame) {
    self.frame = frame
    func values(_ name: String) -> [Double] { frame[name].map { Array($0) } ?? [] }
    (open, high, low) = (values("open"), values("high"), values("low"))
    (close, volume) = (values("close"), values("volume"))
  }

  var count: Int { close.count }
  var rows: Range<Int> { 0..<count }
  var mean: Double { close.reduce(0, +) / Double(count) }
  var deviation: Double {
    (close.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)).squareRoot()
  }
  var sorted: [Double] { close.sorted() }

  /// The close of a row, missing where there is none.
  func at(_ row: Int) -> Double { row >= 0 && row < count ? close[row] : .nan }
  func change(_ row: Int) -> Double { at(row) / at(row - 1) - 1 }
  /// The closes of rows around one, those that there are.
  func around(_ row: Int, _ before: Int, _ after: Int) -> [Double] {
    Array(close[max(0, row - before)...min(count - 1, row + after)])
  }
  /// When a row is used: as a rule when it is known.
  static let known: @Sendable (Bars, Int) -> Int64 = { $0.frame.knownAt[$1] }
  /// At the open: while the bar is under way nothing of its end is known.
  static let begun: @Sendable (Bars, Int) -> Int64 = { $0.frame.start[$1] }
  /// Just before the close: whoever is filled at it must have decided by then.
  static let beforeClose: @Sendable (Bars, Int) -> Int64 = { $0.frame.knownAt[$1] - 1 }
  func weekday(_ row: Int) -> Int {
    Timestamp(nanoseconds: frame.end[row]).utcDate.weekday.rawValue
  }
  /// The last row of the same week, as far as the file goes.
  func endOfWeek(_ row: Int) -> Int {
    var last = row
    while last + 1 < count, weekday(last + 1) > weekday(last) { last += 1 }
    return last
  }
}

/// Small markets for cheats to move in.
enum Worlds: Sendable {
  case days, minutes, symbols, universe

  func make() throws -> World {
    switch self {
    case .days: return World([try Synthetic.frame(bars: 70)])
    case .minutes: return World([try Self.minutes(bars: 150)])
    case .symbols: return World(try Self.symbols())
    case .universe:
      let frames = try Self.symbols()
      let day = { (row: Int) in Timestamp(nanoseconds: frames[0].end[row]).utcDate }
      return World(
        frames,
        universe: try Universe(
          name: "members",
          spans: [
            .init(symbol: frames[0].symbol, first: day(0), end: nil),
            .init(symbol: frames[1].symbol, first: day(5), end: day(30)),
            .init(symbol: frames[1].symbol, first: day(50), end: nil),
            .init(symbol: frames[2].symbol, first: day(20), end: day(60)),
          ]))
    }
  }

  private static func symbols() throws -> [Frame] {
    try ["A", "B", "C"].enumerated().map {
      try Synthetic.frame(bars: 70, seed: UInt64($0.offset) + 5, symbol: $0.element)
    }
  }

  /// Minutes of a Monday's session at New York, from its opening on.
  private static func minutes(bars: Int) throws -> Frame {
    let opening = try Timestamp(parsing: "2024-03-04T14:30:00Z").nanoseconds
    let minute: Int64 = 60_000_000_000
    let rows = Synthetic.rows(bars, seed: 3)
    let starts = rows.indices.map { opening + Int64($0) * minute }
    let frame = try Synthetic.frame(rows)
    let ends = Column(starts.map { $0 + minute })
    return Frame(
      symbol: frame.symbol, interval: .minute, start: Column(starts), end: ends, knownAt: ends,
      columns: [
        "open": Column(rows.map(\.open)), "high": Column(rows.map(\.high)),
        "low": Column(rows.map(\.low)), "close": Column(rows.map(\.close)),
        "volume": Column(rows.map(\.volume)),
      ])
  }
}
