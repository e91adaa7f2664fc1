import Evidence
import Market
import Numerics
import Runtime

extension Appraisal {
  /// The result in plain words: what came of it, what doubled costs leave, luck, how it compares, and
  /// how often one had tried.
  public var verdict: String {
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
      isMoreThanLuck
      ? "more than luck explains" + (luck == nil ? ", if it was tried only once" : "")
      : "cannot be told from luck"
    // First, because nothing after it holds where the data is wrong.
    let doubt = jumps.first.map { "\($0.warning). " } ?? ""
    return "\(doubt)\(earned) Sharpe \(NumberText.interval(sharpe, bootstrap.sharpe)): \(luck). "
      + "\(comparison) \(trials)"
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
