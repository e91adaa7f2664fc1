import Numerics
import Runtime
import TestKit
import Testing

@Suite("FixedPoint arithmetic") struct FixedPointArithmeticTests {
  typealias Amount = FixedPoint<Cents>
  typealias Price = FixedPoint<Fine>

  @Test("sums, differences and multiples agree with 128-bit integers or throw", arguments: 0..<4)
  func agreesWithWideIntegers(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<20_000 {
      let (a, b) = (anySteps(&generator), anySteps(&generator))
      let (x, y) = (Price(steps: a), Price(steps: b))
      Self.check(Int128(a) + Int128(b)) { () throws(FixedPointError) in try x.adding(y) }
      Self.check(Int128(a) - Int128(b)) { () throws(FixedPointError) in try x.subtracting(y) }
      Self.check(Int128(a) * Int128(b)) { () throws(FixedPointError) in try x.multiplied(by: b) }
      Self.check(-Int128(a)) { () throws(FixedPointError) in try x.negated() }
      Self.check(Int128(Int128(a).magnitude)) { () throws(FixedPointError) in try x.magnitude() }
    }
  }

  @Test("a wide integer becomes a double to within a unit in the last place, whatever its sign")
  func wide() {
    var generator = SeededGenerator(seed: 1)
    for shift in 0..<127 {
      for _ in 0..<100 {
        let high = Int128(anySteps(&generator)) << 64
        let value = (high | Int128(anySteps(&generator).magnitude)) >> Int128(shift)
        let exact = Double(value)
        #expect(abs(Double(wide: value) - exact) <= exact.ulp)
      }
    }
    for value in [0, 1, -1, Int128.max, .min] { #expect(Double(wide: value) == Double(value)) }
  }

  static func check(_ expected: Int128, _ body: () throws(FixedPointError) -> Price) {
    do {
      let value = try body()
      #expect(Int128(value.steps) == expected)
    } catch {
      #expect(Int64(exactly: expected) == nil)
      guard case .overflow(_, let limit, let unit) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(unit == "price")
      #expect(limit == (expected < 0 ? Price.min : Price.max).description)
    }
  }

  @Test("an overflow names the calculation and the limit")
  func overflowSaysWhat() throws {
    let error = #expect(throws: FixedPointError.self) { try Price.max.adding(.step) }
    #expect(
      error?.diagnosis
        == Diagnosis(
          place: "price \"92233720368.54775807 + 0.00000001\"",
          finding: "beyond the limit of 92233720368.54775807",
          remedy: "check the number and its unit; no price can be larger", exitCode: .wrongUsage))
  }

