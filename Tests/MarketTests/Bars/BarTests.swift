import Market
import Numerics
import Runtime
import Testing

@Suite("Bar, Trade and Quote") struct BarTests {
  @Test(
    "each fault is found by itself",
    arguments: [
      ([10, 11, 9, 10, 100], []), ([10, 10, 10, 10, 0], []),
      ([.nan, 11, 9, 10, 100], .priceIsMissing), ([10, .infinity, 9, 10, 100], .priceIsMissing),
      ([0, 11, 0, 10, 100], .priceIsNotPositive), ([-1, 11, -1, 10, 1], .priceIsNotPositive),
      ([10, 9, 11, 10, 100], .highIsBelowLow), ([12, 11, 9, 10, 100], .openIsOutsideRange),
      ([10, 11, 9, 8, 100], .closeIsOutsideRange), ([10, 11, 9, 10, .nan], .volumeIsMissing),
      ([10, 11, 9, 10, -1], .volumeIsNegative),
      ([8, 11, 9, 12, -1], [.openIsOutsideRange, .closeIsOutsideRange, .volumeIsNegative]),
    ] as [([Double], BarFaults)])
  func faults(figures: [Double], expected: BarFaults) {
    let faults = BarFaults(
      open: figures[0], high: figures[1], low: figures[2], close: figures[3], volume: figures[4])
    #expect(faults == expected)
    #expect(faults.descriptions.isEmpty == expected.isEmpty)
  }

  @Test("times are checked too")
  func times() {
    var bar = Bar(
      start: Timestamp(seconds: 0), end: Timestamp(seconds: 60), knownAt: Timestamp(seconds: 60),
      open: 1, high: 1, low: 1, close: 1, volume: 1)
    #expect(bar.faults.isEmpty)
    bar.knownAt = Timestamp(seconds: 59)
    #expect(bar.faults == .isKnownBeforeItEnds)
    bar.start = Timestamp(seconds: 60)
    #expect(
      bar.faults.descriptions == ["it does not end after it starts", "it is known before it ends"])
  }

  @Test("a quote knows its spread and whether it is crossed")
  func quotes() throws {
    let one = try Quantity(parsing: "1")
    var quote = Quote(
      time: Timestamp(seconds: 0), knownAt: Timestamp(seconds: 1),
      bid: Quote.Side(price: try Price(parsing: "9.99"), quantity: one),
      ask: Quote.Side(price: try Price(parsing: "10.01"), quantity: one))
    #expect(quote.spread?.description == "0.02")
    #expect(!quote.isCrossed)
    quote.bid?.price = try Price(parsing: "10.02")
    #expect(quote.isCrossed)
    quote.ask = nil
    #expect(quote.spread == nil && !quote.isCrossed)
  }
}
