import Foundation
import Market
import Runtime

/// What prices before each split and dividend are multiplied by, to compare with those after it.
///
/// Made from the events that were known at one instant, never from factors of somebody else's day:
/// two tables can be told apart, and an old one made again.
public struct PriceFactors: Sendable {
  /// Before this day, prices are multiplied by `price` and volumes by `volume`.
  struct Step: Equatable {
    let date: CivilDate
    let price: Double
    let volume: Double
  }

  /// Newest first; factors contain those of all later steps.
  let steps: [Step]

  /// - Parameters:
  ///   - closes: the closes that dividends are set against, by day.
  ///   - areAdjusted: whether those closes are adjusted as these factors do, rather than as traded.
  ///   - asOf: later knowledge is left out.
  init(
    _ actions: [CorporateAction], closes: [(date: CivilDate, close: Double)],
    areAdjusted: Bool, dividends: Bool, asOf: Timestamp
  ) {
    let known = actions.filter { $0.knownAt <= asOf }.sorted { $0.date > $1.date }
    var (price, volume) = (1.0, 1.0)
    var steps: [Step] = []
    for action in known {
      switch action.kind {
      case .split(let ratio) where ratio > 0:
        price /= ratio
        volume *= ratio
      case .dividend(let amount) where dividends:
        guard let close = Self.close(before: action.date, closes) else { continue }
        // Of an adjusted close the one that was traded is made again: C · price − D · price.
        let traded = areAdjusted ? close / price + amount : close
        guard traded > amount, amount > 0 else { continue }
        price *= 1 - amount / traded
      default: continue
      }
      steps.append(Step(date: action.date, price: price, volume: volume))
    }
    self.steps = steps
  }

  private static func close(
    before date: CivilDate, _ closes: [(date: CivilDate, close: Double)]
  ) -> Double? {
    var (low, high) = (0, closes.count)
    while low < high {
      let middle = (low + high) / 2
      if closes[middle].date < date { low = middle + 1 } else { high = middle }
    }
    return low > 0 ? closes[low - 1].close : nil
  }

  /// The factors that hold on a day.
  func factors(on date: CivilDate) -> (price: Double, volume: Double) {
    // Steps are few: splits and dividends of decades are a few hundred.
    guard let step = steps.last(where: { date < $0.date }) else { return (1, 1) }
    return (step.price, step.volume)
  }
}
