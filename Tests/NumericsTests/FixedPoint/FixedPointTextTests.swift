import CAllocations
import Foundation
import Numerics
import Runtime
import TestKit
import Testing

@Suite("FixedPoint text and Double") struct FixedPointTextTests {
  typealias Amount = FixedPoint<Cents>
  typealias Price = FixedPoint<Fine>

  @Test("what is printed reads back as the same amount, in every unit", arguments: 0..<4)
  func parseAfterPrint(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<20_000 {
      let steps = anySteps(&generator)
      #expect(
        try FixedPoint<Whole>(parsing: FixedPoint<Whole>(steps: steps).description).steps == steps)
      #expect(try Amount(parsing: Amount(steps: steps).description).steps == steps)
      #expect(try Price(parsing: Price(steps: steps).description).steps == steps)
      let finest = FixedPoint<Finest>(steps: steps)
      #expect(try FixedPoint<Finest>(parsing: finest.description) == finest)
      #expect(try FixedPoint<Finest>(parsing: finest.text(minimumFractionDigits: 30)) == finest)
    }
  }

  @Test("prints the shortest text, or as many digits as asked for")
  func prints() {
    #expect(Price(steps: 150_000_000).description == "1.5")
    #expect(Price(steps: -1).description == "-0.00000001")
    #expect(Price(steps: 10_000_000_000).description == "100")
    #expect(Price.zero.description == "0")
    #expect(Price.min.description == "-92233720368.54775808")
    #expect(FixedPoint<Finest>.min.description == "-9.223372036854775808")
    #expect(FixedPoint<Whole>.min.description == "-9223372036854775808")
    #expect(Amount(steps: 150).text(minimumFractionDigits: 2) == "1.50")
    #expect(Amount(steps: 100).text(minimumFractionDigits: 2) == "1.00")
    #expect(Price(steps: 123_456_789).text(minimumFractionDigits: 2) == "1.23456789")
    #expect(Amount(steps: 5).text(minimumFractionDigits: -1) == "0.05")
  }

  @Test(
    "reads what is a plain decimal number",
    arguments: [
      ("0", 0), ("-0", 0), ("+1", 100), ("007.50", 750), ("1.2", 120), ("-1.23", -123),
      ("1.2300000000000000000000000", 123), ("92233720368547758.07", Int64.max),
      ("-92233720368547758.08", Int64.min),
      ("000000000000000000000000000000000000001", 100),
    ])
  func reads(text: String, steps: Int64) throws {
    #expect(try Amount(parsing: text).steps == steps)
    #expect(try Amount(parsing: "x\(text)y".dropFirst().dropLast()).steps == steps)
  }

  @Test(
    "refuses everything else and says at which character",
    arguments: [
      ("", 1), ("-", 2), (".5", 1), ("5.", 3), ("1e5", 2), ("1,000", 2), (" 1", 1), ("1 ", 2),
      ("--1", 2), ("1.2.3", 4), ("NaN", 1), ("inf", 1), ("0x10", 2), ("１", 1), ("1\u{0}", 2),
      ("1.-5", 3), ("+-1", 2),
    ])
  func refuses(text: String, character: Int) {
    #expect(throws: FixedPointError.malformed(text: text, character: character, unit: "amount")) {
      try Amount(parsing: text)
    }
  }

  @Test("digits beyond the unit's need a rounding mode")
  func furtherDigits() throws {
    #expect(throws: FixedPointError.tooManyDigits(text: "1.005", allowed: 2, unit: "amount")) {
      try Amount(parsing: "1.005")
    }
    let cases: [(String, [Int64])] = [
      ("1.005", [100, 101, 101, 100, 100]), ("1.015", [102, 102, 102, 101, 101]),
      ("1.0050000000000000000000000000001", [101, 101, 101, 100, 100]),
      ("-1.005", [-100, -101, -100, -101, -100]), ("-1.0049", [-100, -100, -100, -101, -100]),
      ("1.0000000001", [100, 100, 101, 100, 100]), ("0.009", [1, 1, 1, 0, 0]),
    ]
    for (text, expected) in cases {
      for (rounding, steps) in zip(Rounding.allCases, expected) {
        #expect(
          try Amount(parsing: text, rounding: rounding).steps == steps, "\(text) \(rounding)")
      }
    }
    #expect(throws: FixedPointError.self) {
      try Amount(parsing: "92233720368547758.075", rounding: .halfEven)
    }
  }

  @Test("an overflow names the number and the limit, cut short where it is noise")
  func overflow() {
    let error = #expect(throws: FixedPointError.self) { try Price(parsing: "92233720368.54775808") }
    #expect(error?.diagnosis.place == "price \"92233720368.54775808\"")
    #expect(error?.diagnosis.finding == "beyond the limit of 92233720368.54775807")
    let long = #expect(throws: FixedPointError.self) {
      try Price(parsing: "-" + String(repeating: "9", count: 100_000))
    }
    #expect(long?.diagnosis.place.count ?? .max < 100)
    #expect(long?.diagnosis.finding == "beyond the limit of -92233720368.54775808")
  }

  @Test("noise is read or refused, and what is read prints and reads back the same")
  func fuzz() throws {
    let corpus = ["0", "-1.5", "123456.789", "+99999999999.99999999", "0.00000001", "1000000"]
    let count = FuzzBudget.inputs(usual: 20_000, nightly: 1_000_000)
    let words = ["e5", "NaN", "inf", "-", ".", "00000000000", "9999999999", "\u{2212}", "١"]
    var accepted = 0
    for bytes in mutations(
      of: corpus.map { Array($0.utf8) }, count: count, seed: 42,
      dictionary: words.map { Array($0.utf8) })
    {
      for rounding in [nil, Rounding.halfEven, .up] {
        guard let price = try? Price(parsing: bytes.span, rounding: rounding) else { continue }
        accepted += 1
        #expect(try Price(parsing: price.description) == price)
        // Foundation's decimal is an independent reader of the same digits.
        let text = String(decoding: bytes, as: UTF8.self)
        if rounding == nil, let decimal = Decimal(string: text) {
          #expect(decimal == Decimal(string: price.description), "\(text)")
        }
      }
    }
    #expect(accepted > count / 10)
  }

  @Test("a Double becomes the step nearest to its exact value")
  func nearest() throws {
    #expect(try Price(nearest: 0.1 + 0.2).description == "0.3")
    #expect(try Amount(nearest: 2.675).description == "2.67")  // 2.67499…
    #expect(try Amount(nearest: 0.125).description == "0.12")
    #expect(try Amount(nearest: 0.375).description == "0.38")
    #expect(try Amount(nearest: -0.125, rounding: .halfAwayFromZero).description == "-0.13")
    #expect(try Amount(nearest: -0.0) == .zero)
    #expect(try Amount(nearest: .leastNonzeroMagnitude) == .zero)
    #expect(try Amount(nearest: .leastNonzeroMagnitude, rounding: .up) == .step)
    #expect(try Amount(nearest: -Double.leastNonzeroMagnitude, rounding: .down).steps == -1)
    #expect(try FixedPoint<Whole>(nearest: -9_223_372_036_854_775_808) == .min)
    for value in [1e11, 9_223_372_036_854_775_808, -1e300, .greatestFiniteMagnitude] {
      #expect(throws: FixedPointError.self) { try Price(nearest: value) }
    }
    for value in [Double.nan, .infinity, -.infinity] {
      #expect(throws: FixedPointError.notFinite(value: value.description, unit: "price")) {
        try Price(nearest: value)
      }
    }
  }

  @Test("below 2⁵³ steps, to Double and back is the same amount")
  func doubleRoundTrip() throws {
    var generator = SeededGenerator(seed: 5)
    for _ in 0..<50_000 {
      let steps = anySteps(&generator) >> 11
      #expect(try Price(nearest: Double(Price(steps: steps))).steps == steps)
      #expect(
        try FixedPoint<Finest>(nearest: Double(FixedPoint<Finest>(steps: steps))).steps == steps)
      // Any number with a sensible size ends up within half a step; Decimal is the judge.
      let value = Double.random(in: -1e6...1e6, using: &generator)
      let distance = try Decimal(value) - Self.decimal(Amount(nearest: value))
      #expect(abs(distance) <= Decimal(sign: .plus, exponent: -3, significand: 5) + 1e-9)
    }
  }

  private static func decimal(_ amount: Amount) -> Decimal { Decimal(amount.steps) / 100 }

  @Test("reading, printing and arithmetic allocate nothing")
  func allocatesNothing() throws {
    let text = Array("-12345.67890123".utf8)
    let string = "12345.67890123456789"
    var buffer = InlineArray<24, UInt8>(repeating: 0)
    var total = Price.zero
    let before = martinet_thread_allocations()
    for _ in 0..<100 {
      let price = try Price(parsing: text.span)
      total = try total.adding(price.multiplied(by: 3))
      total = try Price.product(total.rounded(toMultipleOf: .step), price).value
      total = try Price.quotient(total, by: Price(parsing: string, rounding: .down))
      total = try Price(nearest: Double(price))
      var span = buffer.mutableSpan
      total.steps += Int64(total.write(into: &span))
    }
    #expect(martinet_thread_allocations() - before == 0)
    #expect(FixedPoint<Fine>.min.description.count == 21)
    #expect(martinet_thread_allocations() > before || martinet_counts_allocations() == 0)
  }
}
