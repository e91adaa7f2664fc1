import Market
import Runtime

/// All that is made up of one symbol.
public struct SyntheticSeries: Sendable {
  public let symbol: Symbol
  public let interval: BarInterval
  public let declaration: BarDeclaration
  /// In the order in which the source gives them, with what was planted.
  public let rows: [BarRow]
  public let actions: [CorporateAction]
  public let planted: [PlantedDefect]
}

extension SyntheticSource {
  /// Bars and actions of all days.
  public func series(
    _ symbol: Symbol, interval: BarInterval
  ) throws(SyntheticError) -> SyntheticSeries {
    var declaration = declaration
    declaration.interval = interval
    if !interval.isIntraday { declaration.stamp = .session }
    let (rows, planted) = try rows(BarRequest(symbol: symbol, interval: interval))
    return SyntheticSeries(
      symbol: symbol, interval: interval, declaration: declaration, rows: rows,
      actions: allActions(of: symbol), planted: planted)
  }
}

extension SyntheticSeries {
  public var batch: BarBatch {
    BarBatch(rows[...], request: BarRequest(symbol: symbol, interval: interval))
  }

  /// The bars as a CSV file: stamped with their end in UTC, or with their session's date.
  public var csv: String {
    let isSession = declaration.stamp == .session
    var text = "timestamp," + SyntheticPath.columns.joined(separator: ",") + "\n"
    for row in rows {
      text += isSession ? "\(row.end.utcDate)" : "\(row.end)"
      for value in row.values {
        text += ","
        // A missing figure is an empty field.
        if !value.isNaN {
          text += value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)"
        }
      }
      text += "\n"
    }
    return text
  }
}

extension BarDeclaration {
  /// The text of a `source.yaml` that says the same.
  public var yaml: String {
    let lines = [
      ("source", source), ("interval", interval?.description), ("stamp", stamp?.rawValue),
      ("zone", zone), ("adjustment", adjustment?.rawValue),
    ]
    return lines.map { key, value in value.map { "\(key): \($0)\n" } ?? "" }.joined()
  }
}

extension BarStore {
  /// Writes a made-up series and its actions.
  public func keep(_ series: SyntheticSeries, recordedAt: Timestamp) throws(StoreError) {
    let key = SeriesKey(
      symbol: series.symbol, interval: series.interval, source: SyntheticSource.name)
    try declare(key, as: series.declaration)
    _ = try write(series.batch, to: key, recordedAt: recordedAt)
    if !series.actions.isEmpty {
      try write(series.actions, source: SyntheticSource.name, recordedAt: recordedAt)
    }
  }
}
