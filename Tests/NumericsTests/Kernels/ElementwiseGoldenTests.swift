import Foundation
import Numerics
import TestKit
import Testing

@Suite("Element-wise functions of Double against exact values")
struct ElementwiseGoldenTests {
  /// Functions whose values are correct by the processor's own rounding have no file.
  static let functions = ElementwiseFunction.allCases.filter {
    $0 != .squareRoot && $0 != .reciprocal
  }

  @Test("Errs by no more than is stated", arguments: functions)
  func staysWithinItsError(function: ElementwiseFunction) throws {
    let path = Package.path("Tests/NumericsTests/Golden/Kernels/\(function.rawValue).txt")
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    #expect(lines.count > 500)
    var worst: (error: Double, at: Double) = (0, 0)
    for line in lines {
      let words = line.split(separator: " ")
      let x = Double(bitPattern: try #require(UInt64(words[0], radix: 16)))
      let nearest = Double(bitPattern: try #require(UInt64(words[1], radix: 16)))
      let rest = try #require(Double(words[2])) / 1000
      let result = try function.applied(to: [x])[0]
      let unit = max(nearest.ulp, function.leastUnitMagnitude * 0x1p-52)
      let error = abs((result - nearest) / unit - rest * (nearest.ulp / unit))
      if !(error <= worst.error) { worst = (error, x) }
    }
    #expect(worst.error <= function.greatestError(of: Double.self), "\(worst)")
  }

  /// Its own error comes on top.
  @Test(
    "Agrees with the C library",
    arguments: [ElementwiseFunction.exp, .expm1, .log, .log1p, .tanh, .erf])
  func agreesWithTheLibrary(function: ElementwiseFunction) throws {
    var generator = SeededGenerator(seed: 7)
    let low = function == .log ? 1e-3 : function == .log1p ? -1 : -30
    for range in [low...30, max(low, -1)...1] {
      let arguments = (0..<1 << 15).map { _ in Double.random(in: range, using: &generator) }
      let results = try function.applied(to: arguments)
      var worst: (error: Double, at: Double) = (0, 0)
      for (x, result) in zip(arguments, results) {
        let error = abs(result - function.reference(x)) / function.reference(x).ulp
        if !(error <= worst.error) { worst = (error, x) }
      }
      #expect(worst.error <= function.greatestError(of: Double.self) + 1, "\(worst)")
    }
  }
}

extension ElementwiseFunction {
  func applied<T: VectorScalar>(to values: [T]) throws -> [T] {
    var result = values
    var target = result.mutableSpan
    try Vector.apply(self, values.span, into: &target)
    return result
  }
}
