import Market
import Numerics
import Runtime
import Synchronization

/// Bars of a market that never was: for tests, for trying things out and for working offline.
///
/// Prices are made minute by minute and aggregated, so that bars of any length of one symbol agree
/// with each other. They are as traded: splits and dividends are in them, and told as actions.
public struct SyntheticSource: BarSource {
  public let settings: SyntheticSettings
  private let sessions: [Session]
  /// One a session.
  private let regimes: [MarketRegime]

  public init(_ settings: SyntheticSettings) throws(SyntheticError) {
    guard !settings.regimes.isEmpty else { throw .noRegime }
    self.settings = settings
    do {
      sessions = try settings.calendar.sessions(in: settings.days)
    } catch {
      throw .calendar(error)
    }
    guard !sessions.isEmpty else { throw .noSession(settings.days) }
    regimes = MarketRegime.chain(
      settings.regimes, meanSessions: max(1, settings.regimeSessions), sessions: sessions.count,
      stream: RandomStream(seed: settings.seed, purpose: "synthetic regimes"))
  }

  public static let name = "synthetic"

  public var declaration: BarDeclaration {
    BarDeclaration(
      source: Self.name, stamp: .end, zone: settings.calendar.zone.name,
      adjustment: BarDeclaration.Adjustment.none)
  }

  /// The regime of every session, which a model of regimes should find.
  public var regimeDays: [(date: CivilDate, regime: MarketRegime)] {
    zip(sessions, regimes).map { ($0.date, $1) }
  }

  /// Rows in the order in which the source gives them, with what was planted in them.
  public func rows(
    _ request: BarRequest
  ) throws(SyntheticError) -> (rows: [BarRow], planted: [PlantedDefect]) {
    let rows = try clean(request)
    var planter = DefectPlanter(
      rows: rows, symbol: request.symbol, interval: request.interval,
      calendar: settings.calendar)
    try planter.plant(
      settings.defects, count: settings.defectCount,
      stream: RandomStream(seed: settings.seed, purpose: "synthetic defects")
        .split(request.symbol.text).split(request.interval.description))
    return (planter.rows, planter.planted)
  }

  /// The bars without what was planted, as a frame.
  public func frame(_ request: BarRequest) throws(SyntheticError) -> Frame {
    let rows = try clean(request)
    do throws(FrameError) {
      return try Frame(
        rows, symbol: request.symbol, interval: request.interval,
        columns: SyntheticPath.columns)
    } catch {
      throw .frame(error)
    }
  }

  /// Batches of at most so many rows.
  static let batchRows = 20_000

  public func bars(_ request: BarRequest) -> BarStream {
    let rest = RestOfRows()
    return BarStream {
      let part = try rest.next(Self.batchRows) { () throws(SyntheticError) in
        try rows(request).rows
      }
      return part.isEmpty ? nil : BarBatch(part, request: request)
    }
  }

  public func actions(
    of symbol: Symbol, days: TimeRange
  ) async throws -> [CorporateAction] {
    allActions(of: symbol).filter { days.contains($0.date) }
  }

  func allActions(of symbol: Symbol) -> [CorporateAction] {
    var path = SyntheticPath(settings, symbol: symbol)
    return sessions.indices.flatMap { index in
      path.next(sessions[index], index: index, regime: regimes[index]).actions
    }
  }
}

extension SyntheticSource {
  private func clean(_ request: BarRequest) throws(SyntheticError) -> [BarRow] {
    let interval = request.interval
    guard interval >= .minute else { throw .tooShort(interval) }
    do throws(FrameError) {
      let calendar = settings.calendar
      let base = interval.isIntraday ? interval : .day
      var fine = try BarAggregator(
        symbol: request.symbol, from: .minute, to: base, calendar: calendar,
        columns: SyntheticPath.columns)
      var coarse = try BarAggregator(
        symbol: request.symbol, from: base, to: interval, calendar: calendar,
        columns: SyntheticPath.columns)
      var path = SyntheticPath(settings, symbol: request.symbol)
      var rows: [BarRow] = []
      for (index, session) in sessions.enumerated() {
        if let last = request.days.last, session.date > last, interval.isIntraday { break }
        let minutes = path.next(session, index: index, regime: regimes[index]).minutes
        guard !interval.isIntraday || request.days.contains(session.date) else { continue }
        var gaps = gapStream(request, index: index)
        for minute in minutes {
          for bar in try fine.add(minute) {
            // A gap of days is one in the bars asked for, too.
            guard settings.gaps <= 0 || gaps.uniform() >= settings.gaps else { continue }
            rows += try coarse.add(bar)
          }
        }
      }
      return interval.isIntraday
        ? rows : rows.filter { request.days.contains(calendar.zone.date(at: $0.start)) }
    } catch {
      throw .frame(error)
    }
  }

  private func gapStream(_ request: BarRequest, index: Int) -> RandomStream {
    RandomStream(seed: settings.seed, purpose: "synthetic gaps").split(request.symbol.text)
      .split(request.interval.description).split(index)
  }
}

extension BarBatch {
  init(_ rows: ArraySlice<BarRow>, request: BarRequest) {
    self.init(
      symbol: request.symbol, interval: request.interval,
      start: Column(rows.map(\.start.nanoseconds)), end: Column(rows.map(\.end.nanoseconds)),
      knownAt: Column(rows.map(\.knownAt.nanoseconds)),
      columns: SyntheticPath.columns.enumerated().map { place, name in
        (name: name, values: Column(rows.map { $0.values[place] }))
      })
  }
}

/// The rows of one request that were not handed out yet; made when the first are asked for.
private final class RestOfRows: Sendable {
  private let rows = Mutex<ArraySlice<BarRow>?>(nil)

  func next(
    _ count: Int, make: () throws(SyntheticError) -> [BarRow]
  ) throws -> ArraySlice<BarRow> {
    try rows.withLock { rest in
      let all = try rest ?? make()[...]
      rest = all.dropFirst(count)
      return all.prefix(count)
    }
  }
}
