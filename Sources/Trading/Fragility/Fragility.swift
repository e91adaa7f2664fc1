import Evidence
import Foundation
import Market
import Numerics
import Runtime
import Synchronization

/// Something a back-test takes for granted, taken otherwise.
public enum Assumption: String, CaseIterable, Sendable {
  case doubledCosts = "doubled_costs"
  /// The strategy hears of every bar one bar late.
  case delayedBar = "delayed_bar"
  /// Orders are filled at the close that led to them, not at the next open.
  case sameClose = "same_close"
  /// Every fill is a tick worse, or better.
  case worseTick = "worse_tick"
  case betterTick = "better_tick"
  /// One bar in a hundred is not there, by chance.
  case droppedBars = "dropped_bars"

  public var words: String {
    switch self {
    case .doubledCosts: "costs doubled"
    case .delayedBar: "one bar late"
    case .sameClose: "filled at the deciding close"
    case .worseTick: "every fill a tick worse"
    case .betterTick: "every fill a tick better"
    case .droppedBars: "1% of bars missing"
    }
  }
}

/// The same run again with one thing changed at a time: what is left of it in the worst case, and how dear
/// trading may be before nothing is.
public struct Fragility: Sendable {
  public struct Case: Sendable {
    public let assumption: Assumption
    public let performance: Performance
    public let trades: Int
  }

  /// In the order of `Assumption`.
  public let cases: [Case]
  /// What half the spread and the commission may cost together, in basis points of each fill, until
  /// nothing is gained; `nil` where it would lose even if trading were free, or never trades.
  public let breakEvenBasisPoints: Double?
  /// What they cost in the run.
  public let costBasisPoints: Double

  /// Runs every case, several at once.
  ///
  /// - Parameter base: the run itself
  public init(
    of base: BacktestResult, frames: [Frame], strategy: AnyStrategy, barsPerYear: Double,
    on pool: Pool = .shared
  ) throws(BacktestError) {
    let assumptions = Assumption.allCases
    let results = Mutex<[Result<Case, BacktestError>?]>(
      Array(repeating: nil, count: assumptions.count))
    pool.forEachChunk(of: assumptions.count) { range in
      for index in range {
        let result = Result { () throws(BacktestError) in
          try Self.run(assumptions[index], base, frames, strategy, barsPerYear)
        }
        results.withLock { $0[index] = result }
      }
    }
    var cases: [Case] = []
    for result in results.withLock({ $0 }) {
      if let result { cases.append(try result.get()) }
    }
    self.cases = cases
    let settings = base.settings
    costBasisPoints = settings.halfSpreadBasisPoints + settings.commissionBasisPoints
    breakEvenBasisPoints = Self.breakEven(base, at: costBasisPoints)
  }

  public func performance(_ assumption: Assumption) -> Performance? {
    cases.first { $0.assumption == assumption }?.performance
  }

  /// The case that returned least.
  public var worst: Case? {
    cases.min { $0.performance.totalReturn < $1.performance.totalReturn }
  }

  private static func run(
    _ assumption: Assumption, _ base: BacktestResult, _ frames: [Frame], _ strategy: AnyStrategy,
    _ barsPerYear: Double
  ) throws(BacktestError) -> Case {
    var (settings, strategy, frames) = (base.settings, strategy, frames)
    switch assumption {
    case .doubledCosts: settings = settings.withDoubledCosts
    case .delayedBar: strategy = AnyStrategy(DelayedStrategy(strategy))
    case .sameClose: settings.fillsAtDecidingClose = true
    case .worseTick: settings.slippageTicks = 1
    case .betterTick: settings.slippageTicks = -1
    case .droppedBars: frames = dropped(frames, seed: settings.seed)
    }
    let run = Result { () throws(BacktestError) in
      try Backtest.run(frames: frames, strategy: strategy, settings: settings)
    }
    let isIdle =
      switch run {
      case .failure(.noTrades), .failure(.allDenied): true
      default: false
      }
    if isIdle {
      let idle = Array(repeating: Double(settings.initialCash), count: base.bars + 1)
      return Case(
        assumption: assumption, performance: Performance(values: idle, barsPerYear: barsPerYear),
        trades: 0)
    }
    let result = try run.get()
    return Case(
      assumption: assumption,
      performance: Performance(values: result.values, barsPerYear: barsPerYear),
      trades: result.trades.count)
  }

  /// The same frames without one row in a hundred, of each symbol by chance of its own.
  private static func dropped(_ frames: [Frame], seed: UInt64) -> [Frame] {
    let random = RandomStream(seed: seed, purpose: "dropped bars")
    return frames.enumerated().map { index, frame in
      var own = random.split(index)
      let kept = (0..<frame.count).filter { _ in own.uniform() >= 0.01 }
      func column<Element>(_ column: Column<Element>) -> Column<Element> {
        Column(kept.map { column[$0] })
      }
      let times = Frame(
        symbol: frame.symbol, interval: frame.interval, start: column(frame.start),
        end: column(frame.end), knownAt: column(frame.knownAt), columns: [:])
      return frame.names.reduce(times) { thinned, name in
        frame[name].map { thinned.adding(column($0), as: name) } ?? thinned
      }
    }
  }

  /// Each fill at a cost of c takes c × traded ÷ account off: the logarithm of the account falls in a line.
  private static func breakEven(_ base: BacktestResult, at costs: Double) -> Double? {
    let values = base.values
    let traded = base.traded
    var turnover = 0.0
    for bar in traded.indices { turnover += traded[bar] / values[bar] }
    guard turnover > 0, let last = values.last, last > 0 else { return nil }
    let most = costs + 10_000 * log(last / values[0]) / turnover
    return most > 0 ? most : nil
  }
}

extension Fragility {
  /// In plain ratios.
  public var json: JSON {
    func json(_ found: Case) -> JSON {
      let performance = found.performance
      return [
        "case": JSON(found.assumption.rawValue), "return": JSON(performance.totalReturn),
        "annual_return": JSON(performance.annualReturn), "sharpe": JSON(performance.sharpe),
        "max_drawdown": JSON(performance.maxDrawdown), "trades": JSON(found.trades),
      ]
    }
    return [
      "worst": worst.map(json) ?? .null, "break_even_bps": JSON(breakEvenBasisPoints),
      "cost_bps": JSON(costBasisPoints), "cases": JSON(cases.map(json)),
    ]
  }

  /// The worst case and the cost that ends it, in a sentence.
  public var sentence: String {
    let worst =
      worst.map {
        "At worst (\($0.assumption.words)) it returned "
          + "\(NumberText.percent($0.performance.annualReturn)) a year"
      } ?? "No case was run"
    let now = NumberText.fixed(costBasisPoints, decimals: 1)
    let even =
      breakEvenBasisPoints.map {
        "gains end where trading costs \(NumberText.fixed($0, decimals: 1)) bp a fill; \(now) were taken"
      } ?? "it gains nothing however cheap trading is"
    return "\(worst); \(even)."
  }
}
