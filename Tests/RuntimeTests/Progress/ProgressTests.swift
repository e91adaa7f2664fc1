import Runtime
import Testing

@Suite("Progress") struct ProgressTests {
  /// What was written, and the clock that was moved by hand.
  private final class Screen: Sendable {
    let time = SimulatedTime()
    let outlet = Outlet()

    /// Pieces as they were drawn.
    var written: [String] {
      outlet.text.split(separator: "\r", omittingEmptySubsequences: true).map { "\r\($0)" }
    }

    func meter(_ total: Int?, _ style: ProgressStyle) -> ProgressMeter {
      ProgressMeter("fetch NVDA 5min", total: total, style: style, time: time, to: outlet)
    }
  }

  @Test("a terminal gets one line with bar, percent, rate and ETA") func terminal() throws {
    let screen = Screen()
    let meter = screen.meter(1000, .terminal(width: 80, isUTF8: true))
    try screen.time.advance(by: .seconds(1))
    meter.update(done: 680)
    #expect(screen.written == ["\rfetch NVDA 5min  ██████░░░░  68%  680/s  ETA 1s\u{1B}[K"])
    meter.update(done: 681)
    #expect(screen.written.count == 1, "drawn again only after a tenth of a second")
    try screen.time.advance(by: .seconds(1))
    meter.update(done: 1000)
    meter.finish()
    meter.finish()
    meter.advance()
    #expect(screen.written.last == "\rfetch NVDA 5min  ██████████  100%  500/s\u{1B}[K\n")
    #expect(screen.written.count == 3)
  }

  @Test("without UTF-8 the bar is ASCII, and a narrow terminal loses columns from the right")
  func narrow() throws {
    for (width, line) in [
      (60, "fetch NVDA 5min  ######----  68%  680/s  ETA 1s"),
      (40, "fetch NVDA 5min  ######----  68%  680/s"), (32, "fetch NVDA 5min  ######----  68%"),
      (28, "fetch NVDA 5min  ######----"), (5, "fetch"),
    ] {
      let screen = Screen()
      let meter = screen.meter(1000, .terminal(width: width, isUTF8: false))
      try screen.time.advance(by: .seconds(1))
      meter.update(done: 680)
      #expect(screen.written == ["\r\(line)\u{1B}[K"])
    }
  }

  @Test("a pipe gets a plain line every ten seconds, and short work none") func piped() throws {
    let short = Screen()
    let meter = short.meter(10, .plain)
    for _ in 0..<9 {
      try short.time.advance(by: .seconds(1))
      meter.advance()
    }
    meter.finish()
    #expect(short.outlet.text.isEmpty)

    let long = Screen()
    let longMeter = long.meter(100, .plain)
    for _ in 0..<25 {
      try long.time.advance(by: .seconds(1))
      longMeter.advance(by: 2)
    }
    longMeter.finish()
    #expect(
      long.outlet.text == """
        fetch NVDA 5min  20%  20/100  2/s  ETA 40s
        fetch NVDA 5min  40%  40/100  2/s  ETA 30s
        fetch NVDA 5min  50%  50/100  2/s  ETA 25s

        """)
  }

  @Test("the style suits where it is written") func suited() {
    let terminal = TerminalTraits(isTerminal: true, width: 80, hasColour: true, isUTF8: false)
    #expect(
      ProgressStyle.suited(to: terminal, isQuiet: false) == .terminal(width: 79, isUTF8: false))
    #expect(ProgressStyle.suited(to: terminal, isQuiet: true) == .silent)
    #expect(ProgressStyle.suited(to: .piped, isQuiet: false) == .plain)
  }

  @Test("silent is silent, and an unknown total shows a count") func silentAndUnknown() throws {
    let quiet = Screen()
    let meter = quiet.meter(10, .silent)
    try quiet.time.advance(by: .seconds(60))
    meter.advance()
    meter.finish()
    #expect(quiet.outlet.text.isEmpty)

    let open = Screen()
    let counter = open.meter(nil, .terminal(width: 80, isUTF8: true))
    try open.time.advance(by: .seconds(10))
    counter.update(done: 12_345, label: "read\nAMD")
    #expect(open.written == ["\rread\\u{a}AMD  12k  1.2k/s\u{1B}[K"])
  }
}
