import Foundation
import Market
import Numerics
import Runtime
import TestKit
import Testing
import Trading

/// One row of docs/FILL_RULES.md.
struct RuleCase: Sendable, CustomTestStringConvertible {
  let number: Int
  let rule: String
  let given: [String]
  let orders: String
  let market: String
  let becomes: String

  var testDescription: String { "\(number) \(rule)" }

  static let all: [RuleCase] = {
    let page = (try? String(contentsOfFile: Package.path("docs/FILL_RULES.md"), encoding: .utf8))
    return (page ?? "").split(separator: "\n").compactMap { line in
      let cells = line.split(separator: "|", omittingEmptySubsequences: false).map {
        $0.trimmingCharacters(in: .whitespaces)
      }
      guard cells.count == 8, let number = Int(cells[1]) else { return nil }
      return RuleCase(
        number: number, rule: cells[2],
        given: cells[3].split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) },
        orders: cells[4], market: cells[5], becomes: cells[6])
    }
  }()

  struct Unreadable: Error { let text: String }

  func has(_ word: String) -> Bool { given.contains(word) }

  /// What stands behind `word` in the given, as in `cash 505`.
  func value(_ word: String) -> String? {
    given.first { $0.hasPrefix(word + " ") }.map { String($0.dropFirst(word.count + 1)) }
  }

  /// `10bp` and `36%` as parts of one.
  static func part(_ text: String) throws -> Double {
    if text.hasSuffix("bp"), let number = Double(text.dropLast(2)) { return number / 10_000 }
    if text.hasSuffix("%"), let number = Double(text.dropLast()) { return number / 100 }
    throw Unreadable(text: text)
  }

  static func price(_ text: String) throws -> Price { try Price(parsing: text) }
  static func quantity(_ text: String) throws -> Quantity {
    try Quantity(parsing: text)
  }
}

// The rules a row is run by.
extension RuleCase {
  func rules() throws -> VenueRules {
    var costs = CostModel(commission: try commission())
    if let spread = value("spread") { costs.halfSpread = try Rate(nearest: Self.part(spread)) }
    if let slip = value("slip") {
      costs.slippage =
        slip.hasSuffix("bp")
        ? .part(try Rate(nearest: Self.part(slip))) : .amount(try Self.price(slip))
    }
    if let factor = value("impact").flatMap(Double.init) {
      costs.slippage = .volumeShare(factor: factor)
    }
    if let factor = value("root").flatMap(Double.init) {
      costs.slippage = .squareRoot(factor: factor)
    }
    if let ticks = value("ticks").flatMap({ Int($0) }) { costs.extraTicks = ticks }
    var rules = VenueRules(costs: costs)
    rules.fillsAtDecidingClose = has("deciding")
    if let band = value("band") { rules.priceBand = try Rate(nearest: Self.part(band)) }
    if let share = value("share") { rules.volumeShare = try Self.part(share) }
    rules.touchFills = has("touch")
    rules.isContinuous = has("continuous")
    if let delay = value("delay") {
      rules.orderDelay = (Int64(delay.dropLast()) ?? 0) * Timestamp.nanosecondsPerSecond
    }
    if let sessions = value("settles").flatMap({ Int($0) }) {
      rules.buyingPower = .cash(settlementSessions: sessions)
    }
    if let leverage = value("margin").flatMap(Double.init) {
      rules.buyingPower = .margin(leverage: try Rate(nearest: leverage))
    }
    if let rate = value("borrowing") { rules.borrowRate = try Rate(nearest: Self.part(rate)) }
    return rules
  }

  private func commission() throws -> Commission {
    if let fee = value("fee") { return .part(try Rate(nearest: Self.part(fee))) }
    if let amount = value("order") { return .perOrder(try Cash(parsing: amount)) }
    if has("fixed") { return .interactiveBrokersFixed }
    if has("tiered") { return .interactiveBrokersTiered }
    return switch value("india") {
    case "delivery": .indian(.delivery)
    case "intraday": .indian(.intraday)
    default: .none
    }
  }

  var showsCharges: Bool {
    ["fee", "order", "india"].contains { value($0) != nil } || has("fixed") || has("tiered")
  }
}

// What happens in a row.
extension RuleCase {
  private static let day: Int64 = 86_400_000_000_000
  private static let first = 10_957 * day + 52_200_000_000_000

  static let start = Timestamp(nanoseconds: first)

  func events() throws -> [MarketEvent] {
    var events: [MarketEvent] = []
    var bars: Int64 = 0
    var ticks: Int64 = 0
    let length: Int64 = has("minutes") ? 60_000_000_000 : 23_400_000_000_000
    let step: Int64 = has("minutes") ? 60_000_000_000 : Self.day
    for text in market.components(separatedBy: ";") {
      let words = text.split(separator: " ").map(String.init)
      let from = Self.first + bars * step
      func add(_ content: MarketEvent.Content, at time: Int64) {
        events.append(
          MarketEvent(
            time: Timestamp(nanoseconds: time), instrument: InstrumentID(0), content: content))
      }
      // Just before the bar that follows; quotes and trades a second apart.
      if market.contains("quote") || market.contains("trade") { ticks += 1 }
      let time = from + ticks * Timestamp.nanosecondsPerSecond
      if let content = try event(words, at: Timestamp(nanoseconds: time)) {
        add(content, at: time)
        continue
      }
      let bar = try bar(words, from: from, to: from + length)
      add(.bar(bar, SeriesID(0), place(words)), at: from + length)
      bars += 1
    }
    return events
  }

  private func event(
    _ words: [String], at time: Timestamp
  ) throws -> MarketEvent.Content? {
    switch words.first {
    case "halt": .status(.halted)
    case "resume": .status(.resumed)
    case "bands": .status(.bands(lower: try Self.price(words[1]), upper: try Self.price(words[2])))
    case "borrow": .status(.borrowable(try Self.quantity(words[1])))
    case "split": .action(.split(ratio: try Rate(parsing: words[1])))
    case "dividend": .action(.dividend(try Self.price(words[1])))
    case "quote":
      .quote(
        Quote(
          time: time, knownAt: time,
          bid: .init(price: try Self.price(words[1]), quantity: try Self.quantity(words[2])),
          ask: .init(price: try Self.price(words[3]), quantity: try Self.quantity(words[4]))))
    case "trade":
      .trade(
        Market.Trade(
          time: time, knownAt: time, price: try Self.price(words[1]),
          quantity: try Self.quantity(words[2])))
    case "opens": .sessionOpened
    case "closes": .sessionClosed
    case "delist": .action(.delisted(at: try Self.price(words[1])))
    default: nil
    }
  }

  private func bar(_ words: [String], from: Int64, to: Int64) throws -> Bar {
    let prices = words.prefix(4).compactMap(Double.init)
    guard prices.count == 4 else { throw Unreadable(text: words.joined(separator: " ")) }
    let volume = words.first { $0.hasPrefix("v") }.map { Double($0.dropFirst()) ?? .nan }
    return Bar(
      start: Timestamp(nanoseconds: from), end: Timestamp(nanoseconds: to),
      knownAt: Timestamp(nanoseconds: to), open: prices[0], high: prices[1], low: prices[2],
      close: prices[3], volume: volume ?? 1_000_000)
  }

  private func place(_ words: [String]) -> SessionPlace {
    guard has("minutes") else { return has("continuous") ? [] : [.first, .last] }
    var place: SessionPlace = []
    if words.contains("first") { place.insert(.first) }
    if words.contains("last") { place.insert(.last) }
    if words.contains("out") { place.insert(.outside) }
    return place
  }
}
