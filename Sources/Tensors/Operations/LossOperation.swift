import Numerics

/// How far a forecast is from what came.
package enum Loss: Sendable, Equatable {
  case squared
  case absolute
  /// Squared near zero and straight beyond `delta` (Huber 1964), as PyTorch's HuberLoss.
  case huber(delta: Double)
  /// Of the quantile: the pinball loss (Koenker and Bassett 1978).
  case pinball(quantile: Double)

  @inline(__always)
  func value<T: VectorScalar>(_ error: T) -> T {
    switch self {
    case .squared: return error * error
    case .absolute: return error.magnitude
    case .huber(let delta):
      let delta = T(delta)
      return error.magnitude <= delta
        ? error * error / 2 : delta * (error.magnitude - delta / 2)
    case .pinball(let quantile):
      return error > 0 ? (1 - T(quantile)) * error : -T(quantile) * error
    }
  }

  @inline(__always)
  func slope<T: VectorScalar>(_ error: T) -> T {
    switch self {
    case .squared: return 2 * error
    case .absolute: return error > 0 ? 1 : error < 0 ? -1 : 0
    case .huber(let delta): return min(T(delta), max(-T(delta), error))
    case .pinball(let quantile): return error > 0 ? 1 - T(quantile) : error < 0 ? -T(quantile) : 0
    }
  }
}

/// The mean loss of forecasts, input 0, and what came, input 1.
struct LossOperation<T: VectorScalar>: Operation {
  static var name: String { "loss" }
  let count: Int
  let loss: Loss

  @specialized(where T == Float)
  @specialized(where T == Double)
  func forward(_ frame: Frame<T>) {
    var total = 0.0
    for i in 0..<count { total += Double(loss.value(frame[0][i] - frame[1][i])) }
    frame.output[0] = T(total / Double(count))
  }

  @specialized(where T == Float)
  @specialized(where T == Double)
  func backward(_ frame: Frame<T>) {
    let scale = frame.gradient[0] / T(count)
    for input in 0..<2 {
      guard let target = frame.gradients[input] else { continue }
      let sign = input == 0 ? scale : -scale
      for i in 0..<count {
        let slope = sign * loss.slope(frame[0][i] - frame[1][i])
        target[i] = frame.accumulates[input] ? target[i] + slope : slope
      }
    }
  }
}

extension Node {
  /// The mean loss of these forecasts, given what came.
  package func loss(_ loss: Loss, against target: Node) throws(TensorError) -> Node {
    let place = graph.place("loss")
    guard shape == target.shape, shape.count > 0 else {
      throw .shapes(place, first: shape, second: target.shape)
    }
    switch loss {
    case .huber(let delta) where !(delta > 0):
      throw .setting(place, finding: "a delta of \(delta) is not above 0")
    case .pinball(let quantile) where !(0...1).contains(quantile):
      throw .setting(place, finding: "\(quantile) is no quantile")
    default: break
    }
    return try graph.record(
      LossOperation<T>(count: shape.count, loss: loss), [self, target], shape: [])
  }
}
