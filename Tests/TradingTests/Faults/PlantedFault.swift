import Market
import Numerics
import Runtime
import Synchronization
import Testing
import Trading

/// Faults of the program itself, each as the world would see it.
struct PlantedFault: Sendable, CustomTestStringConvertible {
  let name: String
  /// Made anew for each run, because some count.
  let plant: @Sendable () -> FaultPlant

  init(_ name: String, _ plant: @escaping @Sendable (inout FaultPlant) -> Void) {
    self.name = name
    self.plant = {
      var made = FaultPlant()
      plant(&made)
      return made
    }
  }

  var testDescription: String { name }

  static let all = ofOrders + ofFills + ofBookings + ofRecords + ofDisks + ofRestarts
}

// The engine.
extension PlantedFault {
  private static let ofOrders = [
    PlantedFault("an order is sent twice") { plant in
      plant.tickets = { ticket in
        guard case .submit(let order) = ticket.action, order.id.number.isMultiple(of: 5) else {
          return [ticket]
        }
        return [ticket, ticket]
      }
    },
    PlantedFault("orders are sent although the journal fails") { $0.hidesErrors = true },
  ]

  /// Changes what the books hear of executions.
  private static func ofExecutions(
    _ name: String, _ change: @escaping @Sendable (inout Execution) -> Void
  ) -> PlantedFault {
    PlantedFault(name) { plant in
      plant.messages = { message in
        guard case .report(var report) = message, case .executed(var execution) = report.content
        else { return [message] }
        change(&execution)
        report.content = .executed(execution)
        return [.report(report)]
      }
    }
  }

  private static let ofFills = [
    ofExecutions("what an order has in all is taken for its last fill") {
      $0.quantity = $0.cumulative
    },
    ofExecutions("commissions are forgotten") { $0.commission = .zero },
    ofExecutions("fills are booked at the market's price, not at the price paid") {
      $0.price = $0.reference
    },
    ofExecutions("one of two fills of an order counts as the other") {
      $0.id = ExecutionID(high: $0.id.high, low: 0)
    },
    PlantedFault("an execution counts as often as it is reported") { plant in
      let reports = Mutex<UInt64>(0)
      plant.messages = { message in
        guard case .report(var report) = message, case .executed(var execution) = report.content
        else { return [message] }
        let number = reports.withLock { count in
          count += 1
          return count
        }
        execution.id = ExecutionID(high: execution.id.high, low: number << 40)
        report.content = .executed(execution)
        return [.report(report)]
      }
    },
    PlantedFault("fills of some orders are lost") { plant in
      plant.messages = { message in
        guard case .report(let report) = message, case .executed = report.content else {
          return [message]
        }
        return report.order.number % 7 == 3 ? [] : [message]
      }
    },
    PlantedFault("the end of an order is not heard") { plant in
      plant.messages = { message in
        if case .report(let report) = message, case .ended = report.content {
          []
        } else {
          [message]
        }
      }
    },
  ]
}

// The ledger.
extension PlantedFault {
  private static func ofBooking(
    _ name: String, _ change: @escaping @Sendable (VenueBooking) -> [VenueBooking]
  ) -> PlantedFault {
    PlantedFault(name) { plant in
      plant.messages = { message in
        guard case .booking(let booking) = message else { return [message] }
        return change(booking).map { .booking($0) }
      }
    }
  }

  private static let ofBookings = [
    ofBooking("what the venue books without an order is not booked") { _ in [] },
    ofBooking("dividends and fees are booked twice") { booking in
      var again = booking
      again.id = ExecutionID(high: 1 << 62, low: booking.id.low)
      return [booking, again]
    },
    ofBooking("a split changes no position") { booking in
      var changed = booking
      if booking.kind == .split { changed.quantity = .zero }
      return [changed]
    },
    ofBooking("what is paid for what was sold short is taken for received") { booking in
      var changed = booking
      changed.cash = Cash(steps: abs(booking.cash.steps))
      return [changed]
    },
  ]
}

