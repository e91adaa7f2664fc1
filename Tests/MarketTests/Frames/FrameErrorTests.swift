import Market
import Numerics
import Runtime
import TestKit
import Testing

@Suite("What a person reads about bars that do not fit together") struct FrameErrorTests {
  private func diagnosis(_ body: () throws -> Frame) -> Diagnosis? {
    do {
      _ = try body()
      return nil
    } catch let error as FrameError {
      return error.diagnosis
    } catch {
      return nil
    }
  }

  private func bars(
    _ start: [Int64], _ end: [Int64], _ known: [Int64],
    _ columns: [(name: String, values: AnyColumn)] = []
  ) throws -> Frame {
    try Frame(
      checking: Symbol(parsing: "NVDA"), interval: .minute, start: Column(start),
      end: Column(end), knownAt: Column(known), columns: columns)
  }

  @Test(
    "bars out of order are named by symbol and row, with the order they break",
    arguments: [
      ([0, 1], [1, 1], [1, 2], 1, "does not end after it starts"),
      ([0], [2], [1], 0, "known before it ends"),
      ([0, 1], [2, 3], [2, 3], 1, "starts before the one before it ends"),
      ([0, 2], [2, 3], [9, 3], 1, "known before the one before it"),
    ] as [([Int64], [Int64], [Int64], Int, String)])
  func disorder(start: [Int64], end: [Int64], known: [Int64], row: Int, words: String) {
    let told = diagnosis { try bars(start, end, known) }
    #expect(told?.place == "NVDA, row \(row)")
    #expect(told?.finding.contains(words) == true)
    #expect(told?.remedy.contains("sort the bars by time") == true)
  }

  @Test("columns of the wrong length and columns given twice are named") func columns() {
    let short = diagnosis { try bars([0], [1], [1], [("close", .float(Column([1, 2])))]) }
    #expect(short?.place == "NVDA, column close" && short?.finding == "has 2 rows, not 1")
    let twice = diagnosis {
      try bars([0], [1], [1], [("n", .int64(Column([1]))), ("n", .int32(Column([1])))])
    }
    #expect(twice?.place == "NVDA, column n" && twice?.finding == "is there twice")
  }

  @Test("a join that would leave a hole names the column whose type has none") func holes() throws {
    let left = try frame("NVDA", minutes: [1, 2])
    let right = try frame("SPY", minutes: [1, 2], knownLater: 1)
      .adding(.bool(Column([true, false])), as: "is_open")
    let told = diagnosis { try left.joining(right, columns: ["is_open"]) }
    #expect(told?.place.hasSuffix(", column is_open") == true)
    #expect(told?.remedy.contains("join from a later instant") == true)
  }

  @Test("a panel says which symbols do not go together") func panels() throws {
    let minutes = try frame("A", minutes: [1])
    let daily = Frame(
      symbol: try Symbol(parsing: "B"), interval: .day, start: Column([0]), end: Column([1]),
      knownAt: Column([1]), columns: ["close": Column([1])])
    func told(_ frames: [Frame]) -> Diagnosis? {
      do throws(FrameError) {
        _ = try Panel(innerJoining: frames, columns: ["close"])
        return nil
      } catch {
        return error.diagnosis
      }
    }
    let mixed = told([minutes, daily])
    #expect(mixed?.place == "A and B" && mixed?.finding == "have bars of 1min and of 1d")
    #expect(told([minutes, minutes])?.place == "A")
    #expect(told([])?.remedy == "name at least one symbol")
  }

  @Test("coarser bars take the last text of their rows") func texts() throws {
    let calendar = try TradingCalendar(named: "NYSE")
    // 2024-01-02 from 14:30 UTC on.
    let open: Int64 = 1_704_205_800_000_000_000
    let minute: Int64 = 60_000_000_000
    let ends = (1...4).map { open + Int64($0) * minute }
    let fine = try Frame(
      checking: Symbol(parsing: "NVDA"), interval: .minute,
      start: Column(ends.map { $0 - minute }), end: Column(ends), knownAt: Column(ends),
      columns: [("venue", .text(TextColumn(["Q", "N", nil, "P"])))])
    let coarse = try fine.resampled(to: BarInterval(parsing: "2min"), calendar: calendar)
    guard case .text(let venues) = coarse.column("venue") else {
      Issue.record("the column of text is gone")
      return
    }
    #expect((0..<coarse.count).map { venues[$0] } == ["N", "P"])
    let told = diagnosis { try coarse.resampled(to: .minute, calendar: calendar) }
    #expect(told?.finding == "bars of 2min cannot be made into bars of 1min")
  }
}

@Suite("What a person reads about instruments") struct InstrumentWordsTests {
  @Test("a size that is none is named with the symbol, and a currency with its nearest")
  func words() throws {
    let symbol = try Symbol(parsing: "ESZ5")
    let size = #expect(throws: InstrumentError.self) {
      try Instrument(symbol: symbol, venue: "CME", multiplier: -50)
    }
    #expect(size?.diagnosis.place == "ESZ5, multiplier")
    #expect(size?.diagnosis.finding == "-50 is not above zero")
    #expect(Currency.usd.description == "USD")
  }

  @Test("a trade and a quote keep what the venue said") func ticks() {
    let price = Price(steps: 5 * Price.stepsPerUnit)
    let lot = Quantity(steps: Quantity.stepsPerUnit)
    let trade = Trade(
      time: Timestamp(seconds: 1), knownAt: Timestamp(seconds: 2), price: price, quantity: lot)
    #expect(trade.time < trade.knownAt && trade.price == price && trade.quantity == lot)
    #expect(Set([trade, trade]).count == 1)
  }
}
