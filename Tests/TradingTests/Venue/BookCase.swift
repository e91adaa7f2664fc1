import Foundation
import Trading

extension RuleCase {
  /// What becomes of the order in a book, for rows whose given says `book`.
  func playBook() throws -> String {
    var matcher = BookMatcher(
      ticks: 1...1000, queue: has("proportional") ? .proportional : .cautious,
      fillsWhole: has("whole"))
    var said: [String] = []
    for text in market.components(separatedBy: "; ") {
      let words = text.split(separator: " ").map(String.init)
      if words[0] == "order" {
        let order = orders.split(separator: " ").map(String.init)
        guard let quantity = Int64(order[1]), let tick = Int32(order[3]) else {
          throw Unreadable(text: orders)
        }
        let arrival = matcher.submit(
          1, order[0] == "buy" ? .buy : .sell, tick, quantity, onlyWaits: has("waiting"), at: 0)
        if case .refused = arrival { said.append("refused") }
      } else {
        guard let tick = Int32(words[1]), let quantity = Int64(words[2]) else {
          throw Unreadable(text: text)
        }
        switch words[0] {
        case "bid": matcher.setBid(tick, quantity, at: 0)
        case "ask": matcher.setAsk(tick, quantity, at: 0)
        case "bought": matcher.tradeUp(tick, quantity, at: 0)
        case "sold": matcher.tradeDown(tick, quantity, at: 0)
        default: throw Unreadable(text: text)
        }
      }
      said += matcher.takeFills().map { "\($0.quantity) @ \($0.tick) \($0.reason.words)" }
    }
    return said.isEmpty ? "waits" : said.joined(separator: "; ")
  }
}
