import Market
import Runtime
import TestKit
import Testing

@Suite("BarInterval") struct BarIntervalTests {
  @Test(
    "reads intervals, and one length has one name",
    arguments: [
      ("1min", "1min"), ("2min", "2min"), ("5min", "5min"), ("10min", "10min"), ("15min", "15min"),
      ("30min", "30min"), ("1h", "1h"), ("1d", "1d"), ("1w", "1w"), ("5m", "5min"), ("60min", "1h"),
      ("1H", "1h"), ("1D", "1d"), ("1W", "1w"), ("90min", "90min"), ("120s", "2min"),
      ("3600s", "1h"), ("30s", "30s"), ("4h", "4h"), ("007min", "7min"), ("24h", "24h"),
      ("2w", "2w"),
    ])
  func reads(text: String, name: String) throws {
    let interval = try BarInterval(parsing: text)
    #expect(interval.description == name)
    #expect(try BarInterval(parsing: interval.description) == interval)
    #expect(try BarInterval(parsing: "[\(text)]".dropFirst().dropLast()) == interval)
  }

  @Test(
    "refuses what is no interval",
    arguments: [
      "", "7x", "min", "5", "5M", "1mo", "-5min", "5 min", "0min", "1.5h", "1441min", "25h", "54w",
      "367d", "99999999999999999999min", "٥min", "5min\n", "1e3s",
    ])
  func refuses(text: String) {
    let error = #expect(throws: IntervalError.self) { try BarInterval(parsing: text) }
    #expect(error?.diagnosis.exitCode == .wrongUsage)
    #expect(error?.diagnosis.remedy.isEmpty == false)
  }

  @Test("7x is a one-line error with the remedy, and a slip finds what was meant")
  func diagnosis() {
    let error = #expect(throws: IntervalError.self) { try BarInterval(parsing: "7x") }
    #expect(
      error?.diagnosis
        == Diagnosis(
          place: "interval \"7x\"", finding: "not a whole number with a unit (s, min, h, d or w)",
          remedy: "write one as 1min, 2min, 5min, 10min, 15min, 30min, 1h, 1d, 1w",
          exitCode: .wrongUsage))
    let slip = #expect(throws: IntervalError.self) { try BarInterval(parsing: "15mni") }
    #expect(slip?.diagnosis.remedy.hasPrefix("did you mean 15min?") == true)
  }

  @Test("intervals are ordered by length")
  func order() throws {
    let texts = ["30s", "1min", "30min", "1h", "90min", "1d", "6d", "1w"]
    let intervals = try texts.map { try BarInterval(parsing: $0) }
    #expect(intervals.reversed().sorted() == intervals)
    #expect(BarInterval.hour.length == .seconds(3600))
  }

  @Test("noise is read and printed back, or refused")
  func fuzz() throws {
    let corpus = BarInterval.common + ["60min", "5m", "1D", "120s"]
    let words = ["min", "h", "d", "w", "s", "0", "99999999999999999999", "-", "M"]
    var accepted = 0
    for bytes in mutations(
      of: corpus.map { Array($0.utf8) },
      count: FuzzBudget.inputs(usual: 20_000, nightly: 1_000_000), seed: 5,
      dictionary: words.map { Array($0.utf8) })
    {
      let text = String(decoding: bytes, as: UTF8.self)
      do throws(IntervalError) {
        let interval = try BarInterval(parsing: text)
        #expect(try BarInterval(parsing: interval.description) == interval)
        accepted += 1
      } catch {
        #expect(!error.diagnosis.place.isEmpty)
      }
    }
    #expect(accepted > 1000)
  }
}
