import Market
import MarketData
import Runtime
import Testing

@Suite("Made-up bars") struct SyntheticTests {
  private static func settings(
    _ first: String = "2024-01-02", _ last: String = "2024-03-28", seed: UInt64 = 1
  ) throws -> SyntheticSettings {
    SyntheticSettings(seed: seed, days: try CivilDate(parsing: first)...CivilDate(parsing: last))
  }

  private static func request(
    _ symbol: String, _ interval: String, days: TimeRange = .all
  ) throws -> BarRequest {
    BarRequest(
      symbol: try Symbol(parsing: symbol), interval: try BarInterval(parsing: interval), days: days)
  }

  private static func isSame(_ a: [BarRow], _ b: [BarRow]) -> Bool {
    a.count == b.count
      && zip(a, b).allSatisfy { x, y in
        x.start == y.start && x.end == y.end && x.knownAt == y.knownAt
          && zip(x.values, y.values).allSatisfy { $0.bitPattern == $1.bitPattern }
      }
  }

  @Test("the same seed gives the same bits, another seed others, and no symbol moves another")
  func deterministic() throws {
    let source = try SyntheticSource(Self.settings())
    let request = try Self.request("AAA", "5min")
    let first = try source.rows(request).rows
    _ = try source.rows(Self.request("BBB", "5min"))
    #expect(Self.isSame(first, try source.rows(request).rows))
    #expect(Self.isSame(first, try SyntheticSource(Self.settings()).rows(request).rows))
    #expect(!Self.isSame(first, try SyntheticSource(Self.settings(seed: 2)).rows(request).rows))
    #expect(!Self.isSame(first, try source.rows(Self.request("BBB", "5min")).rows))
    // A longer world begins with the same bars.
    let longer = try SyntheticSource(Self.settings("2024-01-02", "2024-06-28")).rows(request).rows
    #expect(Self.isSame(first, Array(longer.prefix(first.count))))
  }

  @Test("bars of all lengths agree with each other, and parts with the whole")
  func agree() throws {
    let source = try SyntheticSource(Self.settings("2024-01-02", "2024-07-12"))
    let minutes = try source.frame(Self.request("AAA", "1min"))
    for interval in ["5min", "1h", "1d", "1w"] {
      let made = try source.frame(Self.request("AAA", interval))
      let aggregated = try minutes.resampled(to: BarInterval(parsing: interval), calendar: .nyse)
      #expect(made.start == aggregated.start && made.end == aggregated.end)
      for name in ["open", "high", "low", "close", "volume", "trade_count"] {
        #expect(made[name] == aggregated[name], "\(interval) \(name)")
      }
    }
    let days = try TimeRange(parsing: "20240304-20240315")
    let part = try source.frame(Self.request("AAA", "5min", days: days))
    let whole = try source.frame(Self.request("AAA", "5min"))
    let rows = whole.rows(on: days, in: .newYork)
    #expect(part.count == 780 && part["close"] == whole.slice(rows)["close"])
  }

  @Test(
    "every bar is sound, in cents, and on the calendar, half days and changes of clocks included")
  func sound() throws {
    let source = try SyntheticSource(Self.settings("2024-10-28", "2024-12-31"))
    for symbol in ["AAA", "BBB", "CCC"] {
      let frame = try source.frame(Self.request(symbol, "5min"))
      let sessions = try TradingCalendar.nyse.sessions(in: source.settings.days)
      let fiveMinutes = try BarInterval(parsing: "5min")
      #expect(frame.count == sessions.reduce(0) { $0 + $1.barCount(fiveMinutes) })
      for row in 0..<frame.count {
        let bar = frame.bar(row)
        #expect(bar.faults.isEmpty)
        #expect(abs(bar.close * 100 - (bar.close * 100).rounded()) < 1e-6)
      }
    }
  }

