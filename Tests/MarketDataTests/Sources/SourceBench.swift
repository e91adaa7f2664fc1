import Foundation
import Market
import MarketData
import Runtime
import Synchronization
import TestKit
import Testing

/// What tests of sources share: a simulated clock, pauses that take no time, a store in memory.
struct SourceBench {
  let folder: TemporaryFolder
  let time: SimulatedTime
  let pauses = Pauses()

  final class Pauses: Sendable {
    private let all = Mutex<[Duration]>([])
    var list: [Duration] { all.withLock { $0 } }
    func add(_ pause: Duration) { all.withLock { $0.append(pause) } }
  }

  /// A Friday evening after the close in New York.
  init(now: String = "2024-03-01T22:00:00Z") throws {
    folder = try TemporaryFolder()
    time = SimulatedTime(try Timestamp(parsing: now))
  }

  func link(_ source: String = "Yahoo", budget: RequestBudget? = nil) throws -> ServiceLink {
    ServiceLink(
      source: source, client: try HTTPClient(), budget: budget, time: time, seed: 1,
      sleep: { [time, pauses] pause in
        pauses.add(pause)
        try time.advance(by: pause)
        try Task.checkCancellation()
      })
  }

  func yahoo(
    _ server: PlaybackServer, second: PlaybackServer? = nil, deadline: Duration = .seconds(10),
    budget: RequestBudget? = nil
  ) throws -> YahooSource {
    let first = try HTTPAddress(parsing: server.base)
    let other = try HTTPAddress(parsing: (second ?? server).base)
    return YahooSource(
      link: try link(budget: budget),
      settings: YahooSettings(
        hosts: second == nil ? [first] : [first, other], cookieHost: first, deadline: deadline))
  }

  func store(_ name: String = "a") throws -> any BarStore {
    try StoreAddress(kind: .sqlite, location: folder.path + "/\(name).db").open()
  }

  /// All bars of a request.
  func batches(
    _ source: any BarSource, _ symbol: String = "NVDA", _ interval: BarInterval = .day,
    days: String = "20240101-20240301"
  ) async throws -> [BarBatch] {
    let request = BarRequest(
      symbol: try #require(Symbol(symbol)), interval: interval, days: try TimeRange(parsing: days))
    var batches: [BarBatch] = []
    for try await batch in source.bars(request) { batches.append(batch) }
    return batches
  }

  /// The stamps that Yahoo gives to the sessions of some days.
  static func opens(_ first: String, _ last: String) throws -> [Int64] {
    try TradingCalendar.nasdaq.sessions(
      in: try CivilDate(parsing: first)...CivilDate(parsing: last)
    ).map { $0.open.nanoseconds / Timestamp.nanosecondsPerSecond }
  }

  static func key(_ symbol: String = "NVDA", _ interval: BarInterval = .day) throws -> SeriesKey {
    SeriesKey(symbol: try #require(Symbol(symbol)), interval: interval, source: "yahoo")
  }
}

extension BarBatch {
  func figures(_ name: String) -> [Double] { self[name].map(Array.init) ?? [] }
  var starts: [String] { start.map { "\(Timestamp(nanoseconds: $0))" } }
}
