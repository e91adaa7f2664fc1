import Foundation
import Market
import Runtime

/// The change of the close over the next bars, as it is or in the classes −1, 0 and 1.
public struct ForwardReturn: Label {
  /// From which change on a label is 1 or −1 rather than 0.
  public enum Band: Hashable, Sendable {
    case fixed(Double)
    /// A multiple of the volatility of log returns over the last bars, times √horizon.
    case volatility(multiple: Double, lookBack: Int)
  }

  public let horizon: Int
  /// `nil` for the return itself, as a regression target.
  public let band: Band?
  /// A stretch without bars longer than this leaves the labels across it missing.
  public let gapLimit: Duration?

  public var name: String { band == nil ? "return_h\(horizon)" : "label_h\(horizon)" }

  public init(horizon: Int, band: Band? = nil, gapLimit: Duration? = nil) throws(LabelError) {
    guard horizon > 0 else { throw .horizonNotPositive(horizon) }
    switch band {
    case .fixed(let limit)?:
      guard limit >= 0, limit.isFinite else { throw .notPositive("threshold", limit) }
    case .volatility(let multiple, let lookBack)?:
      guard multiple > 0, multiple.isFinite else { throw .notPositive("multiple", multiple) }
      guard lookBack > 1 else { throw .notPositive("look-back above one", Double(lookBack)) }
    case nil: break
    }
    self.horizon = horizon
    self.band = band
    self.gapLimit = gapLimit
  }

  public func column(over frame: Frame) throws(FeatureError) -> LabelColumn {
    let closes = try BarColumns(frame).close
    let reach = ReachableRows(frame, gapLimit: gapLimit)
    var limits: [Double] = []
    if case .volatility(let multiple, let lookBack)? = band {
      let scale = multiple * Double(horizon).squareRoot()
      limits = TrailingVolatility.of(closes, lookBack: lookBack).map { scale * $0 }
    }
    return LabelColumn(frame: frame) { row in
      guard reach.canReach(row + horizon, from: row) else { return nil }
      let change = closes[row + horizon] / closes[row] - 1
      let value: Double
      switch band {
      case nil: value = change
      case .fixed(let limit)?: value = Self.classOf(change, limit: limit)
      case .volatility?: value = Self.classOf(change, limit: limits[row])
      }
      return (value, row + horizon)
    }
  }

  /// −1, 0 or 1; missing where either number is.
  static func classOf(_ change: Double, limit: Double) -> Double {
    guard change.isFinite, limit.isFinite else { return .nan }
    return change > limit ? 1 : change < -limit ? -1 : 0
  }
}

/// How volatile a series was up to each bar.
enum TrailingVolatility {
  /// The standard deviation (of the sample) of the last log returns, a bar; missing before there are
  /// so many and while one of them is missing.
  static func of(_ closes: Column<Double>, lookBack: Int) -> [Double] {
    var returns = [Double](repeating: .nan, count: closes.count)
    for row in closes.indices.dropFirst() { returns[row] = log(closes[row] / closes[row - 1]) }
    return closes.indices.map { row in
      guard row >= lookBack else { return .nan }
      let window = returns[row - lookBack + 1...row]
      let mean = window.reduce(0, +) / Double(lookBack)
      let squares = window.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return (squares / Double(lookBack - 1)).squareRoot()
    }
  }
}

/// Which later bars may be looked at from a bar without crossing a gap in the data.
struct ReachableRows {
  private let count: Int
  /// The last row before the first gap at or after each row; empty where gaps do not matter.
  private var lastBeforeGap: [Int] = []

  init(_ frame: Frame, gapLimit: Duration?) {
    count = frame.count
    guard let limit = gapLimit?.nanoseconds, count > 0 else { return }
    lastBeforeGap = [Int](repeating: count - 1, count: count)
    for row in (0..<count - 1).reversed() {
      let isGap = frame.start[row + 1] - frame.end[row] > limit
      lastBeforeGap[row] = isGap ? row : lastBeforeGap[row + 1]
    }
  }

  func canReach(_ later: Int, from row: Int) -> Bool {
    later < count && (lastBeforeGap.isEmpty || later <= lastBeforeGap[row])
  }

  /// The last row that can be reached within `horizon` bars.
  func last(from row: Int, horizon: Int) -> Int {
    min(row + horizon, lastBeforeGap.isEmpty ? count - 1 : lastBeforeGap[row])
  }
}
