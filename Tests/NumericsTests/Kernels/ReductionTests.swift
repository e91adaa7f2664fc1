import Foundation
import Numerics
import Runtime
import TestKit
import Testing

@Suite("Sums, products and extrema")
struct ReductionTests {
  static let counts = [0, 1, 2, 15, 16, 17, 63, 64, 1023, 1024, 1025, 4097, 100_003]

  @Test("Sums of small integers are exact at every length", arguments: counts)
  func integersAreExact(count: Int) throws {
    let values = (0..<count).map { Float($0 % 7) }
    let doubles = values.map(Double.init)
    let expected = (0..<count).reduce(0) { $0 + $1 % 7 }
    let squares = (0..<count).reduce(0) { $0 + ($1 % 7) * ($1 % 7) }
    #expect(Vector.sum(values.span) == Float(expected))
    #expect(Vector.sum(doubles.span) == Double(expected))
    #expect(try Vector.dot(values.span, values.span) == Float(squares))
    #expect(try Vector.dot(doubles.span, doubles.span) == Double(squares))
  }

  @Test("A sum of a million floats is as good as its stated bound")
  func staysWithinItsBound() {
    var generator = SeededGenerator(seed: 1)
    let count = isOptimized ? 1 << 20 : 1 << 13
    let values = (0..<count).map { _ in Float.random(in: -1...3, using: &generator) }
    let exact = values.reduce(0.0) { $0 + Double($1) }
    let magnitudes = values.reduce(0.0) { $0 + Double(abs($1)) }
    let bound = (log2(Double(count)) + 22) * 0x1p-24 * magnitudes
    #expect(abs(Double(Vector.sum(values.span)) - exact) <= bound)
  }

  @Test("A sum depends on the values and their number only, not on place or threads")
  func hasOneOrder() throws {
    var generator = SeededGenerator(seed: 2)
    let values = (0..<150_016).map { _ in Float.random(in: -1...1, using: &generator) }
    for count in [0, 1, 100, 9000, 70_000, 150_000] {
      let alone = Vector.sum(Array(values[..<count]).span)
      let product = try Vector.dot(Array(values[..<count]).span, Array(values[..<count]).span)
      for threads in [2, 3] {
        let pool = Pool(threads: threads)
        let part = values.span.extracting(0..<count)
        #expect(Vector.sum(part, on: pool) == alone)
        #expect(try Vector.dot(part, part, on: pool) == product)
      }
      for offset in 0...15 {
        let moved = Array(repeating: 9, count: offset) + values[..<count]
        #expect(Vector.sum(moved.span.extracting(offset...)) == alone)
      }
    }
  }

  @Test("NaN and infinities reach the sum")
  func passesOnWhatIsNotFinite() {
    var values = [Double](repeating: 1, count: 100)
    values[70] = .infinity
    #expect(Vector.sum(values.span) == .infinity)
    values[3] = -.infinity
    #expect(Vector.sum(values.span).isNaN)
  }

  @Test("Extrema and where they stand, at every length", arguments: 1...70)
  func findsExtrema(count: Int) {
    for place in [0, count / 2, count - 1] {
      var values = (0..<count).map { Double($0 % 5) }
      values[place] = 9
      #expect(Vector.maximum(values.span) == 9)
      #expect(Vector.indexOfMaximum(values.span) == place)
      values[place] = -9
      #expect(Vector.minimum(values.span) == -9)
      #expect(Vector.indexOfMinimum(values.span) == place)
      values[place] = .nan
      #expect(Vector.minimum(values.span)?.isNaN == true)
      #expect(Vector.maximum(values.span)?.isNaN == true)
      #expect(Vector.indexOfMaximum(values.span) == place)
      let floats = values.map(Float.init)
      #expect(Vector.maximum(floats.span)?.isNaN == true)
      #expect(Vector.indexOfMinimum(floats.span) == place)
    }
  }

  @Test("The first of equals is named; nothing has no extremum")
  func namesTheFirst() {
    #expect(Vector.indexOfMaximum([1.0, 3, 3, 2].span) == 1)
    #expect(Vector.indexOfMinimum([1.0, 0, -0.0].span) == 1)
    #expect(Vector.indexOfMaximum([-Float.infinity, -.infinity].span) == 0)
    let none: [Float] = []
    #expect(Vector.minimum(none.span) == nil && Vector.indexOfMaximum(none.span) == nil)
    #expect(Vector.sum(none.span) == 0)
  }

  @Test("Products are added unrounded")
  func multipliesAndAddsAtOnce() throws {
    let count = 37
    let a = (0..<count).map { 1 + Double($0) * 0x1p-30 }
    let c = [Double](repeating: -1, count: count)
    var output = a
    var target = output.mutableSpan
    try Vector.multiplyAdd(a.span, a.span, c.span, into: &target)
    #expect(output == a.map { (-1.0).addingProduct($0, $0) })
  }

  @Test("Arrays that do not fit together are refused with both counts")
  func refusesMismatches() {
    let three = [1.0, 2, 3]
    let four = [1.0, 2, 3, 4]
    var output = three
    #expect(throws: ShapeError.counts(operation: "dot", first: 3, second: 4)) {
      try Vector.dot(three.span, four.span)
    }
    #expect(throws: ShapeError.counts(operation: "exp", first: 4, second: 3)) {
      var target = output.mutableSpan
      try Vector.apply(.exp, four.span, into: &target)
    }
    #expect(throws: ShapeError.counts(operation: "multiplyAdd", first: 3, second: 4)) {
      var target = output.mutableSpan
      try Vector.multiplyAdd(three.span, four.span, three.span, into: &target)
    }
    #expect(throws: ShapeError.counts(operation: "cumulativeSum", first: 4, second: 3)) {
      var target = output.mutableSpan
      try Vector.cumulativeSum(four.span, into: &target)
    }
    let finding = ShapeError.counts(operation: "dot", first: 3, second: 4).diagnosis.finding
    #expect(finding.contains("3") && finding.contains("4"))
  }
}
