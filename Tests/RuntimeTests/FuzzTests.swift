import Runtime
import TestKit
import Testing

/// Parsers of texts that come from people: whatever comes in, a value or a one-line error comes out.
///
/// With MARTINET_NIGHTLY set a million inputs are tried in all.
@Suite("Fuzzed parsers") struct FuzzTests {
  private static let settings = """
    # A sample
    strategy: sma_cross
    batch_size: 64
    shuffle: true
    side: both
    symbols: [SPY, 'QQQ', "NVDA"]
    windows:
      - 20
      - 50
    patience: 1h30min
    first_day: 2024-02-29
    api_key: env:KEY
    costs: &costs
      fee: 1e-1
      cap: ~
    """
  private static let tokens = [
    "- ", ": ", "&a ", "*a", "!!str ", "? ", "---\n", "...\n", "|\n", ">-\n", "\t", "{", "}", "[",
    "]", "\"\\u0000\"", "'", "# ", "%YAML 1.2\n", "\u{FEFF}", "~", "null", "0x", ".inf", "costs",
    "\n  ", "<<: *costs\n", "\u{2028}", "\u{85}",
  ].map { Array($0.utf8) }

  @Test("YAML and schema", arguments: 0..<4) func settings(part: Int) {
    let corpus = [Self.settings, "a: {b: [c, {d: e}]}", "costs: {fee: 1, minimum: 2}", "- - - x"]
    let count = FuzzBudget.inputs(usual: 3000, nightly: 150_000)
    var accepted = 0
    for bytes in mutations(
      of: corpus.map { Array($0.utf8) }, count: count, seed: UInt64(part), dictionary: Self.tokens)
    {
      do throws(ConfigurationError) {
        let source = ConfigurationSource(name: "fuzz.yaml", bytes: bytes)
        let loaded = try Configuration<SampleSettings>.load(sources: [source])
        #expect(loaded.effective.count == 13)
        accepted += 1
      } catch {
        expectShort(error.diagnosis, bytes)
      }
    }
    // Otherwise the mutations are so wild that the schema is never reached.
    #expect(accepted > count / 100)
  }

  @Test("instants, days, ranges and durations", arguments: 0..<4) func times(part: Int) {
    let corpus = [
      "2024-01-31T14:30:00.123456789Z", "1969-12-31T23:59:59-05:00", "2024-02-29", "20240630",
      "20240101-20240630", "-20240630", "20240101-", "1h30min", "250ms", "2262-04-11T23:47:16Z",
    ]
    let tokens = ["T", "Z", "+05:30", ".000", "9999", "0000", "-02-30", "min", "é", "-", ":"]
    let count = FuzzBudget.inputs(usual: 2000, nightly: 100_000)
    for bytes in mutations(
      of: corpus.map { Array($0.utf8) }, count: count, seed: UInt64(part),
      dictionary: tokens.map { Array($0.utf8) }, longest: 200)
    {
      let text = String(decoding: bytes, as: UTF8.self)
      attempt(bytes) { () throws(TimeError) in
        let value = try Timestamp(parsing: text)
        let again = try Timestamp(parsing: value.description)
        #expect(again == value)
      }
      attempt(bytes) { () throws(TimeError) in
        let day = try CivilDate(parsing: text)
        #expect(text == day.description || text == day.compactDescription)
      }
      attempt(bytes) { () throws(TimeError) in _ = try TimeRange(parsing: text).description }
      attempt(bytes) { () throws(TimeError) in
        _ = DurationText.print(try DurationText.parse(text))
      }
    }
  }

  private func attempt(_ bytes: [UInt8], _ parse: () throws(TimeError) -> Void) {
    do throws(TimeError) { try parse() } catch { expectShort(error.diagnosis, bytes) }
  }

  private func expectShort(_ diagnosis: Diagnosis, _ bytes: [UInt8]) {
    let isShort = [diagnosis.place, diagnosis.finding, diagnosis.remedy].allSatisfy {
      !$0.isEmpty && $0.utf8.count < 1000 && !$0.utf8.contains(UInt8(ascii: "\n"))
    }
    #expect(isShort, "\(diagnosis) for \(bytes)")
  }
}
