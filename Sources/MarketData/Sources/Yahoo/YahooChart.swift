import Market
import Runtime

/// What the chart service answered, as it stands in its JSON.
package struct YahooChart {
  package var zone: String?
  var exchange: String?
  /// Decimals that prices are shown with; two more are kept.
  var priceHint = 2
  /// Seconds since 1970.
  var stamps: [Int64] = []
  /// Each as long as `stamps`; NaN for `null`.
  var columns: [(name: String, values: [Double])] = []
  var payments: [(stamp: Int64, amount: Double)] = []
  var splits: [(stamp: Int64, ratio: Double)] = []

  static let empty = YahooChart()

  /// What a body says that was sent with a status of 200, or with one that an error explains.
  package static func read(_ reply: HTTPClient.Reply, symbol: String) throws(SourceError)
    -> YahooChart
  {
    let place = "Yahoo's chart of \(symbol)"
    let root: JSON
    do {
      root = try JSON(parsing: reply.body, source: place)
    } catch {
      guard reply.head.status == 200 else {
        throw refusal(reply.head.status, says: reply.excerpt, symbol: symbol)
      }
      throw .badAnswer(place: error.diagnosis.place, finding: error.diagnosis.finding)
    }
    // Errors of the gateway come under another name.
    guard let answer = root["chart"] ?? root["finance"] else {
      throw .badAnswer(place: place, finding: "it has no \"chart\"")
    }
    if let error = answer["error"], error != .null {
      let says = error["description"]?.string ?? error["code"]?.string ?? error.text()
      // Days before the first trade are days without bars.
      if says.hasPrefix("Data doesn't exist") { return .empty }
      throw refusal(
        status(named: error["code"]?.string) ?? reply.head.status, says: says, symbol: symbol)
    }
    guard reply.head.status == 200 else {
      throw refusal(reply.head.status, says: reply.excerpt, symbol: symbol)
    }
    guard let result = answer["result"]?.elements?.first else {
      throw .badAnswer(place: place, finding: "it has no result and no error")
    }
    return try YahooChart(result, place: place)
  }

  /// An error can come with a status of 200.
  private static func status(named code: String?) -> Int? {
    switch code {
    case "Not Found": 404
    case "Unprocessable Entity": 422
    case "Bad Request": 400
    case "Unauthorized": 401
    default: nil
    }
  }

  private static func refusal(_ status: Int, says: String, symbol: String) -> SourceError {
    switch status {
    case 404: .unknownSymbol(source: "Yahoo", symbol: symbol, says: says)
    case 401, 403: .unauthorised(source: "Yahoo", says: says)
    case 500...: .outage(source: "Yahoo", says: says)
    default: .badRequest(source: "Yahoo", symbol: symbol, says: says)
    }
  }

  private init() {}

  private init(_ result: JSON, place: String) throws(SourceError) {
    let meta = result["meta"]
    zone = meta?["exchangeTimezoneName"]?.string
    exchange = meta?["exchangeName"]?.string
    if let hint = meta?["priceHint"]?.whole, (0...8).contains(hint) { priceHint = Int(hint) }
    readEvents(result["events"])
    // A symbol without bars on those days has no such key.
    guard let list = result["timestamp"]?.elements else { return }
    for value in list {
      guard let stamp = value.whole, Self.isPlausible(stamp) else {
        throw .badAnswer(place: place, finding: "\(value.text()) is no time")
      }
      stamps.append(stamp)
    }
    let indicators = result["indicators"]
    let quote = indicators?["quote"]?.elements?.first
    for name in ["open", "high", "low", "close", "volume"] {
      try add(name, quote?[name], place: place)
    }
    if let adjusted = indicators?["adjclose"]?.elements?.first?["adjclose"] {
      try add("adj_close", adjusted, place: place)
    }
  }

  private mutating func add(_ name: String, _ list: JSON?, place: String) throws(SourceError) {
    guard let values = list?.elements else {
      throw .badAnswer(place: place, finding: "it has no list \"\(name)\"")
    }
    guard values.count == stamps.count else {
      throw .badAnswer(
        place: place, finding: "\(values.count) values of \(name) for \(stamps.count) times")
    }
    // Sometimes an adjusted close is the word Infinity: no value, as null is.
    let numbers = values.map { $0.double ?? .nan }
    columns.append((name, name == "volume" ? numbers : numbers.map(rounded)))
  }

  /// Prices are of single precision and are printed with the noise of it.
  private func rounded(_ price: Double) -> Double {
    var scale = 1.0
    for _ in 0..<priceHint + 2 { scale *= 10 }
    let scaled = (price * scale).rounded()
    return scaled.magnitude < 0x1p52 ? scaled / scale : price
  }

  private mutating func readEvents(_ events: JSON?) {
    // Capital gains are paid out as dividends are. The keys are labels only.
    for kind in ["dividends", "capitalGains"] {
      for member in events?[kind]?.members ?? [] {
        guard let stamp = member.value["date"]?.whole, Self.isPlausible(stamp),
          let amount = member.value["amount"]?.double, amount > 0
        else { continue }
        payments.append((stamp, amount))
      }
    }
    for member in events?["splits"]?.members ?? [] {
      guard let stamp = member.value["date"]?.whole, Self.isPlausible(stamp),
        let numerator = member.value["numerator"]?.double, numerator > 0,
        let denominator = member.value["denominator"]?.double, denominator > 0
      else { continue }
      splits.append((stamp, numerator / denominator))
    }
  }

  /// From 1900 to 2100.
  private static func isPlausible(_ stamp: Int64) -> Bool {
    (-2_208_988_800...4_102_444_800).contains(stamp)
  }
}

// The chart in our terms.
extension YahooChart {
  package var rows: WebRows {
    WebRows(
      stamps: stamps.map { $0 * Timestamp.nanosecondsPerSecond }, columns: columns)
  }

  /// Splits and payments by the day on which the price no longer includes them.
  package func actions(of symbol: Symbol, days: TimeRange, zone: Zone) -> [CorporateAction] {
    func action(_ stamp: Int64, _ kind: CorporateAction.Kind) -> CorporateAction? {
      let instant = Timestamp(seconds: stamp)
      let date = zone.date(at: instant)
      guard days.contains(date) else { return nil }
      return CorporateAction(symbol: symbol, date: date, knownAt: instant, kind: kind)
    }
    let all =
      splits.compactMap { action($0.stamp, .split(ratio: $0.ratio)) }
      + payments.compactMap { action($0.stamp, .dividend(amount: $0.amount)) }
    return all.sorted { $0.knownAt < $1.knownAt }
  }
}