// The journal.
extension PlantedFault {
  private static func ofJournal(
    _ name: String, _ change: @escaping @Sendable (JournalRecord) -> [JournalRecord]
  ) -> PlantedFault {
    PlantedFault(name) { $0.records = change }
  }

  private static let ofRecords = [
    ofJournal("orders are not recorded") { record in
      if case .submitted = record { [] } else { [record] }
    },
    ofJournal("the venue's word is not recorded") { record in
      if case .told = record { [] } else { [record] }
    },
    ofJournal("postings are not recorded") { record in
      if case .posted = record { [] } else { [record] }
    },
    ofJournal("a record is written twice") { record in
      if case .told = record { [record, record] } else { [record] }
    },
    ofJournal("an order is recorded with another quantity") { record in
      guard case .submitted(var order) = record else { return [record] }
      order.intent.quantity = Quantity(steps: order.intent.quantity.steps + 1)
      return [.submitted(order)]
    },
    ofJournal("that an order is in doubt is not recorded") { record in
      if case .doubted = record { [] } else { [record] }
    },
    PlantedFault("a commit waits for nothing") { $0.commits = { false } },
    PlantedFault("a state is saved that was another's") { plant in
      let first = Mutex<[UInt8]?>(nil)
      plant.states = { state in
        first.withLock { kept in
          defer { kept = kept ?? state }
          return kept ?? state
        }
      }
    },
  ]

  private static let ofDisks = [
    PlantedFault("a sync does nothing") { plant in
      plant.disks = { LyingDisk($0, forgets: .syncs) }
    },
    PlantedFault("names of files are not synced") { plant in
      plant.disks = { LyingDisk($0, forgets: .names) }
    },
    PlantedFault("a byte is written wrong") { plant in
      plant.disks = { LyingDisk($0, forgets: .bytes) }
    },
  ]

  private static let ofRestarts = [
    PlantedFault("a restart forgets its orders and numbers them anew") { plant in
      plant.accounts = { Account($0.table, $0.ledger) }
    },
    PlantedFault("a restart forgets its books") { plant in
      plant.accounts = { Account($0.table, Ledger($0.table)) }
    },
    PlantedFault("a restart forgets that everything is halted") { plant in
      plant.gates = { gate, isFirst in isFirst ? gate : RiskGate() }
    },
    PlantedFault("orders leave whatever limits say") { plant in
      plant.gates = { gate, isFirst in isFirst ? RiskGate() : gate }
    },
  ]
}

/// A disk that does not do all that it says it has done.
private final class LyingDisk: JournalDisk {
  enum Lie { case syncs, names, bytes }

  private let disk: any JournalDisk
  private let lie: Lie

  init(_ disk: any JournalDisk, forgets lie: Lie) { (self.disk, self.lie) = (disk, lie) }

  var place: String { disk.place }
  func names() throws(FileError) -> [String] { try disk.names() }
  func read(_ name: String) throws(FileError) -> [UInt8] { try disk.read(name) }
  func create(_ name: String) throws(FileError) { try disk.create(name) }

  func write(
    _ bytes: UnsafeRawBufferPointer, to name: String, at offset: Int
  ) throws(FileError) {
    guard lie == .bytes, bytes.count > 200 else {
      return try disk.write(bytes, to: name, at: offset)
    }
    var wrong = Array(bytes)
    wrong[150] ^= 4
    var failure: FileError?
    wrong.withUnsafeBytes { bytes in
      do throws(FileError) {
        try disk.write(bytes, to: name, at: offset)
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
  }

  func truncate(_ name: String, to count: Int) throws(FileError) {
    try disk.truncate(name, to: count)
  }
  func synchronize(_ name: String) throws(FileError) {
    if lie != .syncs { try disk.synchronize(name) }
  }
  func rename(_ name: String, to other: String) throws(FileError) {
    try disk.rename(name, to: other)
  }
  func remove(_ name: String) throws(FileError) { try disk.remove(name) }
  func synchronizeNames() throws(FileError) {
    if lie != .names { try disk.synchronizeNames() }
  }
}
