import Market
import Numerics
import Runtime
import TestKit
import Testing
import Trading

@Suite("Reconciliation") struct ReconciliationTests {
  let story: VenueStory

  init() throws { story = try VenueStory() }

  /// From any set of reports, any report leads to the standing of the set with it, and one that was heard
  /// changes nothing. So, by induction, every sequence of the eight, with any losses and repetitions
  /// however long, leads to the standing of the set that was heard.
  @Test(
    "Every order, loss and repetition of eight reports leads to one state: by induction over all sets"
  )
  func everySequence() throws {
    var standings: [Standing] = []
    for set in 0..<256 { standings.append(try Standing(story.account(told: set))) }
    for set in 0..<256 {
      let account = try story.account(told: set)
      for (place, report) in story.reports.enumerated() {
        var next = account
        _ = try next.take(.report(report))
        #expect(Standing(next) == standings[set | 1 << place], "\(set) + \(place)")
      }
    }
    // Sets that differ in what was heard of executions are told apart.
    #expect(Set(standings).count > 80)
  }

  @Test("All orders in which eight reports can come, one by one")
  func everyPermutation() throws {
    let expected = Standing(try story.account(told: 255))
    var left = FuzzBudget.inputs(usual: 5_040, nightly: 40_320)
    var order = Array(0..<8)
    try permute(&order, 0) { order in
      // In the usual run the first is the last report: the others in all their orders.
      guard left > 0, FuzzBudget.isNightly || order[0] == 7 else { return }
      left -= 1
      var account = try story.account()
      for place in order { _ = try account.take(.report(story.reports[place])) }
      #expect(Standing(account) == expected)
    }
    #expect(left == 0)
  }

  private func permute(
    _ order: inout [Int], _ start: Int, _ body: ([Int]) throws -> Void
  ) rethrows {
    if start == order.count { return try body(order) }
    for place in start..<order.count {
      order.swapAt(start, place)
      try permute(&order, start + 1, body)
      order.swapAt(start, place)
    }
  }

  @Test("Whatever was lost, a statement brings the rest, and late reports then change nothing")
  func everyLoss() throws {
    let expected = Standing(try story.account(told: 255))
    var shuffled = story.statement
    shuffled.reports.reverse()
    for set in 0..<256 {
      let before = try story.account(told: set)
      for statement in [story.statement, shuffled] {
        let outcome = try Reconciliation(before, with: statement)
        #expect(outcome.agrees && outcome.adoption.isEmpty, "\(set): \(outcome.differences)")
        #expect(Standing(outcome.account) == expected)
        // What was told again is journalled, and gives the same account when it is taken.
        var replayed = before
        for message in outcome.messages { _ = try replayed.take(message) }
        #expect(Standing(replayed) == expected)
        var late = outcome.account
        for report in story.reports { _ = try late.take(.report(report)) }
        #expect(Standing(late) == expected)
        let again = try Reconciliation(late, with: statement)
        #expect(again.messages.isEmpty && again.agrees)
      }
    }
  }

  @Test("A venue that lists no executions: what its order has is assumed once, under one name")
  func assumedExecutions() throws {
    // The purchase has 100 of 120 in all, at 10.70 on average, and still works.
    var statement = story.statement
    statement.reports = []
    statement.positions = [VenueStory.shares(100)]
    statement.working = [
      .init(
        story.buy, filled: VenueStory.shares(100), averagePrice: Price(steps: 1_070_000_000))
    ]
    // Executions of the purchase, and any of them heard before; the statement charged no fee.
    let executions = [1, 3, 6]
    for set in 0..<8 {
      var account = try story.account()
      for (bit, place) in executions.enumerated() where set >> bit & 1 == 1 {
        _ = try account.take(.report(story.reports[place]))
      }
      let outcome = try Reconciliation(account, with: statement)
      let record = try #require(outcome.account.orders[story.buy.id])
      #expect(record.filled == VenueStory.shares(100) && record.state == .working)
      #expect(outcome.account.position(story.share) == VenueStory.shares(100))
      #expect(outcome.account.ledger.cost(story.share) == Cash(steps: 10_700_000))
      // Only the other order, of which nothing is said, and the fees that nobody named.
      #expect(outcome.differences.allSatisfy { !$0.isOfPosition })
      // The same question again, and the executions that come late, add nothing.
      let again = try Reconciliation(outcome.account, with: statement)
      #expect(again.messages.isEmpty)
      var late = outcome.account
      for place in executions.reversed() { _ = try late.take(.report(story.reports[place])) }
      #expect(late.position(story.share) == VenueStory.shares(100))
      #expect(try Reconciliation(late, with: statement).messages.isEmpty)
      // Another 20 are new.
      _ = try late.take(
        .report(VenueStory.report(1, 12, VenueStory.execution(9, 20, of: 120, at: 11))))
      #expect(late.position(story.share) == VenueStory.shares(120))
      #expect(late.orders[story.buy.id]?.state == .filled)
    }
  }