  @Test(
    "halves and other parts round as each mode says",
    arguments: [
      // dividend, divisor, halfEven, halfAwayFromZero, up, down, towardZero
      (5, 10, [0, 1, 1, 0, 0]), (15, 10, [2, 2, 2, 1, 1]), (25, 10, [2, 3, 3, 2, 2]),
      (-5, 10, [0, -1, 0, -1, 0]), (-15, 10, [-2, -2, -1, -2, -1]),
      (14, 10, [1, 1, 2, 1, 1]), (16, 10, [2, 2, 2, 1, 1]), (-16, 10, [-2, -2, -1, -2, -1]),
      (7, -2, [-4, -4, -3, -4, -3]), (-7, -2, [4, 4, 4, 3, 3]), (20, 10, [2, 2, 2, 2, 2]),
      (0, 3, [0, 0, 0, 0, 0]), (1, 3, [0, 0, 1, 0, 0]), (-1, 3, [0, 0, 0, -1, 0]),
    ])
  func roundingByHand(dividend: Int, divisor: Int, expected: [Int]) {
    for (rounding, quotient) in zip(Rounding.allCases, expected) {
      let result = rounding.divide(Int128(dividend), by: Int128(divisor))
      #expect(result.quotient == Int128(quotient), "\(rounding)")
      #expect(
        result.quotient * Int128(divisor) + result.remainder == Int128(dividend), "\(rounding)")
    }
  }

  @Test("every mode keeps its promise for any numbers", arguments: Rounding.allCases)
  func roundingProperties(rounding: Rounding) {
    var generator = SeededGenerator(seed: 7)
    for _ in 0..<20_000 {
      let dividend = Int128(anySteps(&generator)) * Int128(anySteps(&generator))
      let divisor = Int128(anySteps(&generator))
      guard divisor != 0 else { continue }
      let (quotient, remainder) = rounding.divide(dividend, by: divisor)
      #expect(quotient * divisor + remainder == dividend)
      #expect(remainder.magnitude < divisor.magnitude)
      let leftOverIsNegative = (remainder < 0) != (divisor < 0)
      switch rounding {
      case .halfEven, .halfAwayFromZero:
        #expect(remainder.magnitude <= divisor.magnitude - remainder.magnitude)
      case .up: #expect(remainder == 0 || leftOverIsNegative)
      case .down: #expect(remainder == 0 || !leftOverIsNegative)
      case .towardZero: #expect(remainder == 0 || (remainder < 0) == (dividend < 0))
      }
    }
  }

  @Test("a product and its remainder are the exact product", arguments: Rounding.allCases)
  func products(rounding: Rounding) throws {
    var generator = SeededGenerator(seed: 11)
    for _ in 0..<20_000 {
      let a = Price(steps: anySteps(&generator) >> 20)
      let b = Price(steps: anySteps(&generator) >> 20)
      let exact = Int128(a.steps) * Int128(b.steps)  // In steps of 10⁻¹⁶.
      do {
        let (value, remainder) = try Amount.product(a, b, rounding: rounding)
        #expect(Int128(value.steps) * powerOfTen(14) + remainder == exact)
      } catch {
        #expect((exact / powerOfTen(14)).magnitude >= UInt128(Int64.max))
      }
    }
  }

  @Test("hand-worked products, quotients and conversions")
  func byHand() throws {
    let price = try Price(parsing: "101.335")
    let (value, remainder) = try Amount.product(price, try Price(parsing: "3"))
    #expect(value.description == "304")  // 304.005: a half step, to the even 304.00
    #expect(remainder == 5 * powerOfTen(13))
    #expect(try Amount.product(price, price, times: 0).value == .zero)
    #expect(try Amount(parsing: "100").divided(by: 3).description == "33.33")
    #expect(try Amount(parsing: "100").divided(by: 3, rounding: .up).description == "33.34")
    #expect(try Amount(parsing: "-100").divided(by: 3, rounding: .down).description == "-33.34")
    // Three basis points of a million.
    #expect(try Amount(parsing: "1000000").scaled(by: 3, over: 10_000).description == "300")
    #expect(
      try Price.quotient(Amount(parsing: "100"), by: Amount(parsing: "0.03"), rounding: .towardZero)
        .description == "3333.33333333")
    #expect(
      try FixedPoint<Whole>.quotient(Price(parsing: "10"), by: Price(parsing: "2.5")).description
        == "4")
    let (amount, left) = try Price(parsing: "1.2399").converted(to: Amount.self)
    #expect(amount.description == "1.24")
    #expect(left == -10_000)  // -0.0001 in the finer unit's steps
    #expect(try amount.converted(to: Price.self).value.description == "1.24")
  }

  @Test("quotients too large, by zero or beyond 128 bits throw and do not trap")
  func quotientsThatFail() throws {
    #expect(throws: FixedPointError.divisionByZero(dividend: "1", unit: "amount")) {
      try Amount(parsing: "1").divided(by: 0)
    }
    #expect(throws: FixedPointError.self) { try Price.quotient(Price.step, by: Price.zero) }
    #expect(throws: FixedPointError.self) { try Price.quotient(Price.max, by: Price.step) }
    #expect(throws: FixedPointError.self) {
      try FixedPoint<Finest>.quotient(FixedPoint<Whole>.max, by: FixedPoint<Finest>.step)
    }
    #expect(throws: FixedPointError.self) { try Amount.min.divided(by: -1) }
    #expect(throws: FixedPointError.self) {
      try Amount.product(Price.max, Price.max, times: .max)
    }
    #expect(throws: FixedPointError.self) {
      try FixedPoint<Whole>.max.converted(to: FixedPoint<Finest>.self)
    }
  }

  @Test("multiples of a size are multiples, and as near as the mode allows")
  func multiples() throws {
    let tick = try Price(parsing: "0.05")
    #expect(try Price(parsing: "10.03").rounded(toMultipleOf: tick).description == "10.05")
    #expect(
      try Price(parsing: "10.03").rounded(toMultipleOf: tick, rounding: .down).description
        == "10")
    #expect(throws: FixedPointError.sizeNotPositive(size: "0", unit: "price")) {
      try Price.step.rounded(toMultipleOf: .zero)
    }
    #expect(throws: FixedPointError.self) {
      try Price.max.rounded(toMultipleOf: tick, rounding: .up)
    }
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<10_000 {
      let size = Price(steps: Int64.random(in: 1...1_000_000, using: &generator))
      let value = Price(steps: anySteps(&generator) / 2)
      let rounded = try value.rounded(toMultipleOf: size)
      #expect(rounded.isMultiple(of: size))
      #expect((rounded.steps - value.steps).magnitude * 2 <= size.steps.magnitude)
      #expect(try rounded.rounded(toMultipleOf: size, rounding: .up) == rounded)
    }
  }
}
