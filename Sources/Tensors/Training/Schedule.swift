import Foundation

/// The learning rate of each step.
package enum Schedule: Sendable, Equatable {
  case constant(Double)
  /// Half a cosine from the first rate to the last (Loshchilov and Hutter 2017).
  case cosine(from: Double, to: Double = 0, steps: Int)
  /// Up from peak / 25 over the first share of steps, then down to that / 10⁴, both along half a
  /// cosine, as PyTorch's OneCycleLR has it (Smith and Topin 2018).
  case oneCycle(peak: Double, steps: Int, riseShare: Double = 0.3)
  /// A straight line up to another schedule, which begins after it.
  indirect case warmUp(steps: Int, then: Schedule)

  /// The rate of a step, counted from 0. After the last step the last rate holds.
  package func rate(at step: Int) -> Double {
    switch self {
    case .constant(let rate): return rate
    case .cosine(let first, let last, let steps):
      return Self.halfCosine(from: first, to: last, Double(step) / Double(max(1, steps)))
    case .oneCycle(let peak, let steps, let riseShare):
      let first = peak / 25
      let rise = riseShare * Double(steps) - 1
      if Double(step) <= rise {
        return Self.halfCosine(from: first, to: peak, Double(step) / max(rise, 1e-9))
      }
      let fall = Double(steps - 1) - rise
      return Self.halfCosine(from: peak, to: first / 1e4, (Double(step) - rise) / max(fall, 1e-9))
    case .warmUp(let steps, let then):
      if step >= steps { return then.rate(at: step - steps) }
      return then.rate(at: 0) * Double(step + 1) / Double(steps + 1)
    }
  }

  private static func halfCosine(from first: Double, to last: Double, _ share: Double) -> Double {
    last + (first - last) * (1 + cos(.pi * min(1, max(0, share)))) / 2
  }
}

/// Lowers the rate when a loss no longer falls, as PyTorch's ReduceLROnPlateau with its defaults does.
package struct PlateauRate: Sendable, Equatable {
  package private(set) var rate: Double
  private let factor: Double
  private let patience: Int
  private let least: Double
  private var best = Double.infinity
  private var waited = 0

  package init(rate: Double, factor: Double = 0.1, patience: Int = 10, least: Double = 0) {
    self.rate = rate
    self.factor = factor
    self.patience = patience
    self.least = least
  }

  /// Takes the loss of an epoch.
  package mutating func record(_ loss: Double) {
    if loss < best * (1 - 1e-4) {
      best = loss
      waited = 0
    } else {
      waited += 1
    }
    if waited > patience {
      rate = max(least, rate * factor)
      waited = 0
    }
  }
}
