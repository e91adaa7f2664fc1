import Runtime

/// The bars of one answer of Alpaca's.
enum AlpacaPage {
  /// The service has nothing earlier.
  static let earliest = CivilDate(dayNumber: 16_801)  // 2016-01-01

  private static let columns: [(key: String, name: String)] = [
    ("o", "open"), ("h", "high"), ("l", "low"), ("c", "close"), ("v", "volume"),
    ("vw", "vwap"), ("n", "trade_count"),
  ]

  static func rows(_ bars: JSON, place: String) throws(SourceError) -> WebRows {
    // Without bars there is `null` where the list would be.
    if bars == .null { return WebRows(stamps: [], columns: columns.map { ($0.name, []) }) }
    guard let elements = bars.elements else {
      throw .badAnswer(place: place, finding: "its \"bars\" are no list")
    }
    var stamps: [Int64] = []
    var values = columns.map { _ in [Double]() }
    for bar in elements {
      let text = bar["t"]?.string ?? ""
      do {
        stamps.append(try Timestamp(parsing: text).nanoseconds)
      } catch {
        throw .badAnswer(place: place, finding: "\(Excerpt.quoted(text)) is no time")
      }
      for (index, column) in columns.enumerated() {
        values[index].append(bar[column.key]?.double ?? .nan)
      }
    }
    return WebRows(stamps: stamps, columns: zip(columns, values).map { ($0.name, $1) })
  }
}
