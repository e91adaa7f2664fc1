import Foundation
import Numerics

/// How a parameter's first values are drawn; names, bounds and gains are PyTorch's.
package enum Initialiser: Sendable, Equatable {
  case zeros
  case ones
  case constant(Double)
  case uniform(bound: Double)
  case normal(deviation: Double)
  /// Normal, drawn again where it is further from 0 than two of these deviations.
  case truncatedNormal(deviation: Double)
  /// Uniform within gain · √(6 / (fan in + fan out)) (Glorot and Bengio 2010).
  case xavierUniform(gain: Double = 1)
  /// Normal of deviation gain · √(2 / (fan in + fan out)).
  case xavierNormal(gain: Double = 1)
  /// Uniform within √(6 / fan) (He and others 2015), for what a ReLU follows.
  case kaimingUniform(fan: Fan = .inputs)
  /// Normal of deviation √(2 / fan).
  case kaimingNormal(fan: Fan = .inputs)
  /// Orthogonal rows or columns (Saxe and others 2014), times a gain.
  case orthogonal(gain: Double)
  /// Values computed from the place in the flat tensor, for what is no matter of chance.
  case places(PlaceFunction)

  /// What a unit's sums are counted by: what it reads, or what reads it.
  package enum Fan: String, Sendable {
    case inputs = "fan_in"
    case outputs = "fan_out"
  }

  /// The initialiser that PyTorch calls `name`, with the arguments it has there by default.
  package init(named name: String) throws(TensorError) {
    guard let known = Self.named[name] else {
      throw .setting(
        .init(operation: "initialiser", path: name),
        finding: "there is none of this name among \(Self.named.keys.sorted())")
    }
    self = known
  }

  private static let named: [String: Initialiser] = [
    "zeros_": .zeros, "ones_": .ones,
    "normal_": .normal(deviation: 1), "trunc_normal_": .truncatedNormal(deviation: 1),
    "xavier_uniform_": .xavierUniform(), "xavier_normal_": .xavierNormal(),
    "kaiming_uniform_": .kaimingUniform(), "kaiming_normal_": .kaimingNormal(),
    "orthogonal_": .orthogonal(gain: 1),
  ]

  /// A first value by place.
  package enum PlaceFunction: Sendable, Equatable {
    /// log(1 + the place in the row), for state-space models.
    case logOfCount(rowLength: Int)
    /// The inverse of softplus of a step drawn log-uniformly between two bounds.
    case inverseSoftplusOfSteps(least: Double, greatest: Double)
  }

  /// Fan in and fan out as PyTorch counts them: kernels beyond two dimensions multiply both.
  static func fans(_ shape: TensorShape) -> (in: Double, out: Double) {
    guard shape.rank >= 2 else { return (Double(shape.count), Double(shape.count)) }
    let kernel = shape.dimensions.dropFirst(2).reduce(1, *)
    return (Double(shape.dimensions[1] * kernel), Double(shape.dimensions[0] * kernel))
  }

  func fill<T: VectorScalar>(
    _ target: UnsafeMutableBufferPointer<T>, shape: TensorShape, from stream: inout RandomStream
  ) {
    let fans = Self.fans(shape)
    switch self {
    case .zeros: fill(target) { 0 }
    case .ones: fill(target) { 1 }
    case .constant(let value): fill(target) { value }
    case .uniform(let bound): fill(target) { bound * (2 * stream.uniform() - 1) }
    case .normal(let deviation): fill(target) { deviation * stream.normal() }
    case .truncatedNormal(let deviation):
      fill(target) {
        var draw = stream.normal()
        while draw.magnitude > 2 { draw = stream.normal() }
        return deviation * draw
      }
    case .xavierUniform(let gain):
      let bound = gain * (6 / (fans.in + fans.out)).squareRoot()
      fill(target) { bound * (2 * stream.uniform() - 1) }
    case .xavierNormal(let gain):
      let deviation = gain * (2 / (fans.in + fans.out)).squareRoot()
      fill(target) { deviation * stream.normal() }
    case .kaimingUniform(let fan):
      let bound = (6 / (fan == .inputs ? fans.in : fans.out)).squareRoot()
      fill(target) { bound * (2 * stream.uniform() - 1) }
    case .kaimingNormal(let fan):
      let deviation = (2 / (fan == .inputs ? fans.in : fans.out)).squareRoot()
      fill(target) { deviation * stream.normal() }
    case .orthogonal(let gain): orthogonal(target, shape, gain, &stream)
    case .places(let function): place(target, function, &stream)
    }
  }

  private func fill<T: VectorScalar>(
    _ target: UnsafeMutableBufferPointer<T>, _ value: () -> Double
  ) {
    for i in target.indices { target[i] = T(value()) }
  }

  private func place<T: VectorScalar>(
    _ target: UnsafeMutableBufferPointer<T>, _ function: PlaceFunction,
    _ stream: inout RandomStream
  ) {
    for i in target.indices {
      switch function {
      case .logOfCount(let rowLength): target[i] = T(log(Double(i % max(1, rowLength) + 1)))
      case .inverseSoftplusOfSteps(let least, let greatest):
        let step = exp(log(least) + stream.uniform() * (log(greatest) - log(least)))
        target[i] = T(step + log(-expm1(-max(step, 1e-4))))
      }
    }
  }

  /// Gram and Schmidt's process on normal rows; of a tall matrix, on its columns.
  private func orthogonal<T: VectorScalar>(
    _ target: UnsafeMutableBufferPointer<T>, _ shape: TensorShape, _ gain: Double,
    _ stream: inout RandomStream
  ) {
    let rows = shape.rank > 0 ? shape.dimensions[0] : 1
    let columns = rows == 0 ? 0 : shape.count / rows
    let (count, length) = (min(rows, columns), max(rows, columns))
    var basis: [[Double]] = []
    for _ in 0..<count {
      var row = (0..<length).map { _ in stream.normal() }
      // Twice is enough for full accuracy (Kahan, in Parlett 1980).
      for _ in 0..<2 {
        for other in basis {
          let along = zip(row, other).reduce(0) { $0 + $1.0 * $1.1 }
          for i in row.indices { row[i] -= along * other[i] }
        }
      }
      let norm = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
      basis.append(row.map { $0 / norm })
    }
    for i in 0..<rows {
      for j in 0..<columns {
        target[i * columns + j] = T(gain * (rows <= columns ? basis[i][j] : basis[j][i]))
      }
    }
  }
}
