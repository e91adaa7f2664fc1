import Runtime

/// One figure of a run: what it is called, how it is computed, and in what it is counted.
public struct Metric: Sendable {
  /// How the figure is counted. JSON has plain numbers in every case: a percent is a ratio there.
  public enum Unit: String, Sendable {
    /// A part or a change, printed as percent.
    case percent
    case ratio
    /// In the account's currency.
    case money
    /// Days of the calendar, with their parts.
    case days
    case bars
    case count
    case years
    /// A day, written `2024-06-30`.
    case date
    case text
  }

  /// Which way is better.
  public enum Direction: String, Sendable { case higher, lower, neither }

  public enum Peer: String, Sendable, CaseIterable {
    case quantStats = "QuantStats"
    case freqtrade
    case lean = "LEAN"
  }

  /// What another program calls it, and where that program computes something else, what and why.
  public struct Name: Sendable {
    public let peer: Peer
    public let name: String
    public let difference: String?

    static func quantStats(_ name: String, _ difference: String? = nil) -> Name {
      Name(peer: .quantStats, name: name, difference: difference)
    }
    static func freqtrade(_ name: String, _ difference: String? = nil) -> Name {
      Name(peer: .freqtrade, name: name, difference: difference)
    }
    static func lean(_ name: String, _ difference: String? = nil) -> Name {
      Name(peer: .lean, name: name, difference: difference)
    }
  }

  /// `sharpe`: its name in JSON.
  public let key: String
  /// `Sharpe ratio`.
  public let title: String
  public let unit: Unit
  public let direction: Direction
  /// In the symbols of `MetricCatalogue.symbols`.
  public let formula: String
  public let names: [Name]
  private let compute: @Sendable (RunSeries) throws(Undefined) -> MetricValue

  /// A figure that is a number.
  init(
    _ key: String, _ title: String, _ unit: Unit, _ direction: Direction, _ formula: String,
    _ names: Name..., number: @escaping @Sendable (RunSeries) throws(Undefined) -> Double
  ) {
    self.init(key, title, unit, direction, formula, names: names, number: number)
  }

  init(
    _ key: String, _ title: String, _ unit: Unit, _ direction: Direction, _ formula: String,
    names: [Name], number: @escaping @Sendable (RunSeries) throws(Undefined) -> Double
  ) {
    self.key = key
    self.title = title
    self.unit = unit
    self.direction = direction
    self.formula = formula
    self.names = names
    compute = { run throws(Undefined) in .number(try number(run)) }
  }

  /// A figure that is a day or a word.
  init(
    _ key: String, _ title: String, _ unit: Unit, _ formula: String, _ names: Name...,
    value: @escaping @Sendable (RunSeries) throws(Undefined) -> MetricValue
  ) {
    self.key = key
    self.title = title
    self.unit = unit
    self.direction = .neither
    self.formula = formula
    self.names = names
    compute = value
  }

  /// The figure of a run, or why it has none.
  public func callAsFunction(_ run: RunSeries) -> MetricValue {
    do throws(Undefined) {
      let value = try compute(run)
      if case .number(let number) = value, !number.isFinite {
        return .undefined("it is beyond what a number can hold")
      }
      return value
    } catch {
      return .undefined(error.reason)
    }
  }
}

/// What a metric is of one run.
public enum MetricValue: Equatable, Sendable {
  case number(Double)
  case date(CivilDate)
  case text(String)
  /// It has no value, for this reason; never 0 and never infinite instead.
  case undefined(String)

  public var number: Double? {
    guard case .number(let number) = self else { return nil }
    return number
  }

  /// Null where there is none.
  public var json: JSON {
    switch self {
    case .number(let number): JSON(number)
    case .date(let date): JSON(date.description)
    case .text(let text): JSON(text)
    case .undefined: .null
    }
  }
}

/// Why a figure has no value.
struct Undefined: Error {
  let reason: String

  init(_ reason: String) { self.reason = reason }

  static let noSpread = Undefined("the returns do not vary")
  static let noBenchmark = Undefined("the run has no benchmark")
  static let noDrawdown = Undefined("the account was never below its peak")
  static let noTrades = Undefined("no trade is closed")
  static let noLoss = Undefined("nothing was lost")
  static let noWin = Undefined("nothing was won")
}

extension Double {
  /// This over `other`, which must not be 0.
  func over(_ other: Double, else undefined: Undefined) throws(Undefined) -> Double {
    guard other != 0 else { throw undefined }
    return self / other
  }
}
