import Runtime

/// What can be wrong with bars put together from outside. Rows are counted from 0.
public enum FrameError: DiagnosedError, Equatable {
  /// An order that every frame keeps, broken at a row.
  public enum Order: Equatable, Sendable {
    case endsBeforeItStarts
    case isKnownBeforeItEnds
    case startsBeforeTheLastEnds
    case isKnownBeforeTheLast
  }

  case unequalLengths(symbol: Symbol, column: String, found: Int, expected: Int)
  case duplicateColumn(symbol: Symbol, column: String)
  case disorder(symbol: Symbol, row: Int, Order)
  case unknownColumn(symbol: Symbol, column: String, known: [String])
  /// Joining would leave a gap in a column of a type that has no missing value.
  case cannotBeMissing(symbol: Symbol, column: String)
  case duplicateSymbol(Symbol)
  case nothingToJoin
  case differentIntervals(Symbol, BarInterval, Symbol, BarInterval)
  /// Bars cannot become bars of that interval: it is finer, or cuts them.
  case notCoarser(symbol: Symbol, from: BarInterval, to: BarInterval)
  /// A bar handed in after the clock had passed its start.
  case lateBar(symbol: Symbol, start: Timestamp, clock: Timestamp)
  /// A trade whose price or quantity is not above zero.
  case emptyTrade(symbol: Symbol, time: Timestamp)
  /// A trade that happened, or became known, before the one handed in before it.
  case tradeOutOfOrder(symbol: Symbol, time: Timestamp)
  case calendar(CalendarError)

  public var diagnosis: Diagnosis {
    switch self {
    case .unequalLengths(let symbol, let column, let found, let expected):
      Diagnosis(
        place: "\(symbol), column \(column)", finding: "has \(found) rows, not \(expected)",
        remedy: "give every column a value for each bar")
    case .duplicateColumn(let symbol, let column):
      Diagnosis(
        place: "\(symbol), column \(column)", finding: "is there twice",
        remedy: "rename or leave out one of them")
    case .disorder(let symbol, let row, let order):
      Diagnosis(
        place: "\(symbol), row \(row)", finding: Self.words(order),
        remedy: "sort the bars by time and check the zone and the meaning of their stamps")
    case .unknownColumn(let symbol, let column, let known):
      Diagnosis(
        place: "\(symbol), column \(Excerpt.quoted(column))", finding: "there is no such column",
        remedy: (Words.nearest(to: column, among: known).map { "did you mean \($0)? " } ?? "")
          + "known: " + known.joined(separator: ", "))
    case .cannotBeMissing(let symbol, let column):
      Diagnosis(
        place: "\(symbol), column \(column)",
        finding: "has no value before its first row, and its type knows no missing one",
        remedy: "make it a column of numbers, or join from a later instant")
    case .duplicateSymbol(let symbol):
      Diagnosis(
        place: "\(symbol)", finding: "is there twice", remedy: "leave out one of its frames")
    case .nothingToJoin:
      Diagnosis(place: "panel", finding: "no bars to join", remedy: "name at least one symbol")
    case .differentIntervals(let a, let first, let b, let second):
      Diagnosis(
        place: "\(a) and \(b)", finding: "have bars of \(first) and of \(second)",
        remedy: "resample the finer bars first")
    case .notCoarser(let symbol, let from, let to):
      Diagnosis(
        place: "\(symbol)", finding: "bars of \(from) cannot be made into bars of \(to)",
        remedy: "choose an interval of which \(from) is a whole part")
    case .lateBar(let symbol, let start, let clock):
      Diagnosis(
        place: "\(symbol), bar from \(start)", finding: "came when it was \(clock) already",
        remedy: "hold the clock back until the bars that end by then have come")
    case .emptyTrade(let symbol, let time):
      Diagnosis(
        place: "\(symbol), trade at \(time)",
        finding: "its price or its quantity is not above zero",
        remedy: "leave out cancelled and corrected trades")
    case .tradeOutOfOrder(let symbol, let time):
      Diagnosis(
        place: "\(symbol), trade at \(time)", finding: "comes after a later one",
        remedy: "sort the trades by time")
    case .calendar(let error): error.diagnosis
    }
  }

  private static func words(_ order: Order) -> String {
    switch order {
    case .endsBeforeItStarts: "the bar does not end after it starts"
    case .isKnownBeforeItEnds: "the bar is known before it ends"
    case .startsBeforeTheLastEnds: "the bar starts before the one before it ends"
    case .isKnownBeforeTheLast: "the bar is known before the one before it"
    }
  }
}
