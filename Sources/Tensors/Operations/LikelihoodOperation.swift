import Foundation
import Numerics

/// The mean negative log-likelihood of what came, the last input, under forecast distributions:
/// location, scale and, of Student's t, degrees of freedom.
struct LikelihoodOperation<T: VectorScalar>: Operation {
  static var name: String { "likelihood" }
  let count: Int
  let isStudent: Bool

  private static var logOfTwoPi: Double { 1.8378770664093455 }
  private var target: Int { isStudent ? 3 : 2 }

  func forward(_ frame: Frame<T>) {
    var total = 0.0
    for i in 0..<count {
      let scale = Double(frame[1][i])
      let z = (Double(frame[target][i]) - Double(frame[0][i])) / scale
      guard isStudent else {
        total += log(scale) + (z * z + Self.logOfTwoPi) / 2
        continue
      }
      let freedom = Double(frame[2][i])
      total +=
        lgamma(freedom / 2) - lgamma((freedom + 1) / 2) + log(freedom * .pi) / 2 + log(scale)
        + (freedom + 1) / 2 * log1p(z * z / freedom)
    }
    frame.output[0] = T(total / Double(count))
  }

  func backward(_ frame: Frame<T>) {
    let share = Double(frame.gradient[0]) / Double(count)
    for i in 0..<count {
      let scale = Double(frame[1][i])
      let z = (Double(frame[target][i]) - Double(frame[0][i])) / scale
      var pull = z
      if isStudent {
        let freedom = Double(frame[2][i])
        pull = (freedom + 1) * z / (freedom + z * z)
        let slope =
          (Self.digamma(freedom / 2) - Self.digamma((freedom + 1) / 2) + 1 / freedom
            + log1p(z * z / freedom) - pull * z / freedom) / 2
        add(share * slope, to: 2, i, frame)
      }
      add(-share * pull / scale, to: 0, i, frame)
      add(share * (1 - pull * z) / scale, to: 1, i, frame)
      add(share * pull / scale, to: target, i, frame)
    }
  }

  private func add(_ value: Double, to input: Int, _ place: Int, _ frame: Frame<T>) {
    guard let target = frame.gradients[input] else { return }
    target[place] = frame.accumulates[input] ? target[place] + T(value) : T(value)
  }

  /// The slope of log Γ: its recurrence up to 8, then its asymptotic series (DLMF 5.11.2).
  private static func digamma(_ x: Double) -> Double {
    var (x, value) = (x, 0.0)
    while x < 8, x > 0 {
      value -= 1 / x
      x += 1
    }
    let s = 1 / (x * x)
    let tail = s * (1.0 / 12 - s * (1.0 / 120 - s * (1.0 / 252 - s * (1.0 / 240 - s / 132))))
    return value + log(x) - 0.5 / x - tail
  }
}

extension Node {
  /// The mean negative log-likelihood of what came, where these are the means of normal distributions.
  package func gaussianLoss(
    deviation: Node, against target: Node
  ) throws(TensorError) -> Node {
    try likelihood([self, deviation, target], isStudent: false)
  }

  /// The same, where these are the centres of Student's t distributions; `freedom` is above 0.
  package func studentLoss(
    scale: Node, freedom: Node, against target: Node
  ) throws(TensorError) -> Node {
    try likelihood([self, scale, freedom, target], isStudent: true)
  }

  private func likelihood(_ inputs: [Node], isStudent: Bool) throws(TensorError) -> Node {
    for node in inputs where node.shape != shape {
      throw .shapes(graph.place("likelihood"), first: shape, second: node.shape)
    }
    return try graph.record(
      LikelihoodOperation<T>(count: shape.count, isStudent: isStudent), inputs, shape: [])
  }

  /// The mean pinball loss of forecasts [.., quantiles] of several quantiles, given what came [..].
  package func pinballLoss(
    quantiles: [Double], against target: Node
  ) throws(TensorError) -> Node {
    let place = graph.place("pinball loss")
    guard shape.rank >= 1, shape == TensorShape(target.shape.dimensions + [quantiles.count]) else {
      throw .shapes(place, first: shape, second: target.shape)
    }
    guard quantiles.allSatisfy({ (0...1).contains($0) }) else {
      throw .setting(place, finding: "\(quantiles) are not all quantiles")
    }
    let above = graph.constant(Tensor([quantiles.count], copying: quantiles.map { T($0) }))
    let below = graph.constant(Tensor([quantiles.count], copying: quantiles.map { T($0 - 1) }))
    let error = try target.inserting(-1) - self
    return try (error * above).maximum(error * below).mean()
  }
}
