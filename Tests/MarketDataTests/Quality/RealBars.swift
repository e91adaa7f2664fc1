import Foundation
import Market
import MarketData
import Runtime
import TestKit
import Testing

/// Bars of the shared data as they stand there, without any check of a reader: stamps are taken as
/// starts of bars, days as sessions.
enum RealBars {
  static func lines(_ relative: String) throws -> [Substring] {
    let command = try Command.run("/bin/gzip", ["-dc", SharedData.path(relative)], limit: 60)
    try #require(command.status == 0, "\(relative)")
    return command.output.split(whereSeparator: \.isNewline)
  }

  /// Each symbol's bars, in the order of their first line.
  static func read(
    _ relative: String, symbol: String, interval: BarInterval = .day, zone: Zone = .newYork
  ) throws -> [BarBatch] {
    let lines = try lines(relative)
    let titles = try #require(lines.first).split(separator: ",").map { $0.lowercased() }
    func place(_ names: String...) -> Int? {
      names.lazy.compactMap { titles.firstIndex(of: $0) }.first
    }
    let stamp = try #require(place("datetime", "date"))
    let clock = place("tod")
    let names = [
      "open", "high", "low", "close", "volume", "adj close", "adj_close", "dividends",
      "stock splits",
    ].filter { titles.contains($0) }
    let places = names.compactMap { place($0) }
    let symbols = place("ticker", "symbol")
    var gathered = Gathered(calendar: TradingCalendar.all.first { $0.zone == zone }, zone: zone)
    for line in lines.dropFirst() {
      let fields = line.split(separator: ",", omittingEmptySubsequences: false)
      let name = symbols.map { String(fields[$0].split(separator: ":").last ?? "") } ?? symbol
      try gathered.add(
        name, day: fields[stamp].prefix(10),
        time: clock.map { fields[$0] } ?? fields[stamp].dropFirst(11),
        values: places.map { Double(fields[$0]) ?? .nan })
    }
    let columns = names.map { $0.replacing(" ", with: "_") }
    return try gathered.order.map { name in
      try #require(gathered.series[name]).batch(try Symbol(parsing: name), interval, columns)
    }
  }

  /// LEAN's daily file: deci-cents, the day before the first comma.
  static func leanDaily(_ name: String) throws -> BarBatch {
    let path = SharedData.path("lean/equity/usa/daily/\(name).zip")
    let command = try Command.run("unzip", ["-p", path], limit: 60)
    try #require(command.status == 0, "\(path)")
    var gathered = Gathered(calendar: .nyse, zone: .newYork)
    for line in command.output.split(whereSeparator: \.isNewline) {
      let fields = line.split(separator: ",")
      let values = fields.dropFirst().map { Double($0) ?? .nan }
      try gathered.add(
        name, day: fields[0].prefix(8), time: "",
        values: values.prefix(4).map { $0 / 10_000 } + values.suffix(1))
    }
    return try #require(gathered.series[name]).batch(
      try Symbol(parsing: name.uppercased()), .day, ["open", "high", "low", "close", "volume"])
  }

  struct Gathered {
    struct Series {
      var days: [CivilDate] = []
      var starts: [Timestamp] = []
      var ends: [Timestamp] = []
      var values: [[Double]] = []
    }

    let calendar: TradingCalendar?
    let zone: Zone
    var order: [String] = []
    var series: [String: Series] = [:]
    var sessions: [Substring: (CivilDate, Timestamp, Timestamp)] = [:]

    mutating func add(
      _ name: String, day: Substring, time: Substring, values: [Double]
    ) throws {
      if series[name] == nil { order.append(name) }
      let (date, open, close) = try session(day)
      series[name, default: Series()].days.append(date)
      if time.isEmpty {
        series[name]?.starts.append(open)
        series[name]?.ends.append(close)
      } else {
        let parts = time.prefix(8).split(separator: ":").map { Int($0) ?? 0 }
        let second = parts[0] * 3600 + parts[1] * 60
        let start =
          time.hasSuffix("+00:00")
          ? try Timestamp(startOf: date).adding(.seconds(second))
          : zone.instant(on: date, secondOfDay: second)
        series[name]?.starts.append(start)
      }
      series[name]?.values.append(values)
    }

    private mutating func session(_ day: Substring) throws -> (CivilDate, Timestamp, Timestamp) {
      if let known = sessions[day] { return known }
      let date = try CivilDate(parsing: day)
      var (open, close) = (
        zone.instant(on: date, secondOfDay: 34_200), zone.instant(on: date, secondOfDay: 57_600)
      )
      if let calendar, calendar.range.contains(date), let session = try calendar.session(on: date) {
        (open, close) = (session.open, session.close)
      }
      sessions[day] = (date, open, close)
      return (date, open, close)
    }
  }
}

extension RealBars.Gathered.Series {
  func batch(
    _ symbol: Symbol, _ interval: BarInterval, _ names: [String]
  ) throws -> BarBatch {
    let length = interval.length.nanoseconds ?? 0
    let ends = ends.isEmpty ? starts.map { Timestamp(nanoseconds: $0.nanoseconds + length) } : ends
    return BarBatch(
      symbol: symbol, interval: interval, start: Column(starts.map(\.nanoseconds)),
      end: Column(ends.map(\.nanoseconds)), knownAt: Column(ends.map(\.nanoseconds)),
      columns: names.indices.map { index in (names[index], Column(values.map { $0[index] })) })
  }
}
