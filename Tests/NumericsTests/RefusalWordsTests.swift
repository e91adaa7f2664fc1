import Numerics
import Runtime
import Testing

@Suite("What a person reads about numbers that cannot be used") struct RefusalWordsTests {
  @Test("parameters that describe no distribution are named with their value") func random() {
    let told: [(RandomError, String, String)] = [
      (.shape(-1), "shape", "-1.0"), (.noWeights, "weights", "none"),
      (.weight(-2, index: 3), "weights[3]", "-2.0"), (.totalWeight(0), "weights", "add up to 0.0"),
    ]
    for (error, place, finding) in told {
      let diagnosis = error.diagnosis
      #expect(diagnosis.place == place && diagnosis.finding.contains(finding), "\(diagnosis)")
      #expect(diagnosis.exitCode == .wrongUsage && diagnosis.remedy.hasPrefix("give"))
    }
  }

  @Test("amounts: the character, the digits and the unit at fault") func amounts() throws {
    typealias Amount = FixedPoint<Cents>
    let letter = #expect(throws: FixedPointError.self) { try Amount(parsing: "12x4") }
    #expect(letter?.diagnosis.place == "amount \"12x4\"")
    #expect(letter?.diagnosis.finding.contains("character 3") == true)
    let digits = #expect(throws: FixedPointError.self) { try Amount(parsing: "1.234") }
    #expect(digits?.diagnosis.finding == "more than 2 digits after the point")
    #expect(digits?.diagnosis.exitCode == .wrongUsage)
    let zero = FixedPointError.divisionByZero(dividend: "3.50", unit: "amount").diagnosis
    #expect(zero.place == "amount 3.50" && zero.finding == "divided by zero")
    let size = FixedPointError.sizeNotPositive(size: "-0.01", unit: "price").diagnosis
    #expect(size.place == "price -0.01" && size.remedy.contains("tick and lot"))
  }

  @Test("products into matrices of another shape are refused, and say both shapes") func shapes() {
    let a = Matrix<Double>(rows: 2, columns: 3)
    var c = Matrix<Double>(rows: 3, columns: 3)
    let error = #expect(throws: LinearAlgebraError.self) {
      try a.withView { left in
        try a.transposed.withView { right in
          try c.withMutableView { try LinearAlgebra.multiply(left, right, into: $0) }
        }
      }
    }
    #expect(
      error.map { "\($0.diagnosis)" }?.contains("2×2") == true, "\(String(describing: error))")
    #expect(c.elements.allSatisfy { $0 == 0 })
  }

  @Test("a product of a matrix with itself and a batch refuse results of another shape")
  func results() throws {
    let a = Matrix<Float>(rows: 4, columns: 3, repeating: 1)
    let b = Matrix<Float>(rows: 3, columns: 2, repeating: 1)
    var c = Matrix<Float>(rows: 3, columns: 3)
    let square = Shape(rows: 4, columns: 4)
    #expect(
      throws: LinearAlgebraError.shapes(
        operation: "multiply by self into", left: square, right: c.shape)
    ) {
      try a.withView { a in
        try c.withMutableView { try LinearAlgebra.multiplyBySelf(a, into: $0) }
      }
    }
    func batch(_ left: Matrix<Float>, _ right: Matrix<Float>) throws {
      try left.withView { left in
        try right.withView { right in
          try c.withMutableView { c in
            try LinearAlgebra.multiplyBatch(
              left, step: 0, right, step: 0, into: c, step: 0, count: 1)
          }
        }
      }
    }
    #expect(
      throws: LinearAlgebraError.shapes(operation: "multiply batch", left: b.shape, right: a.shape)
    ) { try batch(b, a) }
    #expect(
      throws: LinearAlgebraError.shapes(
        operation: "multiply batch into", left: Shape(rows: 4, columns: 2), right: c.shape)
    ) { try batch(a, b) }
    #expect(c.elements.allSatisfy { $0 == 0 }, "what is refused writes nothing")
  }

  @Test("rows that do not fill are refused with the length they should have") func rows() {
    let told = ShapeError.rows(operation: "softmax", count: 7, rowLength: 3).diagnosis
    #expect(told.place == "softmax" && told.finding == "7 elements do not make whole rows of 3")
  }
}
