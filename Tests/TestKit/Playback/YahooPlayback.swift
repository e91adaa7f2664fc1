import Foundation

/// Bodies as Yahoo's chart service sends them, made from a few bars.
public struct YahooPlayback: Sendable {
  public struct Row: Sendable {
    /// Seconds since 1970.
    public var stamp: Int64
    /// Open, high, low, close, volume, adjusted close; `nil` is sent as `null`.
    public var figures: [Double?]

    public init(_ stamp: Int64, _ figures: [Double?]) {
      self.stamp = stamp
      self.figures = figures
    }
  }

  public var symbol: String
  public var rows: [Row]
  public var zone = "America/New_York"
  public var priceHint = 2
  /// Whether an adjusted close belongs to them, as with bars of a day.
  public var isDaily = true
  public var dividends: [(stamp: Int64, amount: Double)] = []
  public var splits: [(stamp: Int64, numerator: Double, denominator: Double)] = []

  public init(_ symbol: String, _ rows: [Row]) {
    self.symbol = symbol
    self.rows = rows
  }

  /// Rows of a day in the winter of New York, one a stamp, that rise slowly from a price on.
  public static func rising(_ stamps: [Int64], from price: Double = 100) -> [Row] {
    stamps.enumerated().map { index, stamp in
      let close = price + Double(index % 50)
      return Row(stamp, [close - 0.5, close + 1, close - 1, close, 1000 + Double(index), close])
    }
  }

  /// The body for the rows between the two times of a request.
  public func body(from: Int64 = .min, to: Int64 = .max) -> [UInt8] {
    let rows = rows.filter { from <= $0.stamp && $0.stamp < to }
    func list(_ index: Int) -> String {
      "[" + rows.map { $0.figures[index].map { "\($0)" } ?? "null" }.joined(separator: ",") + "]"
    }
    var text = #"{"chart":{"result":[{"meta":{"currency":"USD","symbol":"\#(symbol)","#
    text += #""exchangeName":"NMS","instrumentType":"EQUITY","gmtoffset":-14400,"timezone":"EDT","#
    text += #""exchangeTimezoneName":"\#(zone)","priceHint":\#(priceHint),"#
    text += #""dataGranularity":"1d","range":"","validRanges":["1d","max"]}"#
    guard !rows.isEmpty else {
      return Array((text + #","indicators":{"quote":[{}]}}],"error":null}}"#).utf8)
    }
    text += #","timestamp":[\#(rows.map { "\($0.stamp)" }.joined(separator: ","))]"#
    text += events(from: from, to: to)
    text += #","indicators":{"quote":[{"#
    let names = ["open", "high", "low", "close", "volume"]
    text += names.enumerated().map { "\"\($1)\":\(list($0))" }.joined(separator: ",") + "}]"
    if isDaily { text += #","adjclose":[{"adjclose":\#(list(5))}]"# }
    return Array((text + "}}],\"error\":null}}").utf8)
  }

  private func events(from: Int64, to: Int64) -> String {
    let paid = dividends.filter { from <= $0.stamp && $0.stamp < to }
      .map { #""\#($0.stamp)":{"amount":\#($0.amount),"date":\#($0.stamp)}"# }
    let split = splits.filter { from <= $0.stamp && $0.stamp < to }.map { event in
      #""\#(event.stamp)":{"date":\#(event.stamp),"numerator":\#(event.numerator),"#
        + #""denominator":\#(event.denominator),"splitRatio":"x:y"}"#
    }
    var kinds: [String] = []
    if !paid.isEmpty { kinds.append("\"dividends\":{\(paid.joined(separator: ","))}") }
    if !split.isEmpty { kinds.append("\"splits\":{\(split.joined(separator: ","))}") }
    return kinds.isEmpty ? "" : ",\"events\":{\(kinds.joined(separator: ","))}"
  }

  /// The answer to a request, which names its days as `period1` and `period2`.
  public func answer(to request: PlaybackServer.Request) -> PlaybackAnswer {
    let from = request.query("period1").flatMap { Int64($0) } ?? .min
    let to = request.query("period2").flatMap { Int64($0) } ?? .max
    return .reply(
      200, headers: ["Content-Type": "application/json"], body: body(from: from, to: to))
  }

  /// What it answers where it refuses.
  public static func refusal(_ status: Int, code: String, _ words: String) -> PlaybackAnswer {
    .text(
      status,
      #"{"chart":{"result":null,"error":{"code":"\#(code)","description":"\#(words)"}}}"#)
  }

  public static let throttled = PlaybackAnswer.text(429, "Too Many Requests")
}
