import Market
import Numerics
import Runtime
import Testing
import Trading

/// Each limit by itself on a book of 100,000, with figures worked out by hand.
@Suite("Limits on the book") struct BookLimitTests {
  typealias Bench = RiskBench

  @Test("a position stops at its part of the account, to the share: 20% of 100,000 at 100 is 200")
  func position() throws {
    let bench = Bench { $0.position.most = .part(0.2) }
    #expect(try bench.says(Bench.buy(200)) == .leaves)
    #expect(try bench.says(Bench.buy(201)) == .leavesWith(200, .position))
    var rejecting = bench
    rejecting.limits.position.action = .reject
    #expect(try rejecting.says(Bench.buy(201)) == .stays(.position))
    // A limit above the last price counts as that price: 20,000 / 125 = 160.
    #expect(try bench.says(Bench.buy(200, 0, .limit(.at(125)))) == .leavesWith(160, .position))
  }

  @Test("what is held counts, and so does a position sold short") func positionHeld() throws {
    var bench = Bench { $0.position.most = .part(0.2) }
    bench.held = [150]
    #expect(try bench.says(Bench.buy(50)) == .leaves)
    #expect(try bench.says(Bench.buy(51)) == .leavesWith(50, .position))
    // From 150 held, 350 sold are 200 owed.
    #expect(try bench.says(Bench.sell(350)) == .leaves)
    #expect(try bench.says(Bench.sell(351)) == .leavesWith(350, .position))
  }

  @Test("an amount of money bounds a position: 1,000 at 50 is 20 shares") func amount() throws {
    let bench = Bench { $0.position.mostAmount = Cash(whole: 1000) }
    #expect(try bench.says(Bench.buy(20, 1)) == .leaves)
    #expect(try bench.says(Bench.buy(21, 1)) == .leavesWith(20, .positionAmount))
  }

  @Test("cash is kept: with 5% kept, 95,000 may be spent, less what costs may come to")
  func cash() throws {
    var bench = Bench { $0.cash.reserve = .part(0.05) }
    #expect(try bench.says(Bench.buy(950)) == .leaves)
    #expect(try bench.says(Bench.buy(951)) == .leavesWith(950, .cash))
    // 95,000 / 100.50 = 945.27
    bench.limits.cash.allowance = .part(0.005)
    #expect(try bench.says(Bench.buy(945)) == .leaves)
    #expect(try bench.says(Bench.buy(946)) == .leavesWith(945, .cash))
    // Sales need no cash.
    bench.held = [500]
    #expect(try bench.says(Bench.sell(500)) == .leaves)
  }

  @Test("both sides together stay below the gross limit: 160,000, 60,000 of it held")
  func gross() throws {
    var bench = Bench { $0.leverage.gross = .part(1.6) }
    bench.held = [600]
    #expect(try bench.says(Bench.buy(2000, 1)) == .leaves)
    #expect(try bench.says(Bench.buy(2001, 1)) == .leavesWith(2000, .leverage))
    #expect(try bench.says(Bench.sell(2000, 1)) == .leaves)
    #expect(try bench.says(Bench.sell(2001, 1)) == .leavesWith(2000, .leverage))
  }

  @Test("where selling short is not allowed a sale ends at nothing") func shortSelling() throws {
    var bench = Bench { $0.leverage.shortSelling = false }
    #expect(try bench.says(Bench.sell(1)) == .stays(.shortSelling))
    bench.held = [100]
    #expect(try bench.says(Bench.sell(100)) == .leaves)
    #expect(try bench.says(Bench.sell(150)) == .leavesWith(100, .shortSelling))
    bench.limits.leverage.action = .reject
    #expect(try bench.says(Bench.sell(150)) == .stays(.shortSelling))
  }

  @Test("the names of a sector share its part: 40,000, of which A has 30,000") func sector() throws
  {
    var bench = Bench {
      $0.sector.most = .part(0.4)
      $0.sector.members = [("A", "chips"), ("B", "chips"), ("C", "banks")].compactMap { name, of in
        Symbol(name).map { SectorMember(symbol: $0, sector: of) }
      }
    }
    bench.prices = [100, 50, 10]
    bench.held = [300]
    #expect(try bench.says(Bench.buy(200, 1)) == .leaves)
    #expect(try bench.says(Bench.buy(201, 1)) == .leavesWith(200, .sector))
    #expect(try bench.says(Bench.buy(4000, 2)) == .leaves)
  }

  @Test("a day's purchases and sales stop at 30% of what the day began with") func turnover() throws
  {
    var bench = Bench { $0.turnover.most = .part(0.3) }
    #expect(try bench.says(Bench.buy(300)) == .leaves)
    #expect(try bench.says(Bench.buy(301)) == .leavesWith(300, .turnover))
    // What closes a position leaves, however much it is.
    bench.held = [900]
    #expect(try bench.says(Bench.sell(900)) == .leaves)
  }

