import Foundation

/// How sums of leaves become predictions.
package enum Link: Equatable, Sendable {
  case identity
  case exponential
  /// 1 / (1 + exp(−slope · x)): a probability of each output by itself.
  case logistic(slope: Double)
  /// Probabilities of all outputs together.
  case softmax
  /// LightGBM's `reg_sqrt`: trained on signed roots.
  case signedSquare

  func apply(to row: UnsafeMutableBufferPointer<Double>) {
    switch self {
    case .identity: return
    case .exponential: for i in row.indices { row[i] = exp(row[i]) }
    case .logistic(let slope): for i in row.indices { row[i] = 1 / (1 + exp(-slope * row[i])) }
    case .signedSquare: for i in row.indices { row[i] *= row[i].magnitude }
    case .softmax:
      let greatest = row.max() ?? 0
      var sum = 0.0
      for i in row.indices {
        row[i] = exp(row[i] - greatest)
        sum += row[i]
      }
      for i in row.indices { row[i] /= sum }
    }
  }
}
