import Market
import Numerics
import Runtime
import Trading

/// Records of every kind, the same for the same number.
enum SampleRecords {
  static func record(_ number: Int) -> JournalRecord {
    let time = Timestamp(seconds: 1_700_000_000 + Int64(number))
    let order = OrderID(UInt64(number))
    switch number % 9 {
    case 0: return .clock(time)
    case 1: return .timer(TimerID(UInt32(number)), at: time)
    case 2:
      let intent = OrderIntent(
        .buy, Quantity(steps: Int64(number) * 100_000_000), of: InstrumentID(number % 3),
        type: .limit(Price(steps: 12_345_000_000 + Int64(number))), confidence: 0.75)
      return .submitted(Order(id: order, intent: intent, createdAt: time))
    case 3: return .cancelling(order, at: time)
    case 4:
      return .told(.report(VenueReport(order: order, time: time, content: .accepted)))
    case 5:
      let base = CurrencyID.base
      return .posted(
        Posting(
          .deposit, at: time, Posting.Line(.cash(base), base, Cash(steps: Int64(number))),
          Posting.Line(.capital(base), base, Cash(steps: -Int64(number)))))
    case 6: return .changed(key: "max_position", value: "0.\(number)", at: time)
    case 7:
      return .operated(
        act: "resume", by: "Ada", reason: String(repeating: "because ", count: number % 5), at: time
      )
    default: return .replacing(order, OrderTerms(quantity: .step, type: .market), at: time)
    }
  }

  static func records(_ range: Range<Int>) -> [JournalRecord] { range.map(record) }
}
