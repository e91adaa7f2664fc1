import Foundation
import Numerics
import Runtime

/// Probabilities of three classes from sums of weighted numbers.
struct Softmax: Sendable, Equatable {
  static let classes = 3

  /// One row a number, one column a class; the last row is added to every sum.
  let weights: Matrix<Double>

  /// The likeliest weights under a penalty on their squares, the constants apart.
  ///
  /// - Parameter weights: what a row of each class counts; empty where all count the same
  static func fit(
    _ x: Matrix<Double>, _ labels: [Int], weights: [Double] = [], penalty: Double,
    from start: Softmax? = nil, steps: Int = 300
  ) throws -> Softmax {
    let width = x.columns
    let first =
      start?.weights.elements ?? [Double](repeating: 0, count: (width + 1) * classes)
    let weights = weights.isEmpty ? [Double](repeating: 1, count: classes) : weights
    let found = try LimitedMemory.minimum(from: first, steps: steps, tolerance: 1e-6) { place in
      try loss(
        x, labels, weights, penalty: penalty, Matrix(rows: width + 1, columns: classes, place))
    }
    return Softmax(weights: Matrix(rows: width + 1, columns: classes, found.place))
  }

  /// The mean negative log-likelihood with the penalty, and its gradient.
  private static func loss(
    _ x: Matrix<Double>, _ labels: [Int], _ classWeights: [Double], penalty: Double,
    _ weights: Matrix<Double>
  ) throws -> (value: Double, gradient: [Double]) {
    var errors = try sums(x, weights)
    var value = 0.0
    let share = 1 / Double(labels.count)
    var constants = [Double](repeating: 0, count: classes)
    errors.withMutableView { view in
      for row in labels.indices {
        normalise(view, row)
        let count = classWeights[labels[row]]
        value -= count * view[row, labels[row]]
        for c in 0..<classes {
          let error = share * count * (exp(view[row, c]) - (c == labels[row] ? 1 : 0))
          view[row, c] = error
          constants[c] += error
        }
      }
    }
    var gradient = try LinearAlgebra.product(x, errors, transposingLeft: true).elements
    var squares = 0.0
    for row in 0..<x.columns {
      for c in 0..<classes {
        let weight = weights[row, c]
        gradient[row * classes + c] += penalty * weight
        squares += weight * weight
      }
    }
    return (value * share + penalty * squares / 2, gradient + constants)
  }

  private static func sums(
    _ x: Matrix<Double>, _ weights: Matrix<Double>
  ) throws(LinearAlgebraError) -> Matrix<Double> {
    let width = x.columns
    let slopes = Matrix(rows: width, columns: classes, weights.elements.prefix(width * classes))
    var sums = try LinearAlgebra.product(x, slopes)
    sums.withMutableView { view in
      for row in 0..<x.rows {
        for c in 0..<classes { view[row, c] += weights[width, c] }
      }
    }
    return sums
  }

  /// Turns the sums of a row into logarithms of probabilities.
  private static func normalise(_ view: MutableMatrixView<Double>, _ row: Int) {
    let greatest = max(view[row, 0], view[row, 1], view[row, 2])
    var sum = 0.0
    for c in 0..<classes { sum += exp(view[row, c] - greatest) }
    let shift = greatest + log(sum)
    for c in 0..<classes { view[row, c] -= shift }
  }

  /// Three numbers a row.
  func probabilities(_ x: Matrix<Double>) throws(LinearAlgebraError) -> [Double] {
    var sums = try Self.sums(x, weights)
    sums.withMutableView { view in
      for row in 0..<x.rows {
        Self.normalise(view, row)
        for c in 0..<Self.classes { view[row, c] = exp(view[row, c]) }
      }
    }
    return sums.elements
  }

  /// The mean negative log-likelihood of what came.
  func loss(_ x: Matrix<Double>, _ labels: [Int]) throws(LinearAlgebraError) -> Double {
    let probabilities = try probabilities(x)
    let sum = labels.indices.reduce(0) {
      $0 - log(max(1e-300, probabilities[$1 * Self.classes + labels[$1]]))
    }
    return sum / Double(max(1, labels.count))
  }
}
