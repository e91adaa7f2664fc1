import Evidence
import Market
import Numerics
import Runtime

/// A result in plain words: what came of it and what luck and doubled costs leave, how it compares, and
/// how often one had tried.
public struct Verdict: Hashable, Sendable {
  public var opening: String
  /// With the benchmark; empty where there is nothing to judge.
  public var comparison: String
  public var closing: String

  public var text: String {
    [opening, comparison, closing].filter { !$0.isEmpty }.joined(separator: " ")
  }

  /// How a run's ratio stands beside its benchmark's.
  static func comparison(_ held: Performance, _ symbol: Symbol?, _ bootstrap: Bootstrap) -> String {
    let said =
      "\(Benchmark.phrase(symbol)) returned \(NumberText.percent(held.annualReturn)) a year "
      + "with a Sharpe ratio of \(NumberText.ratio(held.sharpe ?? .nan))"
    return switch bootstrap.beatsBenchmark {
    case true?: "\(said), and that this ratio is lower is more than luck."
    case false?: "\(said), and that this ratio is higher is more than luck."
    case nil: "\(said): the two ratios cannot be told apart."
    }
  }
}

extension Bootstrap {
  /// The difference to the benchmark is more than luck explains; `nil` where neither is told from the other.
  var beatsBenchmark: Bool? {
    if sharpeDifference.lowerBound > 0 { return true }
    return sharpeDifference.upperBound < 0 ? false : nil
  }
}

extension Appraisal {
  public var verdict: Verdict {
    let symbols = result.symbols.map(\.text).joined(separator: ", ")
    let earned =
      "\(result.strategy) on \(symbols) returned \(NumberText.percent(performance.annualReturn)) a "
      + "year after costs, \(NumberText.percent(doubledCosts.annualReturn)) had they been double."
    if isTooShort {
      return Verdict(
        opening: "\(result.strategy) on \(symbols) returned "
          + "\(NumberText.percent(performance.totalReturn)) in all after costs, over "
          + "\(NumberText.count(performance.values.count)) bars. That is less than half a year: too "
          + "short to judge, and figures a year mean nothing.", comparison: "", closing: "")
    }
    guard let sharpe = performance.sharpe else {
      return Verdict(
        opening: earned + " The account never moved, so there is nothing to judge.",
        comparison: "", closing: "")
    }
    // First, because nothing after it holds where the data is wrong.
    let doubt = jumps.first.map { "\($0.warning). " } ?? ""
    return Verdict(
      opening:
        "\(doubt)\(earned) Sharpe \(NumberText.interval(sharpe, bootstrap.sharpe)): \(chance).",
      comparison: Verdict.comparison(benchmarkPerformance, benchmark.symbol, bootstrap),
      closing: trials)
  }

  /// What luck leaves of the ratio.
  private var chance: String {
    if isMoreThanLuck {
      return luck == nil
        ? "more than luck explains, if it was tried only once"
        : "more than luck explains, all trials on record counted"
    }
    if let luck, let overfitting = luck.overfitting, luck.isOverfit,
      luck.deflation?.isSignificant == true
    {
      return "chosen by overfitting, \(TrialLuck.words(overfitting: overfitting))"
    }
    return "cannot be told from luck"
  }

  private var trials: String {
    guard let luck else {
      return "It is in no ledger of trials; every further one makes luck likelier."
    }
    guard luck.settings > 1, let deflation = luck.deflation else {
      return
        "It is the first trial on record for these bars; every further one makes luck likelier."
    }
    let count = NumberText.fixed(deflation.trials, decimals: deflation.trials < 10 ? 1 : 0)
    return
      "Against the best of the \(NumberText.count(luck.settings)) settings tried on these bars, which "
      + "amount to \(count) independent trials, its ratio is true with a chance of "
      + "\(Deflation.words(deflation.chance))."
  }
}
