import Market
import Runtime
import TestKit
import Testing

@Suite("Joins of several symbols") struct JoinTests {
  private static let minute: Int64 = 60_000_000_000

  private static func frame(_ name: String, known: [Int64], close: [Double]? = nil) throws -> Frame
  {
    try Frame(
      checking: Symbol(parsing: name), interval: .minute,
      start: Column(known.indices.map { Int64($0) - 1_000_000 }),
      end: Column(known.indices.map { Int64($0) - 999_999 }),
      knownAt: Column(known.map { $0 * minute }),
      columns: [("close", .double(Column(close ?? known.map(Double.init))))])
  }

  /// A few symbols whose bars become known at random minutes, now and then two at once.
  private static func frames(seed: UInt64) throws -> [Frame] {
    var generator = SeededGenerator(seed: seed)
    return try (0..<Int.random(in: 1...5, using: &generator)).map { place in
      let share = Double.random(in: 0.3...1, using: &generator)
      let known: [Int64] = (Int64(1)...120).flatMap { minute -> [Int64] in
        guard Double.random(in: 0..<1, using: &generator) < share else { return [] }
        return Int.random(in: 0..<10, using: &generator) == 0 ? [minute, minute] : [minute]
      }
      let close = known.map { _ in Double.random(in: 1...9, using: &generator) }
      return try frame("S\(place)", known: known, close: close)
    }
  }

  private static let joins: [(name: String, join: @Sendable ([Frame]) throws -> Panel)] = [
    ("inner", { try Panel(innerJoining: $0, columns: ["close"]) }),
    ("outer", { try Panel(outerJoining: $0, columns: ["close"]) }),
    ("outer, 3 lines", { try Panel(outerJoining: $0, columns: ["close"], staleness: .lines(3)) }),
    ("as of", { try Panel(asOf: $0, columns: ["close"]) }),
    (
      "as of, 4 min",
      { try Panel(asOf: $0, columns: ["close"], staleness: .after(.seconds(240))) }
    ),
    (
      "as of every 10 min",
      {
        try Panel(
          asOf: $0, at: Column((0...13).map { Int64($0) * 10 * minute }), columns: ["close"],
          staleness: .lines(1))
      }
    ),
  ]

  @Test("nothing in a line was known after it, and nothing newer was left aside", arguments: 0..<40)
  func notAhead(seed: UInt64) throws {
    let frames = try Self.frames(seed: seed)
    for (name, join) in Self.joins {
      let panel = try join(frames)
      for line in 0..<panel.count {
        for (place, frame) in frames.enumerated() {
          let row = Int(panel.rows[line * frames.count + place])
          let value = panel["close"]?[line * frames.count + place] ?? 0
          guard row >= 0 else {
            #expect(value.isNaN, "\(name)")
            continue
          }
          #expect(frame.knownAt[row] <= panel.knownAt[line], "\(name)")
          #expect(row == frame.lastRow(knownAt: Timestamp(nanoseconds: panel.knownAt[line])))
          #expect(value == frame["close"]?[row])
        }
      }
    }
  }

  @Test("changing what becomes known later changes nothing before it", arguments: 0..<20)
  func futureChanged(seed: UInt64) throws {
    let frames = try Self.frames(seed: seed)
    let cut = 60 * Self.minute
    let changed = frames.map { frame in
      frame.adding(
        Column(
          frame.knownAt.indices.map { frame.knownAt[$0] > cut ? -1 : frame["close"]?[$0] ?? 0 }),
        as: "close")
    }
    for (name, join) in Self.joins {
      let (a, b) = (try join(frames), try join(changed))
      for line in 0..<a.count where a.knownAt[line] <= cut {
        for place in frames.indices {
          #expect(
            a.line("close", at: line)?[place].bitPattern
              == b.line("close", at: line)?[place].bitPattern, "\(name)")
        }
      }
    }
  }

  @Test(
    "the order in which symbols are given changes nothing but the order of places",
    arguments: 0..<20)
  func permutation(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed &+ 99)
    let frames = try Self.frames(seed: seed)
    let shuffled = frames.shuffled(using: &generator)
    for (name, join) in Self.joins {
      let (a, b) = (try join(frames), try join(shuffled))
      #expect(a.knownAt == b.knownAt, "\(name)")
      for symbol in a.symbols {
        let (x, y) = (a.series("close", of: symbol), b.series("close", of: symbol))
        #expect(x?.map(\.bitPattern) == y?.map(\.bitPattern), "\(name)")
      }
      let accounts = Dictionary(
        uniqueKeysWithValues: b.account(of: shuffled).map { ($0.symbol, $0) })
      for account in a.account(of: frames) { #expect(accounts[account.symbol] == account) }
    }
  }

  @Test("every bar is accounted for: used, or dropped for one reason", arguments: 0..<40)
  func accounts(seed: UInt64) throws {
    let frames = try Self.frames(seed: seed)
    for (name, join) in Self.joins {
      let panel = try join(frames)
      for (place, account) in panel.account(of: frames).enumerated() {
        #expect(
          account.dropped
            == account.superseded + account.droppedForLack + account.afterLastLine, "\(name)")
        #expect(account.bars == frames[place].count)
        let empty = (0..<panel.count).count { panel.rows[$0 * frames.count + place] < 0 }
        #expect(account.emptyBefore + account.emptyStale == empty, "\(name)")
        #expect(account.reasons.isEmpty == (account.dropped == 0 && empty == 0))
      }
    }
  }

  @Test("an inner join says which symbols lacked")
  func lacking() throws {
    let frames = try [
      Self.frame("A", known: [1, 2, 3, 4, 5]), Self.frame("B", known: [2, 3, 5]),
      Self.frame("C", known: [1, 2, 5]),
    ]
    let panel = try Panel(innerJoining: frames, columns: ["close"])
    let account = panel.account(of: frames)
    #expect(account.map(\.used) == [2, 2, 2])
    #expect(account[0].lacking == [frames[1].symbol: 2, frames[2].symbol: 2])
    #expect(account[0].reasons == ["3 without the others (B lacked 2, C lacked 2)"])
    #expect(account[1].lacking == [frames[2].symbol: 1])
  }

  @Test("staleness counts lines or time, and an outer join fills nothing unless told")
  func staleness() throws {
    let frames = try [
      Self.frame("A", known: [1, 2, 3, 4, 9]), Self.frame("B", known: [1, 9]),
    ]
    func places(_ staleness: Staleness) throws -> [Int32] {
      let panel = try Panel(outerJoining: frames, columns: ["close"], staleness: staleness)
      return (0..<panel.count).map { panel.rows[$0 * 2 + 1] }
    }
    #expect(try places(.lines(0)) == [0, -1, -1, -1, 1])
    #expect(try places(.lines(2)) == [0, 0, 0, -1, 1])
    #expect(try places(.after(.seconds(60))) == [0, 0, -1, -1, 1])
    #expect(try places(.never) == [0, 0, 0, 0, 1])
    let panel = try Panel(outerJoining: frames, columns: ["close"])
    #expect(panel.account(of: frames)[1].emptyStale == 3)
  }
}
