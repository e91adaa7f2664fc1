import Market
import Runtime
import TestKit
import Testing

/// A frame of bars that end at the given minutes after 1970 and lasted one each.
func frame(
  _ symbol: String, minutes: [Int64], knownLater: Int64 = 0, close: [Double]? = nil
) throws -> Frame {
  let minute: Int64 = 60_000_000_000
  return try Frame(
    checking: Symbol(parsing: symbol), interval: .minute,
    start: Column(minutes.map { ($0 - 1) * minute }), end: Column(minutes.map { $0 * minute }),
    knownAt: Column(minutes.map { ($0 + knownLater) * minute }),
    columns: [("close", .double(Column(close ?? minutes.map(Double.init))))])
}

@Suite("Frame") struct FrameTests {
  private static let nvda = Symbol("NVDA")

  @Test("columns of every type come back with their type, sliced without copying")
  func typedColumns() throws {
    let frame = try frame("NVDA", minutes: [1, 2, 3])
      .adding(.float(Column([1, 2, 3])), as: "float").adding(
        .int64(Column([4, 5, 6])), as: "int64"
      )
      .adding(.int32(Column([7, 8, 9])), as: "int32").adding(
        .bool(Column([true, false, true])), as: "bool"
      )
      .adding(.text(TextColumn(["a", nil, "a"])), as: "text")
    #expect(frame.names == ["close", "float", "int64", "int32", "bool", "text"])
    let slice = frame.slice(1..<3)
    #expect(slice.count == 2)
    #expect(slice["close"].map(Array.init) == [2, 3])
    #expect(slice.column("float", of: Float.self).map(Array.init) == [2, 3])
    #expect(slice.column("int64", of: Int64.self).map(Array.init) == [5, 6])
    #expect(slice.column("int32", of: Int32.self).map(Array.init) == [8, 9])
    #expect(slice.column("bool", of: Bool.self).map(Array.init) == [false, true])
    guard case .text(let text) = slice.column("text") else {
      Issue.record("no text")
      return
    }
    #expect(text[0] == nil && text[1] == "a" && text.words == ["a"])
    #expect(slice["float"] == nil && slice.column("close", of: Float.self) == nil)
    let whole = frame["close"]?.handle.values.baseAddress
    #expect(slice["close"]?.handle.values.baseAddress == whole.map { $0 + 1 })
    #expect(try frame.selecting(["int32", "close"]).names == ["int32", "close"])
    #expect(frame.bar(1).close == 2 && frame.bar(1).open.isNaN)
  }

