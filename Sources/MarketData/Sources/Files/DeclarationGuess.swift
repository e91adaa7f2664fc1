import Market
import Runtime

/// What the bars of a file look like, for a person to confirm: never used unasked.
struct DeclarationGuess {
  let zone: Zone
  let stamp: BarDeclaration.Stamp?
  let adjustment: BarDeclaration.Adjustment

  /// - Parameter table: the first rows.
  init(_ table: BarTable, stamps: Column<Int64>) {
    let (calendar, hit) = Self.best(stamps, kind: table.kind)
    zone = calendar.zone
    stamp = table.kind == .date ? .session : hit.atOpen >= hit.atClose ? .start : .end
    adjustment = Self.adjustment(of: table)
  }

  /// The zone of the exchange whose hours the stamps fit best.
  static func zone(of stamps: Column<Int64>, kind: StampText.Kind) -> Zone {
    best(stamps, kind: kind).calendar.zone
  }

  private static func best(
    _ stamps: Column<Int64>, kind: StampText.Kind
  ) -> (calendar: TradingCalendar, hits: Hits) {
    var best = (calendar: TradingCalendar.nyse, hits: Hits())
    // NASDAQ has the hours of the NYSE.
    for calendar in [TradingCalendar.nyse, .nse] {
      let found = hits(stamps.prefix(5000), kind: kind, in: calendar)
      if found.total > best.hits.total { best = (calendar, found) }
    }
    return best
  }

  private struct Hits {
    var atOpen = 0
    var atClose = 0
    var sessions = 0
    var total: Int { atOpen + atClose + sessions }
  }

  /// How many stamps are an exchange's opening, its close or, of dates, one of its sessions.
  private static func hits(
    _ stamps: Slice<Column<Int64>>, kind: StampText.Kind, in calendar: TradingCalendar
  ) -> Hits {
    var hits = Hits()
    for stamp in stamps {
      let time = Timestamp(nanoseconds: stamp)
      let date = kind == .instant ? calendar.zone.date(at: time) : time.utcDate
      guard calendar.range.contains(date), let session = try? calendar.session(on: date) else {
        continue  // Days that the calendar does not know speak for no exchange.
      }
      if kind == .date {
        hits.sessions += 1
        continue
      }
      let shift =
        kind == .local ? calendar.zone.offsetSeconds(at: session.open) : 0
      let instant = stamp &- shift * Timestamp.nanosecondsPerSecond
      if instant == session.open.nanoseconds { hits.atOpen += 1 }
      if instant == session.close.nanoseconds { hits.atClose += 1 }
    }
    return hits
  }

  /// Adjusted figures have more digits than an exchange quotes, and volumes with fractions.
  private static func adjustment(of table: BarTable) -> BarDeclaration.Adjustment {
    func values(_ name: String) -> Column<Double>.SubSequence {
      guard let index = table.names.firstIndex(of: name) else { return Column<Double>([])[...] }
      return table.numbers[index].prefix(1000)
    }
    if table.names.contains("adj_close") { return .splits }
    if table.names.contains("dividends") { return .splitsAndDividends }
    let isFractional: (Double) -> Bool = { $0.isFinite && $0 != $0.rounded() }
    if values("volume").contains(where: isFractional) { return .splitsAndDividends }
    let fine = values("close").count { isFractional($0 * 10_000) }
    return fine * 2 > values("close").count ? .splitsAndDividends : .none
  }
}
