import Foundation
import Runtime
import Testing

@Suite("Log") struct LogTests {
  private let time = SimulatedTime(Timestamp(nanoseconds: 1_706_711_400_250_000_000))

  @Test("people read time, level, message and labels") func human() {
    let outlet = Outlet()
    let log = Log(.human(isColored: false), time: time, to: outlet)
    log.warning("feed is late", ["symbol": "NVDA", "delay": 2.5, "note": "two words", "n": 3])
    #expect(
      lines(outlet) == [
        #"14:30:00.250 warning  feed is late  symbol=NVDA delay=2.5 note="two words" n=3"#
      ])
  }

  @Test("programs read one JSON object a line with the names of the Elastic Common Schema")
  func ecs() throws {
    let outlet = Outlet()
    let log = Log(.ecs(service: "martinet"), time: time, to: outlet)
    Log.correlating("run-1") {
      log.error(
        "could not read", ["file": "a.csv", "rows": 3], error: FileError.missing(path: "a.csv"))
    }
    let line = try #require(lines(outlet).first)
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    #expect(object["@timestamp"] as? String == "2024-01-31T14:30:00.250Z")
    #expect(object["log.level"] as? String == "error")
    #expect(object["message"] as? String == "could not read")
    #expect(object["ecs.version"] as? String == "8.11.0")
    #expect(object["service.name"] as? String == "martinet")
    #expect(object["trace.id"] as? String == "run-1")
    #expect(object["error.message"] as? String == "a.csv: there is no such file")
    let labels = try #require(object["labels"] as? [String: String])
    #expect(labels["file"] == "a.csv")
    #expect(labels["rows"] == "3")
    #expect(labels["remedy"]?.isEmpty == false)
  }

  @Test("people get words and pipes get JSON") func standard() {
    for isTerminal in [true, false] {
      let outlet = Outlet()
      let traits = TerminalTraits(
        isTerminal: isTerminal, width: 80, hasColour: isTerminal, isUTF8: true)
      let log = Log.standard(Console(output: Outlet(), error: outlet, traits: traits))
      log.error("stopped")
      #expect(outlet.text.hasPrefix("{") == !isTerminal)
      #expect(outlet.text.contains("\u{1B}[31merror") == isTerminal)
    }
  }

  @Test("lines below the least level cost no message") func levels() {
    let outlet = Outlet()
    let log = Log(.human(isColored: false), least: .warning, time: time, to: outlet)
    func costly() -> String {
      Issue.record("the message was made though nobody reads it")
      return ""
    }
    log.debug(costly())
    log.info(costly())
    log.warning("a")
    log.error("b")
    #expect(lines(outlet).count == 2)
  }

  @Test("a message cannot forge a second line or steer the terminal", arguments: [true, false])
  func noForgery(isJSON: Bool) {
    let outlet = Outlet()
    let log = Log(isJSON ? .ecs(service: "s") : .human(isColored: false), time: time, to: outlet)
    log.info("a\nb \u{1B}[2J", ["key": "c\r\nd\u{1B}"])
    #expect(outlet.text.hasSuffix("\n"))
    let line = outlet.text.dropLast()
    #expect(!line.unicodeScalars.contains { $0.value < 0x20 })
  }

  @Test("the correlation id belongs to the task and to those it starts") func correlation() async {
    let outlet = Outlet()
    let log = Log(.human(isColored: false), time: time, to: outlet)
    await Log.$correlation.withValue("outer") {
      await withTaskGroup(of: Void.self) { group in
        group.addTask { log.info("child") }
        group.addTask { Log.correlating("inner") { log.info("child") } }
      }
    }
    log.info("outside")
    #expect(lines(outlet).filter { $0.hasSuffix("id=outer") }.count == 1)
    #expect(lines(outlet).filter { $0.hasSuffix("id=inner") }.count == 1)
    #expect(lines(outlet).last?.contains("id=") == false)
  }

  @Test("lines from many tasks arrive whole") func concurrent() async {
    let outlet = Outlet()
    let log = Log(.ecs(service: "s"), time: time, to: outlet)
    await withTaskGroup(of: Void.self) { group in
      for task in 0..<16 {
        group.addTask { for line in 0..<100 { log.info("\(task)", ["line": LogValue(line)]) } }
      }
    }
    #expect(lines(outlet).count == 1600)
    #expect(lines(outlet).allSatisfy { $0.hasPrefix("{") && $0.hasSuffix("}") })
  }
}

func lines(_ outlet: Outlet) -> [String] { outlet.text.split(separator: "\n").map(String.init) }