  @Test(
    "one bar out of order among many is found, wherever it is",
    arguments: [0, 1, 16_383, 16_384, 49_999, 50_000, 50_001, 99_999])
  func disorder(row: Int) throws {
    let nvda = try #require(Self.nvda)
    let starts = (0..<100_000).map { Int64($0) * 60 }
    func make(_ start: [Int64], _ end: [Int64], _ known: [Int64]) throws -> Frame {
      try Frame(
        checking: nvda, interval: .minute, start: Column(start), end: Column(end),
        knownAt: Column(known), columns: [])
    }
    let ends = starts.map { $0 + 60 }
    _ = try make(starts, ends, ends)
    var early = ends
    early[row] = starts[row]
    #expect(throws: FrameError.disorder(symbol: nvda, row: row, .endsBeforeItStarts)) {
      try make(starts, early, ends)
    }
    var unknown = ends
    unknown[row] -= 1
    #expect(throws: FrameError.disorder(symbol: nvda, row: row, .isKnownBeforeItEnds)) {
      try make(starts, ends, unknown)
    }
    guard row > 0 else { return }
    var overlapping = starts
    overlapping[row] -= 1
    #expect(throws: FrameError.disorder(symbol: nvda, row: row, .startsBeforeTheLastEnds)) {
      try make(overlapping, ends, ends)
    }
    var late = ends
    late[row - 1] = ends[row] + 1
    #expect(throws: FrameError.disorder(symbol: nvda, row: row, .isKnownBeforeTheLast)) {
      try make(starts, ends, late)
    }
  }

  @Test("what does not fit together is refused, with the row or the column")
  func checks() throws {
    let nvda = try #require(Self.nvda)
    func make(
      _ start: [Int64], _ end: [Int64], _ known: [Int64], _ columns: [(String, [Double])] = []
    ) throws -> Frame {
      try Frame(
        checking: nvda, interval: .minute, start: Column(start), end: Column(end),
        knownAt: Column(known), columns: columns.map { ($0.0, .double(Column($0.1))) })
    }
    _ = try make([0, 1, 5], [1, 2, 6], [1, 3, 6])
    #expect(throws: FrameError.disorder(symbol: nvda, row: 1, .endsBeforeItStarts)) {
      try make([0, 1], [1, 1], [1, 2])
    }
    #expect(throws: FrameError.disorder(symbol: nvda, row: 0, .isKnownBeforeItEnds)) {
      try make([0], [2], [1])
    }
    #expect(throws: FrameError.disorder(symbol: nvda, row: 1, .startsBeforeTheLastEnds)) {
      try make([0, 1], [2, 3], [2, 3])
    }
    #expect(throws: FrameError.disorder(symbol: nvda, row: 1, .isKnownBeforeTheLast)) {
      try make([0, 2], [2, 3], [9, 3])
    }
    #expect(
      throws: FrameError.unequalLengths(symbol: nvda, column: "end", found: 1, expected: 2)
    ) { try make([0, 1], [1], [1, 2]) }
    #expect(
      throws: FrameError.unequalLengths(symbol: nvda, column: "close", found: 2, expected: 1)
    ) { try make([0], [1], [1], [("close", [1, 2])]) }
    #expect(throws: FrameError.duplicateColumn(symbol: nvda, column: "close")) {
      try make([0], [1], [1], [("close", [1]), ("close", [2])])
    }
    let unknown = #expect(throws: FrameError.self) {
      try frame("NVDA", minutes: [1]).numbers("clsoe")
    }
    #expect(unknown?.diagnosis.remedy == "did you mean close? known: close")
  }

  @Test("rows are found by when they became known, began, or their day")
  func search() throws {
    let frame = try frame("NVDA", minutes: [1, 2, 4, 1441, 2882], knownLater: 1)
    func at(_ minute: Int64) -> Timestamp { Timestamp(seconds: minute * 60) }
    #expect(frame.rows(knownIn: at(3)..<at(5)) == 1..<2)
    #expect(frame.rows(knownIn: at(0)..<at(9999)) == 0..<5)
    #expect(frame.rows(startingIn: at(0)..<at(2)) == 0..<2)
    #expect(frame.lastRow(knownAt: at(1)) == nil)
    #expect(frame.lastRow(knownAt: at(2)) == 0)
    #expect(frame.lastRow(knownAt: at(4)) == 1)
    #expect(frame.lastRow(knownAt: Timestamp(nanoseconds: .max)) == 4)
    let second = try CivilDate(parsing: "1970-01-02")
    #expect(try frame.rows(on: TimeRange(first: second, last: second), in: .utc) == 3..<4)
    #expect(try frame.rows(on: TimeRange(first: second, last: nil), in: .utc) == 3..<5)
    // In New York it is still the evening before.
    #expect(try frame.rows(on: TimeRange(first: second, last: nil), in: .newYork) == 4..<5)
    #expect(try frame.rows(on: TimeRange(first: .first, last: .last), in: .newYork) == 0..<5)
    #expect(frame.rows(on: .all, in: .kolkata) == 0..<5)
  }

  @Test("an as-of join sees only what was known, and leaves gaps before that")
  func asOfJoin() throws {
    let left = try frame("NVDA", minutes: [1, 2, 3, 4, 5])
    let right = try frame("SPY", minutes: [1, 3, 4], knownLater: 1, close: [10, 30, 40])
    let joined = try left.joining(right, columns: ["close"], prefix: "spy_")
    let values = try #require(joined["spy_close"])
    #expect(values[0].isNaN)
    #expect(Array(values.slice(1..<5)) == [10, 10, 30, 40])
    let fresh = try left.joining(
      right, columns: ["close"], prefix: "spy_", staleness: .after(.seconds(30)))
    #expect(try #require(fresh["spy_close"]).map(\.isNaN) == [true, false, true, false, false])
    #expect(throws: FrameError.self) { try left.joining(right, columns: ["close"]) }
    #expect(throws: FrameError.self) { try left.joining(right, columns: ["x"], prefix: "spy_") }
    let counted = right.adding(.int64(Column([1, 2, 3])), as: "count")
    #expect(throws: FrameError.self) { try left.joining(counted, columns: ["count"]) }
    let later = left.slice(1..<5)
    #expect(
      try later.joining(counted, columns: ["count"]).column("count", of: Int64.self)
        .map(Array.init) == [1, 1, 2, 3])
  }

  @Test("as-of rows agree with a plain search, for any frames", arguments: 0..<20)
  func asOfProperty(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    func minutes() -> [Int64] {
      (1...200).filter { _ in Int.random(in: 0..<3, using: &generator) == 0 }
    }
    let frame = try frame("SPY", minutes: minutes(), knownLater: Int64(seed % 3))
    let instants = minutes().map { $0 * 60_000_000_000 }
    for (instant, row) in zip(instants, frame.rows(asOf: Column(instants))) {
      let expected = (0..<frame.count).last { frame.knownAt[$0] <= instant }
      #expect(row == Int32(expected ?? -1))
      #expect(frame.lastRow(knownAt: Timestamp(nanoseconds: instant)) == expected)
    }
  }

  @Test("changing what becomes known later changes nothing in a join before it")
  func joinLooksNotAhead() throws {
    let left = try frame("NVDA", minutes: Array(1...50))
    let right = try frame("SPY", minutes: Array(1...50), knownLater: 2)
    let other = (1...50).map { (minute: Int) in minute > 20 ? -1 : Double(minute) }
    let changed = try frame("SPY", minutes: Array(1...50), knownLater: 2, close: other)
    let a = try #require(left.joining(right, columns: ["close"], prefix: "x")["xclose"])
    let b = try #require(left.joining(changed, columns: ["close"], prefix: "x")["xclose"])
    // Bar 21 is known at minute 23, on row 22.
    for row in 0..<22 { #expect(a[row].bitPattern == b[row].bitPattern) }
    #expect(a[22] != b[22])
  }
}

