import Market
import Numerics
import Runtime

extension Evidence {
  /// The result in plain words: what came of it, luck, comparison, and how often one had tried.
  public var verdict: String {
    let symbols = result.symbols.map(\.text).joined(separator: ", ")
    let earned =
      "\(result.strategy) on \(symbols) \(performance.annualReturn < 0 ? "lost" : "earned") "
      + "\(NumberText.percent(abs(performance.annualReturn))) a year after costs"
    guard let sharpe = performance.sharpe else {
      return earned + ". The account never moved, so there is nothing to judge."
    }
    let ratio = NumberText.interval(sharpe, bootstrap.sharpe)
    let luck =
      isMoreThanLuck
      ? "more than luck explains, if it was tried only once" : "cannot be told from luck"
    return "\(earned). Sharpe \(ratio): \(luck). \(comparison) \(trialsSentence)"
  }

  private var comparison: String {
    let held =
      "Buying and holding earned "
      + "\(NumberText.percent(benchmarkPerformance.annualReturn)) a year"
    return switch beatsHolding {
    case true?: "\(held), at a lower Sharpe ratio, and that difference is more than luck too."
    case false?: "\(held), at a higher Sharpe ratio, and that difference is more than luck."
    case nil: "\(held); for the risk taken, luck explains any difference."
    }
  }

  private var trialsSentence: String {
    result.settings.trials == 1
      ? "It is one trial; every further one makes luck likelier."
      : "It is the one shown of \(result.settings.trials) trials, and nothing here is corrected for "
        + "that choice."
  }
}
