import Foundation
import Market
import MarketData
import Numerics

/// Minute bars of one symbol: a random walk whose volatility comes in clusters. Prices are whole
/// cents, so that their text and their number are the same on both sides.
struct MinuteBars {
  static let symbolText = "NVDA"
  /// Seconds since 1970.
  private static let firstStart = 1_600_000_000
  private(set) var open: [Int] = []
  private(set) var high: [Int] = []
  private(set) var low: [Int] = []
  private(set) var close: [Int] = []
  private(set) var volume: [Int] = []

  /// - Parameters:
  ///   - volatility: of the logarithm of the price, in a quiet bar
  ///   - start: where the price begins, and is pulled back to
  init(count: Int, volatility quiet: Double = 0.0006, start: Double = 100) {
    var random = RandomStream(seed: Input.seed, purpose: "minute bars")
    var level = 0.0
    // Chosen high enough that a million steps stay above a few cents.
    var price = start
    for _ in 0..<count {
      level = 0.98 * level + 0.15 * random.normal()
      let volatility = quiet * exp(level - 0.2)
      let from = price * exp(0.1 * volatility * random.normal())
      // Pulled back to where it began, as a real price is not, but as a long file needs.
      price *= exp(volatility * random.normal() - 1e-4 * log(price / start))
      let wick = (abs(random.normal()) * 0.4 * volatility, abs(random.normal()) * 0.4 * volatility)
      open.append(Self.cents(from))
      high.append(Self.cents(max(from, price) * exp(wick.0)))
      low.append(Self.cents(min(from, price) * exp(-wick.1)))
      close.append(Self.cents(price))
      volume.append(Int((1e5 * exp(0.5 * random.normal())).rounded()))
    }
  }

  private static func cents(_ price: Double) -> Int { Int((100 * price).rounded()) }

  private var count: Int { open.count }

  /// Open, high, low, close in cents and volume, one column after the other.
  var columnsInCents: [Double] { [open, high, low, close, volume].joined().map(Double.init) }

  /// As a CSV file with a line of titles.
  func writeCSV(to path: String) throws {
    var bytes = Array("timestamp,symbol,open,high,low,close,volume\n".utf8)
    bytes.reserveCapacity(64 * count)
    for row in 0..<count {
      bytes += "\(Self.firstStart + 60 * row),\(Self.symbolText)".utf8
      for price in [open[row], high[row], low[row], close[row]] {
        let (whole, cents) = price.quotientAndRemainder(dividingBy: 100)
        bytes += ",\(whole).\(cents < 10 ? "0" : "")\(cents)".utf8
      }
      bytes += ",\(volume[row])\n".utf8
    }
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }

  /// How the file's stamps are to be read.
  static let options = ReadingOptions(
    declaration: BarDeclaration(interval: .minute, stamp: .start))

  /// A frame's columns in the order in which peers give them: seconds, whether the symbol is the one
  /// expected, prices and volume.
  static func numbers(_ frame: Frame) throws -> [Double] {
    let seconds = frame.start.map { Double($0 / 1_000_000_000) }
    let isExpected = frame.symbol.text == symbolText ? 1.0 : 0.0
    let columns = try ["open", "high", "low", "close", "volume"].map { try frame.numbers($0) }
    return seconds + Array(repeating: isExpected, count: frame.count) + columns.joined()
  }
}
