import Runtime
import Synchronization

/// Sees what the journal is given and what reaches the venue, over all restarts of a schedule, and notes
/// where the two do not fit together.
final class FaultWatch: Sendable {
  private struct State {
    /// Of every record, by its number.
    var digests: [UInt32] = []
    /// Records before this one were said to be safe.
    var safe: UInt64 = 0
    /// The record that let an order out, and the last that asked for its change or its end.
    var letOut: [OrderID: (order: Order, record: Int)] = [:]
    var asked: [OrderID: Int] = [:]
    var sent: Set<OrderID> = []
    /// Records that halted everything, or ended that.
    var halts: [(record: Int, isHalt: Bool)] = []
    /// Orders that were sent since somebody asked.
    var recent: [Order] = []
    var orders = 0
    var fills = 0
    var seen: Set<Fault> = []
    var findings: [String] = []

    var isHalted: Bool { halts.last?.isHalt == true }
  }

  private let state = Mutex(State())

  func note(_ fault: Fault) { state.withLock { _ = $0.seen.insert(fault) } }
  func find(_ finding: String) { state.withLock { $0.findings.append(finding) } }
  func countFill() { state.withLock { $0.fills += 1 } }

  var seen: Set<Fault> { state.withLock(\.seen) }
  var findings: [String] { state.withLock(\.findings) }
  var orders: Int { state.withLock(\.orders) }
  var fills: Int { state.withLock(\.fills) }

  func takeRecent() -> [Order] {
    state.withLock { state in
      defer { state.recent.removeAll(keepingCapacity: true) }
      return state.recent
    }
  }

  /// A record was taken by the journal.
  func recorded(_ record: JournalRecord, digest: UInt32) {
    state.withLock { state in
      let place = state.digests.count
      state.digests.append(digest)
      switch record {
      case .submitted(let order): state.letOut[order.id] = (order, place)
      case .replacing(let id, _, _), .cancelling(let id, _): state.asked[id] = place
      case .operated(let act, _, _, _):
        guard let kind = OperatorAct.Kind(rawValue: act) else { return }
        state.halts.append((place, kind != .resume))
      default: break
      }
    }
  }

  /// The journal says that all records so far are safe.
  func committed() { state.withLock { $0.safe = UInt64($0.digests.count) } }

  /// Something leaves for the venue.
  func sent(_ ticket: Ticket) {
    state.withLock { state in
      switch ticket.action {
      case .submit(let order):
        state.orders += 1
        state.recent.append(order)
        guard let (recorded, place) = state.letOut[order.id], recorded == order else {
          return state.findings.append("\(order.id) was sent without a record of it")
        }
        if place >= state.safe {
          state.findings.append("\(order.id) was sent before its record was safe")
        }
        if !state.sent.insert(order.id).inserted {
          state.findings.append("\(order.id) was sent twice")
        }
        if state.isHalted { state.findings.append("\(order.id) was sent while halted") }
      case .replace(let id, _), .cancel(let id):
        guard let place = state.asked[id], place < state.safe else {
          return state.findings.append("a change of \(id) was sent before its record was safe")
        }
        if case .replace = ticket.action, state.isHalted {
          state.findings.append("\(id) was replaced while halted")
        }
      }
    }
  }

  /// What a restart found in the journal: it must be what was written, and all that was said to be safe.
  func restarted(found digests: [UInt32]) {
    state.withLock { state in
      if digests.count < state.safe {
        state.findings.append(
          "\(state.safe - UInt64(digests.count)) records are lost that were said to be safe")
      }
      if !state.digests.starts(with: digests) {
        state.findings.append("the journal has other records than were written")
      }
      let count = digests.count
      for id in state.sent where state.letOut[id].map({ $0.record >= count }) ?? true {
        state.findings.append("\(id) was sent, and the journal lost its record")
      }
      // What was never safe was never sent; its numbers are free.
      state.letOut = state.letOut.filter { $0.value.record < count }
      state.halts.removeAll { $0.record >= count }
      state.digests = digests
      state.safe = UInt64(count)
    }
  }
}
