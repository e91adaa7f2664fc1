import Evidence
import Market
import Numerics
import Runtime

extension Appraisal {
  /// The result in plain words: what came of it, what doubled costs leave, luck, how it compares, and
  /// how often one had tried.
  public var verdict: String { verdict(deflation: nil) }

  /// - Parameter deflation: what all trials on record leave of its Sharpe ratio
  func verdict(deflation: Deflation?) -> String {
    let symbols = result.symbols.map(\.text).joined(separator: ", ")
    let earned =
      "\(result.strategy) on \(symbols) returned \(NumberText.percent(performance.annualReturn)) a "
      + "year after costs, \(NumberText.percent(doubledCosts.annualReturn)) had they been double."
    if isTooShort {
      return "\(result.strategy) on \(symbols) returned "
        + "\(NumberText.percent(performance.totalReturn)) in all after costs, over "
        + "\(NumberText.count(performance.values.count)) bars. That is less than half a year: too "
        + "short to judge, and figures a year mean nothing."
    }
    guard let sharpe = performance.sharpe else {
      return earned + " The account never moved, so there is nothing to judge."
    }
    let luck =
      !isMoreThanLuck || deflation?.isSignificant == false
      ? "cannot be told from luck"
      : deflation == nil && self.luck == nil
        ? "more than luck explains, if it was tried only once"
        : "more than luck explains, all trials on record counted"
    // First, because nothing after it holds where the data is wrong.
    let doubt = jumps.first.map { "\($0.warning). " } ?? ""
    return "\(doubt)\(earned) Sharpe \(NumberText.interval(sharpe, bootstrap.sharpe)): \(luck). "
      + "\(comparison) \(deflation.map(Self.words) ?? trials)"
  }

  private static func words(_ deflation: Deflation) -> String {
    let count = NumberText.fixed(deflation.trials, decimals: deflation.trials < 10 ? 1 : 0)
    return deflation.trials > 1
      ? "Against the best of \(count) independent trials on these bars, its ratio is true with a "
        + "chance of \(NumberText.percent(min(deflation.chance, 0.999)))."
      : "It is the first trial on record for these bars; every further one makes luck likelier."
  }

  private var comparison: String {
    let held =
      "Buying and holding returned \(NumberText.percent(benchmarkPerformance.annualReturn)) a year "
      + "with a Sharpe ratio of \(NumberText.ratio(benchmarkPerformance.sharpe ?? .nan))"
    return switch beatsHolding {
    case true?: "\(held), and that this ratio is lower is more than luck."
    case false?: "\(held), and that this ratio is higher is more than luck."
    case nil: "\(held): the two ratios cannot be told apart."
    }
  }

  private var trials: String {
    guard let luck else {
      return "It is in no ledger of trials; every further one makes luck likelier."
    }
    guard luck.settings > 1 else {
      return "It is one trial; every further one makes luck likelier."
    }
    return
      "It is one of \(NumberText.count(luck.settings)) settings tried on these bars, and is judged "
      + "against the best that so many would reach by luck."
  }
}