  @Test("a position is at least its least part, but for limits that come first") func least() throws
  {
    var bench = Bench {
      $0.position.least = .part(0.05)
      $0.turnover.most = .part(0.3)
    }
    #expect(try bench.says(Bench.buy(49)) == .stays(.minimumPosition))
    #expect(try bench.says(Bench.buy(50)) == .leaves)
    // Turnover comes before: 2,000 of it are left today, and 20 shares leave.
    bench.limits.turnover.most = .part(0.02)
    #expect(try bench.says(Bench.buy(50)) == .leavesWith(20, .turnover))
    // Selling down to less than the least is an exit.
    bench.held = [60]
    #expect(try bench.says(Bench.sell(50)) == .leaves)
  }

  @Test("where several limits are broken the smallest order leaves that all allow")
  func precedence() throws {
    var bench = Bench {
      $0.cash.reserve = .part(0.05)
      $0.position.most = .part(0.4)
      $0.turnover.most = .part(0.3)
      $0.position.least = .part(0.05)
    }
    #expect(try bench.says(Bench.buy(2000)) == .leavesWith(300, .turnover))
    bench.limits.turnover.most = .part(0.5)
    #expect(try bench.says(Bench.buy(2000)) == .leavesWith(400, .position))
    // Of limits that refuse, the first in order is told: cash.
    bench.limits.cash.action = .reject
    bench.limits.turnover.action = .reject
    #expect(try bench.says(Bench.buy(2000)) == .stays(.cash))
  }

  @Test("a book that has drifted beyond a limit may be sold, and not added to") func drifted()
    throws
  {
    var bench = Bench {
      $0.position.most = .part(0.2)
      $0.leverage.gross = .part(1)
      $0.cash.reserve = .part(0.05)
    }
    bench.held = [990]
    #expect(try bench.says(Bench.buy(1)) == .stays(.cash))
    #expect(try bench.says(Bench.sell(1)) == .leaves)
    #expect(try bench.says(Bench.sell(990)) == .leaves)
  }

  @Test("what moves like a holding is refused, also against it; what is unknown is refused too")
  func correlation() throws {
    var bench = Bench {
      $0.correlation.most = 0.7
      $0.correlation.days = 20
    }
    bench.prices = [100, 50, 20]
    bench.held = [100]
    var gate = try bench.gate()
    let account = try bench.account()
    let asked = Bench.order(Bench.buy(10, 1))
    #expect(Answer(gate.review(asked, of: account, at: Bench.now)) == .stays(.riskUnknown))
    // B does what A does, C the opposite; 21 closes make 20 returns.
    let closes = (0...20).map { day -> [Double] in
      let up = day % 2 == 0 ? 1.0 : 1.01
      return [100 * up, 50 * up, 20 / up]
    }
    gate.learn(days: closes)
    #expect(Answer(gate.review(asked, of: account, at: Bench.now)) == .stays(.correlation))
    let short = Bench.order(Bench.sell(10, 1))
    #expect(Answer(gate.review(short, of: account, at: Bench.now)) == .leaves)
    let opposite = Bench.order(Bench.buy(10, 2))
    #expect(Answer(gate.review(opposite, of: account, at: Bench.now)) == .leaves)
    let shortOpposite = Bench.order(Bench.sell(10, 2))
    #expect(Answer(gate.review(shortOpposite, of: account, at: Bench.now)) == .stays(.correlation))
    // More of what is held is no pair.
    #expect(Answer(gate.review(Bench.order(Bench.buy(10)), of: account, at: Bench.now)) == .leaves)
  }

  @Test("value at risk: returns of ±4% have a deviation of 4.10%, so 0.05/(1.6449·0.0410) = 74.1%")
  func valueAtRisk() throws {
    let bench = Bench {
      $0.valueAtRisk.most = .part(0.05)
      $0.valueAtRisk.days = 20
    }
    var gate = try bench.gate()
    let account = try bench.account()
    let unknown = gate.review(Bench.order(Bench.buy(1)), of: account, at: Bench.now)
    #expect(Answer(unknown) == .stays(.riskUnknown))
    var close = 100.0
    var closes = [[close, 50.0]]
    for day in 0..<20 {
      close *= day % 2 == 0 ? 1.04 : 0.96
      closes.append([close, 50])
    }
    gate.learn(days: closes)
    // Ten of each: variance 20/19 · 0.04², deviation 0.041039; 0.05 / (1.644854 · 0.041039) = 0.7407.
    let most = gate.review(Bench.order(Bench.buy(740)), of: account, at: Bench.now)
    #expect(Answer(most) == .leaves)
    let more = gate.review(Bench.order(Bench.buy(741)), of: account, at: Bench.now)
    #expect(Answer(more) == .stays(.valueAtRisk))
  }
}
