import Market
import Numerics
import Runtime
import Testing
import Trading

@Suite("The nearest book that limits allow") struct TargetBookTests {
  private func book(
    _ names: Int, _ change: (inout RiskLimits) -> Void
  ) throws -> TargetBook {
    var bench = RiskBench(change)
    bench.prices = Array(repeating: 100, count: names)
    return TargetBook(bench.limits, try bench.table(), equity: Cash(whole: 100_000))
  }

  private func expect(_ found: [Double], _ expected: [Double], _ text: Comment = "") {
    #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-9 }, "\(text) \(found)")
  }

  @Test("what is too much of one name is cut; what is too much in all is taken off each alike")
  func nearest() throws {
    let limits = try book(3) {
      $0.position.most = .part(0.4)
      $0.cash.reserve = .part(0.05)
    }
    expect(limits.nearest(to: [0.6, 0.2, 0.1]), [0.4, 0.2, 0.1])
    // 1.2 in all is 0.25 too much: a twelfth off each.
    expect(limits.nearest(to: [0.4, 0.4, 0.4]), [0.95 / 3, 0.95 / 3, 0.95 / 3])
    // The first stays at its ceiling, the others give way: 0.95 − 0.4 shared out.
    expect(limits.nearest(to: [0.9, 0.4, 0.3]), [0.4, 0.325, 0.225])
  }

  @Test(
    "the least position is reached where that is nearer, and given up where others need the room")
  func least() throws {
    let limits = try book(3) {
      $0.position.least = .part(0.05)
      $0.cash.reserve = .part(0.05)
    }
    expect(limits.nearest(to: [0.5, 0.03, 0.02]), [0.5, 0.05, 0])
    expect(limits.nearest(to: [0.92, 0.03, 0]), [0.92, 0, 0])
  }

  @Test("a book is approached at the day's turnover: 0 to 0.9 takes three days of 0.3") func days()
    throws
  {
    let limits = try book(2) {
      $0.turnover.most = .part(0.3)
      $0.cash.reserve = .part(0.05)
    }
    let wanted = [0.6, 0.3]
    let first = limits.step(from: [0, 0], to: wanted)
    expect(first, [0.2, 0.1])
    expect(limits.step(from: first, to: wanted, traded: 0.3), first)
    expect(limits.step(from: limits.step(from: first, to: wanted), to: wanted), wanted)
  }

  @Test("a book outside its limits is led back before anything else is bought") func back() throws {
    let limits = try book(3) {
      $0.position.most = .part(0.4)
      $0.turnover.most = .part(0.3)
    }
    // 0.9 of the first is 0.5 too much: two days, and what is left of the second goes to the third.
    let first = limits.step(from: [0.9, 0, 0], to: [0.4, 0, 0.5])
    expect(first, [0.6, 0, 0])
    let second = limits.step(from: first, to: [0.4, 0, 0.5])
    expect(second, [0.4, 0, 0.1])
  }

  @Test("amounts, sectors and both sides count") func others() throws {
    let limits = try book(4) {
      $0.position.mostAmount = Cash(whole: 30_000)
      $0.sector.most = .part(0.4)
      $0.leverage.gross = .part(0.6)
      $0.sector.members = zip("ABCD", ["x", "x", "y", "y"]).compactMap { name, sector in
        Symbol(String(name)).map { SectorMember(symbol: $0, sector: sector) }
      }
    }
    expect(limits.nearest(to: [0.5, 0, 0, 0]), [0.3, 0, 0, 0])
    expect(limits.nearest(to: [0.3, 0.3, 0, 0]), [0.2, 0.2, 0, 0])
    expect(limits.nearest(to: [0.2, 0.2, -0.2, -0.2]), [0.15, 0.15, -0.15, -0.15])
  }

  @Test(
    "over random limits and books: what comes out is allowed, near, and no more than a day away")
  func properties() throws {
    var stream = RandomStream(seed: 5, purpose: "books")
    for round in 0..<60 {
      func roll(_ low: Double, _ high: Double) -> Rate {
        .part(low + (high - low) * stream.uniform())
      }
      let long = stream.uniform() < 0.5
      let limits = try book(6) {
        $0.position.most = roll(0.1, 0.6)
        $0.cash.reserve = roll(0, 0.3)
        $0.turnover.most = .part(0.5)
        $0.leverage.gross = roll(0.3, 1.6)
        $0.leverage.shortSelling = !long
        $0.sector.most = roll(0.3, 0.9)
        $0.sector.members = RiskBench.symbols.enumerated().compactMap { place, name in
          Symbol(name).map { SectorMember(symbol: $0, sector: "\(place % 3)") }
        }
      }
      let wanted = (0..<6).map { _ in stream.normal() * 0.4 }
      let target = limits.nearest(to: wanted)
      #expect(limits.isAllowed(target), "round \(round)")
      // No allowed book on the way to a random one is nearer.
      func distance(_ a: [Double]) -> Double {
        zip(a, wanted).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      }
      for _ in 0..<10 {
        let other = limits.nearest(to: (0..<6).map { _ in stream.normal() * 0.4 })
        #expect(distance(target) <= distance(other) + 1e-6, "round \(round)")
      }
      var held = (0..<6).map { _ in stream.normal() * 0.3 }
      for _ in 0..<15 {
        let next = limits.step(from: held, to: wanted)
        let moved = zip(held, next).reduce(0) { $0 + abs($1.1 - $1.0) }
        #expect(moved <= 0.5 + 1e-9)
        if limits.isAllowed(held) { #expect(limits.isAllowed(next, tolerance: 1e-8)) }
        held = next
      }
      #expect(zip(held, target).allSatisfy { abs($0 - $1) < 1e-6 }, "round \(round): arrives")
    }
  }
}
