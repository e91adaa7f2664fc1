import Market
import Runtime

/// What a check knows besides the bars themselves; nothing is fetched and no clock is read.
public struct QualityContext: Sendable {
  /// The exchange's sessions; `nil` for a market that has none or whose sessions are not known.
  public var calendar: TradingCalendar?
  /// Where days begin and end, with or without a calendar.
  public var zone: Zone
  /// What the prices were adjusted for, where it is declared.
  public var adjustment: BarDeclaration.Adjustment?
  /// Splits, dividends and the like of the symbol.
  public var actions: [CorporateAction]
  public var peers: PeerMoves
  /// The time by which bars are judged stale; without it none is.
  public var now: Timestamp?
  public var thresholds: QualityThresholds

  public init(
    calendar: TradingCalendar?, zone: Zone? = nil, adjustment: BarDeclaration.Adjustment? = nil,
    actions: [CorporateAction] = [], peers: PeerMoves = PeerMoves(), now: Timestamp? = nil,
    thresholds: QualityThresholds = .training
  ) {
    self.calendar = calendar
    self.zone = zone ?? calendar?.zone ?? .utc
    self.adjustment = adjustment
    self.actions = actions
    self.peers = peers
    self.now = now
    self.thresholds = thresholds
  }
}

/// How the other symbols of a set moved on each day: a crash of all is no error in one.
public struct PeerMoves: Sendable {
  private var moves: [CivilDate: [(symbol: Symbol, move: Double)]] = [:]
  /// Fewer say nothing about a market.
  static let fewest = 3

  public init() {}

  /// The moves from close to close of every series, by the day at its exchange.
  public init(_ batches: [BarBatch], calendar: TradingCalendar?, zone: Zone) {
    for batch in batches {
      let sessions = SessionBars(OrderedBars(batch, calendar: calendar, zone: zone))
      for index in sessions.rows.indices.dropFirst() {
        let move = sessions.move(index)
        guard move.isFinite else { continue }
        moves[sessions.rows[index].date, default: []].append((batch.symbol, move))
      }
    }
  }

  /// The median logarithmic move of the others, or `nil` where there are too few.
  func median(on date: CivilDate, without symbol: Symbol) -> Double? {
    let others = (moves[date] ?? []).filter { $0.symbol != symbol }.map(\.move).sorted()
    guard others.count >= Self.fewest else { return nil }
    return (others[others.count / 2] + others[(others.count - 1) / 2]) / 2
  }
}