  private static func returns(_ frame: Frame) throws -> [Double] {
    let close = Array(try #require(frame["close"]))
    return zip(close, close.dropFirst()).map { $1 / $0 - 1 }
  }

  private static func correlation(_ a: [Double], _ b: [Double]) -> Double {
    let count = Double(a.count)
    let (meanA, meanB) = (a.reduce(0, +) / count, b.reduce(0, +) / count)
    let (x, y) = (a.map { $0 - meanA }, b.map { $0 - meanB })
    func product(_ a: [Double], _ b: [Double]) -> Double {
      zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
    }
    return product(x, y) / (product(x, x) * product(y, y)).squareRoot()
  }

  @Test("symbols move together as much as asked", arguments: [0.0, 0.4, 0.9])
  func correlated(asked: Double) throws {
    var settings = try Self.settings("2015-01-02", "2019-12-31")
    (settings.correlation, settings.hasActions, settings.jumpsPerYear) = (asked, false, 0)
    settings.regimes = [.bull]
    let source = try SyntheticSource(settings)
    let series = try ["AAA", "BBB"].map {
      try Self.returns(source.frame(Self.request($0, "1d")))
    }
    // 1,257 days: the standard error is below 0.03.
    #expect(abs(Self.correlation(series[0], series[1]) - asked) < 0.1)
  }

  @Test(
    "each regime has the volatility and the drift it stands for", arguments: MarketRegime.allCases)
  func regime(regime: MarketRegime) throws {
    var settings = try Self.settings("2006-01-03", "2019-12-31")
    (settings.regimes, settings.hasActions, settings.jumpsPerYear) = ([regime], false, 0)
    let source = try SyntheticSource(settings)
    let returns = try Self.returns(source.frame(Self.request("AAA", "1d")))
    let deviation = (returns.reduce(0) { $0 + $1 * $1 } / Double(returns.count) * 252).squareRoot()
    let (expected, drift): (Double, ClosedRange<Double>) =
      switch regime {
      case .bull: (0.16, 0.08...0.36)
      case .bear: (0.28, -0.45 ... -0.02)
      case .volatile: (0.45, -0.2...0.4)
      case .range: (0.11, -0.06...0.06)
      }
    #expect(abs(deviation / expected - 1) < 0.12, "\(deviation)")
    #expect(drift.contains(returns.reduce(0, +) / Double(returns.count) * 252))
  }

  @Test("regimes last as long as asked on average, and all of them come")
  func chain() throws {
    var settings = try Self.settings("1990-01-02", "2029-12-31")
    settings.regimeSessions = 25
    let days = try SyntheticSource(settings).regimeDays
    #expect(Set(days.map(\.regime)) == Set(MarketRegime.allCases))
    let changes = zip(days, days.dropFirst()).count { $0.regime != $1.regime }
    #expect((20.0...31).contains(Double(days.count) / Double(changes + 1)))
  }

  @Test("most is traded at the open and the close, least at noon")
  func volumeShape() throws {
    let frame = try SyntheticSource(Self.settings()).frame(Self.request("AAA", "30min"))
    let volume = Array(try #require(frame["volume"]))
    func total(_ place: Int) -> Double {
      stride(from: place, to: volume.count, by: 13).reduce(0) { $0 + volume[$1] }
    }
    #expect(total(0) > 2 * total(6) && total(12) > 2 * total(6))
  }

  @Test("splits and dividends are told, and the price falls by them at the open")
  func actions() async throws {
    let source = try SyntheticSource(Self.settings("2000-01-03", "2019-12-31"))
    var (splits, dividends) = (0, 0)
    for symbol in ["AAA", "BBB", "CCC", "DDD", "EEE", "FFF"] {
      let request = try Self.request(symbol, "1d")
      let frame = try source.frame(request)
      for action in try await source.actions(of: request.symbol, days: .all) {
        let row = frame.start.firstRow(from: action.knownAt.nanoseconds)
        let (before, after) = (frame["close"]?[row - 1] ?? 0, frame["open"]?[row] ?? 0)
        switch action.kind {
        case .split(let ratio):
          splits += 1
          #expect(abs(after * ratio / before - 1) < 0.2)
        case .dividend(let amount):
          dividends += 1
          #expect(amount > 0 && amount < 0.02 * before)
        default: Issue.record("no other action is made up")
        }
      }
    }
    #expect(splits > 3 && dividends > 50)
  }

  @Test("about as many bars are missing as asked")
  func gaps() throws {
    var settings = try Self.settings()
    settings.gaps = 0.05
    let holes = try SyntheticSource(settings).frame(Self.request("AAA", "5min")).count
    let whole = try SyntheticSource(Self.settings()).frame(Self.request("AAA", "5min")).count
    #expect(abs(Double(whole - holes) / Double(whole) - 0.05) < 0.02)
  }

  @Test(
    "every defect is at the place that is told, and nowhere else is anything wrong",
    arguments: ["1min", "5min", "30min", "1d"])
  func defects(interval: String) throws {
    var settings = try Self.settings("2023-01-03", "2025-12-31")
    let clean = try SyntheticSource(settings).frame(Self.request("AAA", interval))
    settings.defects = SyntheticDefect.allCases
    settings.defectCount = 2
    let (rows, planted) = try SyntheticSource(settings).rows(Self.request("AAA", interval))
    let kinds = SyntheticDefect.allCases.filter { interval != "1d" || $0 != .extendedHours }
    #expect(planted.count == 2 * kinds.count)
    #expect(Set(planted.map(\.defect)) == Set(kinds))
    for one in planted { expect(one, in: rows, clean: clean) }
    // Outside of what was planted, the rows are the clean ones.
    let spoiled = planted.flatMap { one -> [Timestamp] in
      let row = clean.start.firstRow(from: one.start.nanoseconds)
      return (row...min(row + one.count, clean.count - 1)).map {
        Timestamp(nanoseconds: clean.start[$0])
      }
    }
    let good = rows.filter { !spoiled.contains($0.start) }
    let original = try clean.rows(of: clean.names)
    let byStart = Dictionary(uniqueKeysWithValues: original.map { ($0.start, $0) })
    let strange = good.count { byStart[$0.start] != $0 }
    #expect(strange == planted.filter { $0.defect == .extendedHours }.reduce(0) { $0 + $1.count })
  }

  private func expect(_ planted: PlantedDefect, in rows: [BarRow], clean: Frame) {
    let found = rows.filter { $0.start == planted.start }
    let bar = found.first?.values ?? []
    let comment: Comment = "\(planted)"
    switch planted.defect {
    case .missingBars: #expect(found.isEmpty, comment)
    case .duplicate: #expect(found.count == 2 && found[0] == found[1], comment)
    case .outOfOrder:
      let index = rows.firstIndex { $0.start == planted.start } ?? 0
      #expect(index > 0 && rows[index - 1].start > planted.start, comment)
    case .negativePrice: #expect(bar[2] < 0, comment)
    case .zeroPrice: #expect(bar[2] == 0, comment)
    case .missingPrice: #expect(bar[3].isNaN, comment)
    case .infinitePrice: #expect(bar[1] == .infinity, comment)
    case .highBelowLow: #expect(bar[1] < bar[2], comment)
    case .openOutside: #expect(bar[0] > bar[1], comment)
    case .closeOutside: #expect(bar[3] < bar[2], comment)
    case .spike: #expect(bar[3] > 9 * bar[0], comment)
    case .zeroVolume: #expect(bar[4] == 0, comment)
    case .negativeVolume: #expect(bar[4] < 0, comment)
    case .missingVolume: #expect(bar[4].isNaN, comment)
    case .volumeSpike:
      let row = clean.start.firstRow(from: planted.start.nanoseconds)
      #expect(bar[4] == 200 * (clean["volume"]?[row] ?? 0), comment)
    case .stale:
      let index = rows.firstIndex { $0.start == planted.start } ?? 0
      let flat = rows[index..<index + planted.count]
      #expect(flat.allSatisfy { $0.values[3] == bar[3] && $0.values[1] == $0.values[2] }, comment)
      if planted.interval.isIntraday {
        let first = TradingCalendar.nyse.zone.date(at: flat.first?.start ?? planted.start)
        #expect(TradingCalendar.nyse.zone.date(at: flat.last?.start ?? planted.start) == first)
        let seconds = planted.interval.length.components.seconds
        #expect(Int64(planted.count) * seconds > 600, comment)
      }
    case .extendedHours:
      #expect(found.count == 1, comment)
      #expect(((try? TradingCalendar.nyse.isOpen(at: planted.start)) ?? true) == false, comment)
    }
  }

  @Test("the stream gives all rows in batches, the same as all at once")
  func streamed() async throws {
    let source = try SyntheticSource(Self.settings())
    let request = try Self.request("AAA", "1min")
    let rows = try source.rows(request).rows
    var (starts, batches): ([Int64], Int) = ([], 0)
    for try await batch in source.bars(request) {
      starts += batch.start
      batches += 1
    }
    #expect(starts == rows.map(\.start.nanoseconds) && batches == 2)
    #expect(source.declaration.adjustment == BarDeclaration.Adjustment.none)
  }

  @Test("what cannot be made up is refused with what to do")
  func refuses() throws {
    let source = try SyntheticSource(Self.settings())
    let short = #expect(throws: SyntheticError.self) {
      try source.rows(Self.request("AAA", "30s"))
    }
    var settings = try Self.settings()
    settings.regimes = []
    let none = #expect(throws: SyntheticError.self) { try SyntheticSource(settings) }
    let weekend = #expect(throws: SyntheticError.self) {
      try SyntheticSource(Self.settings("2024-01-06", "2024-01-07"))
    }
    let unknown = #expect(throws: SyntheticError.self) {
      try SyntheticSource(Self.settings("2050-01-06", "2050-01-07"))
    }
    settings = try Self.settings("2024-01-02", "2024-01-09")
    settings.defects = SyntheticDefect.allCases
    let few = #expect(throws: SyntheticError.self) {
      try SyntheticSource(settings).rows(Self.request("AAA", "1d"))
    }
    for error in [short, none, weekend, unknown, few] {
      #expect(error?.diagnosis.remedy.isEmpty == false)
    }
  }
}
