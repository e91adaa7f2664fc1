import Market
import Numerics
import Runtime

/// What a day of trading left in its journal: its orders, what the venue said of each, and its books.
public struct RecordedDay: Sendable {
  struct Order: Sendable {
    let order: Trading.Order
    var reports: [VenueReport] = []

    /// When it was at the venue: the first thing said of it.
    var arrivedAt: Timestamp? { reports.first?.time }
  }

  /// By which an order of another run is the same one.
  struct Key: Hashable {
    let instrument: InstrumentID
    let side: Side
    let createdAt: Timestamp

    init(_ order: Trading.Order) {
      instrument = order.intent.instrument
      side = order.intent.side
      createdAt = order.createdAt
    }
  }

  private(set) var orders: [Key: [Order]] = [:]
  private var places: [OrderID: (key: Key, place: Int)] = [:]
  private var postings: [Posting] = []

  public init(_ records: some Sequence<JournalRecord>) {
    for record in records {
      switch record {
      case .submitted(let order):
        let key = Key(order)
        places[order.id] = (key, orders[key]?.count ?? 0)
        orders[key, default: []].append(Order(order: order))
      case .told(.report(let report)):
        guard let (key, place) = places[report.order] else { continue }
        orders[key]?[place].reports.append(report)
      case .posted(let posting): postings.append(posting)
      default: continue
      }
    }
  }

  /// The books of the day, over those it began with.
  func books(over opening: Ledger) throws(LedgerError) -> Ledger {
    var ledger = opening
    for posting in postings { try ledger.post(posting) }
    return ledger
  }
}