@Suite("Panel") struct PanelTests {
  @Test("an inner join has the instants at which every symbol has a bar")
  func inner() throws {
    let panel = try Panel(
      innerJoining: [
        frame("A", minutes: [1, 2, 3, 5]),
        frame("B", minutes: [2, 3, 4, 5], close: [20, 30, 40, 50]),
        frame("C", minutes: [0, 3, 5, 9], close: [0, 33, 55, 99]),
      ], columns: ["close"])
    #expect(panel.count == 2)
    #expect(panel.symbols.map(\.text) == ["A", "B", "C"])
    #expect(panel["close"].map(Array.init) == [3, 30, 33, 5, 50, 55])
    #expect(panel.line("close", at: 1).map(Array.init) == [5, 50, 55])
    #expect(panel.series("close", of: panel.symbols[2]).map(Array.init) == [33, 55])
    #expect(Array(panel.rows) == [2, 1, 1, 3, 3, 2])
    #expect(panel.slice(1..<2)["close"].map(Array.init) == [5, 50, 55])
    #expect(panel["open"] == nil)
  }

  @Test("an as-of join has every instant, holes before the first bar and behind the last")
  func asOf() throws {
    let frames = try [
      frame("A", minutes: [1, 3, 9]), frame("B", minutes: [2, 3], close: [20, 30]),
    ]
    let panel = try Panel(asOf: frames, columns: ["close"], staleness: .after(.seconds(300)))
    #expect(Array(panel.knownAt) == [1, 2, 3, 9].map { $0 * 60_000_000_000 })
    #expect(Array(panel.rows) == [0, -1, 0, 0, 1, 1, 2, -1])
    let close = try #require(panel["close"])
    #expect(close.map { $0.isNaN ? -1 : $0 } == [1, -1, 1, 20, 3, 30, 9, -1])
    #expect(try Panel(asOf: frames, columns: ["close"])["close"]?.last == 30)
  }

  @Test("what cannot be joined is refused")
  func refuses() throws {
    #expect(throws: FrameError.nothingToJoin) { try Panel(innerJoining: [], columns: []) }
    let a = try frame("A", minutes: [1])
    #expect(throws: FrameError.duplicateSymbol(a.symbol)) {
      try Panel(innerJoining: [a, a], columns: [])
    }
    #expect(throws: FrameError.self) { try Panel(asOf: [a], columns: ["open"]) }
    let daily = Frame(
      symbol: try Symbol(parsing: "B"), interval: .day, start: Column([0]), end: Column([1]),
      knownAt: Column([1]), columns: ["close": Column([1])])
    #expect(throws: FrameError.self) { try Panel(asOf: [a, daily], columns: ["close"]) }
    #expect(try Panel(innerJoining: [a, frame("B", minutes: [2])], columns: ["close"]).count == 0)
  }
}
