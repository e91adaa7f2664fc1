import Evidence
import Market
import Numerics
import Runtime

/// What a run is held against: the account had it bought at the first open and held to the end, with the
/// same capital and costs, and no limits.
public struct Benchmark: Hashable, Sendable {
  /// `nil` where it is the symbols that are traded.
  public let symbol: Symbol?
  /// The capital, then the account at each bar of the run.
  public let values: [Double]

  /// Of the symbols that the run trades.
  init(holding frames: [Frame], beside result: BacktestResult) throws(BacktestError) {
    let held = try Self.hold(frames, result.settings)
    symbol = nil
    values = Self.values(of: held, at: result.equity.map(\.time), capital: result.values[0])
  }

  /// Of another symbol, whose bars must cover the days of the run: at each bar the last value that was
  /// known by then.
  public init(_ frame: Frame, beside result: BacktestResult) throws(BacktestError) {
    self.symbol = frame.symbol
    values = try Self.values(
      of: frame, at: result.equity.map(\.time), capital: result.values[0], result.settings)
  }

  /// Of another symbol, beside a run that was written by another program run.
  public init(_ frame: Frame, beside report: RunReport) throws(BacktestError) {
    var settings = BacktestSettings()
    let conditions = report.conditions
    do throws(FixedPointError) {
      settings.initialCash = try Cash(nearest: conditions.initialCash)
    } catch { throw .amount(error) }
    do { settings.range = try TimeRange(first: report.firstDay, last: report.lastDay) } catch {
      throw .contradiction(
        "benchmark", finding: error.diagnosis.finding, remedy: error.diagnosis.remedy)
    }
    settings.cashReserve = conditions.cashReserve
    settings.halfSpreadBasisPoints = conditions.halfSpreadBasisPoints
    settings.commissionBasisPoints = conditions.commissionBasisPoints
    settings.currency = report.currency
    settings.calendar = report.calendar
    self.symbol = frame.symbol
    values = try Self.values(
      of: frame, at: report.stamps, capital: conditions.initialCash, settings)
  }

  var returns: [Double] { (1..<values.count).map { values[$0] / values[$0 - 1] - 1 } }

  /// Whose gain it is, at the beginning of a sentence.
  static func phrase(_ symbol: Symbol?) -> String {
    "Buying and holding" + (symbol.map { " \($0)" } ?? "")
  }

  private static func hold(
    _ frames: [Frame], _ settings: BacktestSettings
  ) throws(BacktestError) -> BacktestResult {
    // What it is compared with is the market, which no limit holds back.
    var unlimited = settings
    (unlimited.limits, unlimited.exits, unlimited.size) = (.research, .none, SizeSettings())
    return try Backtest.run(frames: frames, strategy: BuyAndHold(), settings: unlimited)
  }

  private static func values(
    of frame: Frame, at stamps: [Timestamp], capital: Double, _ settings: BacktestSettings
  ) throws(BacktestError) -> [Double] {
    let held = try hold([frame], settings)
    let zone = held.calendar.zone
    let (first, last) = (zone.date(at: stamps[0]), zone.date(at: stamps[stamps.count - 1]))
    guard held.day(held.start) <= first, held.day(held.end) >= last else {
      throw .contradiction(
        "benchmark \(frame.symbol)",
        finding:
          "it has bars from \(held.day(held.start)) to \(held.day(held.end)) of the days from "
          + "\(first) to \(last) that are traded",
        remedy: "choose days that both have with --timerange, or another benchmark")
    }
    return values(of: held, at: stamps, capital: capital)
  }

  /// The last value known at each instant.
  private static func values(
    of held: BacktestResult, at stamps: [Timestamp], capital: Double
  ) -> [Double] {
    var values = [capital]
    values.reserveCapacity(stamps.count + 1)
    var next = 0
    for stamp in stamps {
      while next < held.equity.count, held.equity[next].time <= stamp { next += 1 }
      values.append(next > 0 ? Double(held.equity[next - 1].equity) : capital)
    }
    return values
  }
}
