import Numerics

/// A function applied to every number after a layer.
package enum Activation: String, Sendable, CaseIterable {
  case identity, relu, gelu, silu, tanh, sigmoid, elu, softplus

  /// Whether the slope follows from the argument only, and not from the value.
  var needsArgument: Bool { self == .gelu || self == .silu }

  /// values[i] = function(values[i])
  func apply<T: VectorScalar>(_ values: UnsafeMutablePointer<T>, count: Int) {
    apply(UnsafePointer(values), into: values, count: count)
  }

  @specialized(where T == Float)
  @specialized(where T == Double)
  func apply<T: VectorScalar>(
    _ input: UnsafePointer<T>, into output: UnsafeMutablePointer<T>, count: Int
  ) {
    switch self {
    case .identity: if UnsafePointer(output) != input { output.update(from: input, count: count) }
    case .relu: Lines.map(Activations.ReLU.self, input, output, count)
    case .gelu: Lines.map(Lanewise.Gelu.self, input, output, count)
    case .silu: Lines.map(Activations.SiLU.self, input, output, count)
    case .tanh: Lines.map(Lanewise.Tanh.self, input, output, count)
    case .sigmoid: Lines.map(Lanewise.Sigmoid.self, input, output, count)
    case .elu: Lines.map(Activations.ELU.self, input, output, count)
    case .softplus: Lines.map(Activations.Softplus.self, input, output, count)
    }
  }

  /// target[i] = gradient[i] · slope, where `known` holds the argument or the value, as
  /// `needsArgument` says. The target may be the gradient.
  @specialized(where T == Float)
  @specialized(where T == Double)
  func multiplySlope<T: VectorScalar>(
    _ known: UnsafePointer<T>, _ gradient: UnsafePointer<T>, into target: UnsafeMutablePointer<T>,
    count: Int, accumulates: Bool = false
  ) {
    switch self {
    case .identity:
      Lines.multiplySlope(
        Activations.IdentitySlope.self, known, gradient, target, count, accumulates)
    case .relu:
      Lines.multiplySlope(Activations.ReLUSlope.self, known, gradient, target, count, accumulates)
    case .gelu:
      Lines.multiplySlope(Lanewise.GeluDerivative.self, known, gradient, target, count, accumulates)
    case .silu:
      Lines.multiplySlope(Activations.SiLUSlope.self, known, gradient, target, count, accumulates)
    case .tanh:
      Lines.multiplySlope(Activations.TanhSlope.self, known, gradient, target, count, accumulates)
    case .sigmoid:
      Lines.multiplySlope(
        Activations.SigmoidSlope.self, known, gradient, target, count, accumulates)
    case .elu:
      Lines.multiplySlope(Activations.ELUSlope.self, known, gradient, target, count, accumulates)
    case .softplus:
      Lines.multiplySlope(
        Activations.SoftplusSlope.self, known, gradient, target, count, accumulates)
    }
  }
}

/// Activations and their slopes over registers.
enum Activations {
  enum ReLU: LaneFunction {
    @inline(__always) static func value<L: VectorLanes>(_ x: L) -> L {
      x.replacing(with: 0, where: x.isLess(than: 0))
    }
  }
  enum SiLU: LaneFunction {
    @inline(__always) static func value<L: VectorLanes>(_ x: L) -> L { x * L.sigmoid(x) }
  }
  enum ELU: LaneFunction {
    @inline(__always) static func value<L: VectorLanes>(_ x: L) -> L {
      x.replacing(with: L.expm1(x), where: x.isLess(than: 0))
    }
  }
  enum Softplus: LaneFunction {
    @inline(__always) static func value<L: VectorLanes>(_ x: L) -> L {
      let positive = x.replacing(with: 0, where: x.isLess(than: 0))
      return positive + L.log1p(L.exp(-x.magnitudes))
    }
  }

  enum IdentitySlope: LaneFunction {
    @inline(__always) static func value<L: VectorLanes>(_ x: L) -> L { L(repeating: 1) }
  }
  /// Of the argument.
  enum SiLUSlope: LaneFunction {
    @inline(__always) static func value<L: VectorLanes>(_ x: L) -> L {
      let s = L.sigmoid(x)
      return s.addingProduct(x * s, 1 - s)
    }
  }
  // The others are of the value.
  enum ReLUSlope: LaneFunction {
    @inline(__always) static func value<L: VectorLanes>(_ y: L) -> L {
      L.zero.replacing(with: 1, where: y.isGreater(than: 0))
    }
  }
  enum TanhSlope: LaneFunction {
    @inline(__always) static func value<L: VectorLanes>(_ y: L) -> L { 1 - y * y }
  }
  enum SigmoidSlope: LaneFunction {
    @inline(__always) static func value<L: VectorLanes>(_ y: L) -> L { y * (1 - y) }
  }
  enum ELUSlope: LaneFunction {
    @inline(__always) static func value<L: VectorLanes>(_ y: L) -> L {
      L(repeating: 1).replacing(with: y + 1, where: y.isLess(than: 0))
    }
  }
  enum SoftplusSlope: LaneFunction {
    @inline(__always) static func value<L: VectorLanes>(_ y: L) -> L { -L.expm1(-y) }
  }
}
