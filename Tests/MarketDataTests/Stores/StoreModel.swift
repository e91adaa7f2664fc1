import Foundation
import Market
import MarketData
import Runtime
import TestKit

/// Bars and stores for tests.
enum StoreSamples {
  static let declaration = BarDeclaration(
    stamp: .start, zone: "America/New_York", adjustment: BarDeclaration.Adjustment.none)
  static let fiveMinutes = BarInterval(count: 5, unit: .minute)
  /// 2024-01-30T14:30Z: a few bars on there is another month.
  static let firstStart: Int64 = 1_706_625_000_000_000_000

  static func key(_ symbol: String = "NVDA") throws -> SeriesKey {
    SeriesKey(symbol: try Symbol(parsing: symbol), interval: fiveMinutes, source: "test")
  }

  static func start(_ place: Int) -> Int64 {
    firstStart + Int64(place) * 6 * 3600 * 1_000_000_000
  }

  static func instant(_ number: Int) -> Timestamp {
    Timestamp(nanoseconds: 1_800_000_000_000_000_000 + Int64(number))
  }

  /// Bars at some places, whose figures follow from `value`.
  static func batch(
    _ key: SeriesKey, _ rows: [(place: Int, value: Double)], columns: [String] = ["adj_close"]
  ) -> BarBatch {
    let starts = Column(rows.map { start($0.place) })
    let ends = Column(starts.map { $0 + 300_000_000_000 })
    let names = ["open", "high", "low", "close", "volume"] + columns
    return BarBatch(
      symbol: key.symbol, interval: key.interval, start: starts, end: ends, knownAt: ends,
      columns: names.enumerated().map { index, name in
        (name, Column(rows.map { $0.value + Double(index) }))
      })
  }
}

/// What a store must do, done simply: every version of every bar in a list.
struct StoreModel {
  struct Version: Equatable {
    var value: Double
    var recordedAt: Int64
  }

  private(set) var bars: [Int64: [Version]] = [:]

  mutating func write(_ rows: [(place: Int, value: Double)], at instant: Timestamp) {
    // Of rows with one start the last one counts.
    for (place, value) in Dictionary(rows.map { ($0.place, $0.value) }, uniquingKeysWith: { $1 }) {
      let start = StoreSamples.start(place)
      var versions = bars[start] ?? []
      if let last = versions.last {
        if last.value == value || (last.value.isNaN && value.isNaN) { continue }
        versions.append(
          Version(value: value, recordedAt: max(instant.nanoseconds, last.recordedAt + 1)))
      } else {
        versions = [Version(value: value, recordedAt: instant.nanoseconds)]
      }
      bars[start] = versions
    }
  }

  /// Start, figure and time of recording of each bar, as one line.
  func read(_ knowledge: Knowledge, starts: Range<Timestamp>? = nil) -> [String] {
    bars.keys.sorted().compactMap { start in
      if let starts, !starts.contains(Timestamp(nanoseconds: start)) { return nil }
      let known = (bars[start] ?? []).filter { version in
        guard case .asOf(let instant) = knowledge else { return true }
        return version.recordedAt <= instant.nanoseconds
      }
      return known.last.map { "\(start) \($0.value) \($0.recordedAt)" }
    }
  }

  var history: [String] {
    bars.keys.sorted().flatMap { start in
      (bars[start] ?? []).map { "\(start) \($0.value) \($0.recordedAt)" }
    }
  }
}

extension StoredBars {
  /// As the model writes them; every figure has to agree with the open.
  var lines: [String] {
    (0..<count).map { row in
      let value = bars["open"]?[row] ?? .nan
      for (index, name) in ["high", "low", "close", "volume", "adj_close"].enumerated() {
        let figure = bars[name]?[row] ?? .nan
        let expected = value + Double(index + 1)
        if figure != expected, !(figure.isNaN && value.isNaN) { return "\(name) is \(figure)" }
      }
      return "\(bars.start[row]) \(value) \(recordedAt[row])"
    }
  }
}

/// The stores there are, each empty and by itself.
final class StoreStand {
  private let folder: ScratchFolder
  private var server: PostgreSQLServer?
  let kind: StoreAddress.Kind

  init(_ kind: StoreAddress.Kind) throws {
    self.kind = kind
    folder = try ScratchFolder("store")
    if kind == .postgres { server = try PostgreSQLServer() }
  }

  deinit { server?.stop() }

  /// A PostgreSQL has one store; the others have one for each name.
  func address(_ name: String = "a") -> StoreAddress {
    switch kind {
    case .sqlite: StoreAddress(kind: kind, location: folder.path(name + ".db"))
    case .lake: StoreAddress(kind: kind, location: folder.path(name))
    case .postgres: StoreAddress(kind: kind, location: server?.url ?? "")
    }
  }

  /// Takes everything out of a PostgreSQL.
  func empty() throws {
    _ = try server?.rows("drop schema public cascade; create schema public")
  }

  func path(_ name: String) -> String { folder.path(name) }

  static var present: [StoreAddress.Kind] {
    ServerProgram.postgreSQL.isPresent ? [.sqlite, .lake, .postgres] : [.sqlite, .lake]
  }
}
