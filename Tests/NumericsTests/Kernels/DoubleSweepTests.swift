#if arch(x86_64)
  import Foundation
  import Numerics
  import TestKit
  import Testing

  /// `Double` has too many arguments for all to be tried: samples that fall where formulas change and
  /// where values are hard, against the C library in extended precision, whose own error is a
  /// thousandth of a unit here.
  @Suite("Element-wise functions of Double against the C library in extended precision")
  struct DoubleSweepTests {
    private static let count = FuzzBudget.inputs(
      usual: isOptimized ? 1 << 14 : 1 << 9, nightly: 1 << 22)

    @Test(
      "A dense sample of doubles errs by no more than is stated",
      arguments: ElementwiseFunction.allCases)
    func denseSample(function: ElementwiseFunction) throws {
      var generator = SeededGenerator(seed: 17)
      var worst: (error: Double, at: Double) = (0, 0)
      for range in function.ranges + [nil] {
        let arguments = (0..<Self.count).map { _ in
          range.map { Double.random(in: $0, using: &generator) }
            ?? Double(bitPattern: generator.next())
        }
        for (x, found) in zip(arguments, try function.applied(to: arguments)) {
          let error = doubleError(found, function.extended(x), function.leastUnitMagnitude)
          if !(error <= worst.error) { worst = (error, x) }
        }
      }
      if FuzzBudget.isNightly {
        print("\(function) of Double: greatest error \(worst.error) ULP at \(worst.at)")
      }
      #expect(worst.error <= function.greatestError(of: Double.self), "\(worst)")
    }
  }

  extension ElementwiseFunction {
    /// Where samples are spread evenly; all bit patterns come on top.
    fileprivate var ranges: [ClosedRange<Double>] {
      switch self {
      case .exp: [-745.2...709.8, -2...2, -0.4...0.4]
      case .expm1: [-40...709.8, -2...2, -0.4...0.4]
      case .log: [0.5...2, 0.99...1.01, 0...1e6]
      case .log1p: [-1...2, -0.5...0.5, 0...1e6]
      case .tanh: [-20...20, -1...1, 0.55...0.58]
      case .sigmoid: [-745...40, -3...3]
      case .erf: [-6...6, -1.2...1.2]
      case .gelu, .geluDerivative: [-38.5...9, -3...3, -1...1, -0.76 ... -0.74]
      case .squareRoot, .reciprocal: [0...1e300, 1...4]
      }
    }

    fileprivate func extended(_ value: Double) -> Float80 {
      let x = Float80(value)
      return switch self {
      case .exp: Foundation.exp(x)
      case .expm1: Foundation.expm1(x)
      case .log: x < 0 ? .nan : Foundation.log(x)
      case .log1p: x < -1 ? .nan : Foundation.log1p(x)
      case .tanh: Foundation.tanh(x)
      case .sigmoid:
        x < 0 ? Foundation.exp(x) / (1 + Foundation.exp(x)) : 1 / (1 + Foundation.exp(-x))
      case .erf: Foundation.erf(x)
      case .gelu: x == -.infinity ? -0.0 : x == .infinity ? x : x * normalTail(-x)
      case .geluDerivative:
        x.isInfinite
          ? (x > 0 ? 1 : 0)
          : normalTail(-x) + x * Foundation.exp(-0.5 * x * x) / (2 * Float80.pi).squareRoot()
      case .squareRoot: x.squareRoot()
      case .reciprocal: 1 / x
      }
    }
  }

  /// The chance that a standard normal number exceeds x.
  private func normalTail(_ x: Float80) -> Float80 {
    let root = (0.5 as Float80).squareRoot()
    let argument = x * root
    let tail = erfc(argument) / 2
    // What rounding took from the argument moves the far tail by z² of it.
    let lost = (-argument).addingProduct(x, root)
    guard tail > 0, lost.isFinite else { return tail }
    return tail - lost * exp(-argument * argument) / Float80.pi.squareRoot()
  }

  /// The distance of a result from the exact value in units in the last place of `Double`.
  private func doubleError(_ found: Double, _ exact: Float80, _ leastMagnitude: Double) -> Double {
    if exact.isNaN || found.isNaN { return exact.isNaN && found.isNaN ? 0 : .infinity }
    if exact.magnitude >= Float80(Double.greatestFiniteMagnitude) + 0x1p970 {
      return found.isInfinite && (found > 0) == (exact > 0) ? 0 : .infinity
    }
    if leastMagnitude == 0 && found == 0 && exact == 0 && found.sign != exact.sign {
      return .infinity
    }
    // What the format would give as the next number above its greatest.
    let value = found.isInfinite ? (found < 0 ? -0x1p1024 : 0x1p1024) as Float80 : Float80(found)
    let magnitude = max(exact.magnitude, Float80(leastMagnitude))
    let unit = magnitude < 0x1p-1022 ? 0x1p-1074 as Float80 : magnitude.binade * 0x1p-52
    return Double((value - exact).magnitude / unit)
  }
#endif