  @Test("An execution that lies across what was assumed counts with the part beyond it")
  func straddling() throws {
    var statement = story.statement
    (statement.reports, statement.positions) = ([], [VenueStory.shares(60)])
    statement.working = [
      .init(story.buy, filled: VenueStory.shares(60), averagePrice: VenueStory.price(10))
    ]
    var account = try Reconciliation(story.account(), with: statement).account
    _ = try account.take(.report(story.reports[3]))  // 50 shares, 80 in all
    #expect(account.position(story.share) == VenueStory.shares(80))
  }

  @Test("An order that the venue does not name is unknown, stays open, and its late fill counts")
  func unknown() throws {
    var statement = story.statement
    (statement.reports, statement.positions, statement.cash) = (
      [], [.zero], [Cash(steps: 100_000_000)]
    )
    let outcome = try Reconciliation(story.account(), with: statement)
    #expect(outcome.differences == [.missing(story.buy.id), .missing(story.sell.id)])
    #expect(outcome.adoption.isEmpty)
    var account = outcome.account
    #expect(account.orders[story.buy.id]?.state == .unknown && account.orders.open.count == 2)
    // Asked again without an answer it stays unknown; it is never taken for over.
    account = try Reconciliation(account, with: statement).account
    #expect(account.orders[story.buy.id]?.state == .unknown)
    _ = try account.take(.report(story.reports[1]))
    #expect(account.orders[story.buy.id]?.state == .working)
    #expect(account.position(story.share) == VenueStory.shares(30))
    // Over by the venue's word, an execution still counts.
    _ = try account.take(.report(VenueStory.report(1, 20, .ended(.cancelled))))
    _ = try account.take(.report(story.reports[3]))
    #expect(account.position(story.share) == VenueStory.shares(80))
    #expect(account.orders[story.buy.id]?.state == .ended)
  }

  @Test("Differences are named, and adopting them gives the venue's account to the step")
  func adoption() throws {
    var account = try story.account(told: 255)
    var feed = VenueStory.price(13)
    feed.steps += 1
    account.setMark(story.share, feed, at: Timestamp(seconds: 8))
    for (shares, cash) in [(80, 91_660_001), (200, 5), (0, -7), (-30, 91_660_000)]
      as [(Int64, Int64)]
    {
      var statement = story.statement
      statement.positions = [VenueStory.shares(shares)]
      statement.cash = [Cash(steps: cash)]
      let strange = Order(id: OrderID(900), intent: story.buy.intent, createdAt: statement.time)
      statement.working = [.init(strange, filled: .zero)]
      let outcome = try Reconciliation(account, with: statement)
      #expect(outcome.differences.contains(.strange(strange)) && outcome.refusal == nil)
      // Nothing is entered unasked.
      #expect(Standing(outcome.account) == Standing(account))
      var ledger = outcome.account.ledger
      for posting in outcome.adoption { try ledger.post(posting) }
      #expect(ledger.position(story.share) == VenueStory.shares(shares))
      #expect(ledger.cash() == Cash(steps: cash))
      try ledger.checkSums()
    }
  }

  @Test("A venue that doubles a position is found by its own worth of the account, and not adopted")
  func doubledHoldings() throws {
    var account = try story.account(told: 255)
    account.setMark(story.share, VenueStory.price(100), at: Timestamp(seconds: 8))
    var statement = story.statement
    statement.positions = [VenueStory.shares(160)]
    statement.equity = Cash(steps: 91_660_000 + 80 * 1_000_000)
    let outcome = try Reconciliation(account, with: statement)
    #expect(outcome.refusal != nil && outcome.adoption.isEmpty)
    #expect(outcome.refusal?.diagnosis.finding.contains("17166") == true)
    statement.positions = [VenueStory.shares(80)]
    #expect(try Reconciliation(account, with: statement).agrees)
  }

  @Test("An order with other terms than ours, or less filled than we know, is a difference")
  func terms() throws {
    var statement = story.statement
    statement.reports = []
    var other = story.buy
    other.intent.quantity = VenueStory.shares(60)
    statement.working = [.init(other, filled: VenueStory.shares(10))]
    let outcome = try Reconciliation(story.account(told: 0b1010), with: statement)
    #expect(
      outcome.differences.contains(
        .overfilled(story.buy.id, ours: VenueStory.shares(80), venue: VenueStory.shares(10))))
    #expect(
      outcome.differences.contains { if case .terms = $0 { true } else { false } })
  }

  @Test("Of two replacements the one the venue made last holds, in whichever order they are heard")
  func replacements() throws {
    func replaced(_ second: Int64, _ shares: Int64) -> VenueReport {
      VenueStory.report(
        1, second, .replaced(OrderTerms(quantity: VenueStory.shares(shares), type: .market)))
    }
    for (older, newer) in [(replaced(3, 90), replaced(4, 60)), (replaced(3, 60), replaced(3, 90))] {
      for reports in [
        [older, newer], [newer, older], [newer, older, older], [older, newer, older],
      ] {
        var account = try story.account()
        for report in reports { _ = try account.take(.report(report)) }
        let terms = account.orders[story.buy.id]?.order.intent.quantity
        #expect(terms == (newer.time == older.time ? VenueStory.shares(90) : VenueStory.shares(60)))
      }
    }
  }
}

extension Difference {
  var isOfPosition: Bool { if case .position = self { true } else { false } }
}
