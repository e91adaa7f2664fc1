import Foundation
import TestKit
import Testing

@Suite("martinet data generate, aggregate and show") struct BarVerbTests {
  @Test("bars are made up, aggregated in the store and shown") func wholeWay() throws {
    let folder = try ScratchFolder("bars")
    let made = try Binary.run(
      "data generate --symbols AAA,BBB --interval 1min --days 5 --to sqlite:a.db --json",
      in: folder.path)
    #expect(made.status == 0, "\(made.errors)")
    #expect(made.output.split(separator: "\n").count == 2)
    let aggregated = try Binary.run(
      "data aggregate --from sqlite:a.db --to sqlite:a.db --interval 5min", in: folder.path)
    #expect(aggregated.status == 0, "\(aggregated.errors)")
    #expect(
      aggregated.output.contains("390") && aggregated.output.contains("declared  source synthetic"))
    let shown = try Binary.run(
      "data show AAA --from sqlite:a.db --interval 5min --json", in: folder.path)
    #expect(shown.status == 0, "\(shown.errors)")
    let object = try shown.object
    #expect((object["bars"] as? [Any])?.count == 390 && object["prices"] as? String == "as traded")
    let picture = try Binary.run("data show AAA --from sqlite:a.db -i 5min", in: folder.path)
    let lines = picture.output.split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= 100 })
    #expect(lines.last?.hasPrefix("next: martinet data show AAA") == true)
  }

  @Test("which of several series is meant must be said") func several() throws {
    let folder = try ScratchFolder("bars")
    for interval in ["1d", "1h"] {
      let made = try Binary.run(
        "data generate --symbols AAA --interval \(interval) --days 9 --to sqlite:a.db",
        in: folder.path)
      #expect(made.status == 0, "\(made.errors)")
    }
    for (line, words) in [
      ("data show AAA --from sqlite:a.db", "--interval 1h or 1d"),
      ("data show AAB --from sqlite:a.db", "did you mean AAA?"),
      ("data show AAA --from sqlite:a.db -i 5min", "did you mean AAA"),
      ("data show AAA --from sqlite:none.db", "fix:"),
      ("data show AAA --from sqlite:a.db -i 1d --timerange 20300101-", "choose a --timerange"),
      ("data aggregate --from sqlite:a.db --to sqlite:a.db -i 30min", "choose a longer interval"),
      ("data generate --symbols AAA --interval 10s --to sqlite:a.db", "choose 1min or longer"),
      ("data generate --symbols AAA --days 3 --defects all --to sqlite:a.db", "name fewer defects"),
      ("data generate --to sqlite:a.db", "--symbols"),
    ] {
      let run = try Binary.run(line, in: folder.path)
      #expect(run.status == 2 || run.status == 1, "\(line)")
      #expect(run.isExplained && run.errors.contains(words), "\(line): \(run.errors)")
    }
  }

  @Test("a folder of made-up bars is read back, with what was planted told") func folder() throws {
    let folder = try ScratchFolder("bars")
    let made = try Binary.run(
      "data generate --symbols GOOD --interval 5min --days 3 --out bars", in: folder.path)
    #expect(made.status == 0, "\(made.errors)")
    let shown = try Binary.run(
      "data show GOOD --data bars --svg out/good.svg --html out/good.html", in: folder.path)
    #expect(shown.status == 0, "\(shown.errors)")
    #expect(
      shown.output.contains("drawing  out/good.svg") && shown.output.contains("page  out/good.html")
    )
    let svg = try String(contentsOfFile: folder.path("out/good.svg"), encoding: .utf8)
    #expect(svg.hasPrefix("<svg") && svg.contains("GOOD 5min, 2024-01-02 to 2024-01-04, 234 bars"))
    let bad = try Binary.run(
      "data generate --symbols BAD -i 5min --days 20 --defects all --out bad --json",
      in: folder.path)
    let planted = try bad.object["planted"] as? [[String: Any]]
    #expect(planted?.count == 17)
  }

  @Test("the same words make the same files") func sameBytes() throws {
    let folder = try ScratchFolder("bars")
    for out in ["a", "b"] {
      let line = "data generate --symbols AAA,BBB -i 1h --days 30 --seed 9 --out \(out)"
      #expect(try Binary.run(line, in: folder.path).status == 0)
    }
    for file in ["AAA.csv", "BBB.csv", "source.yaml"] {
      let (a, b) = (folder.path("a/\(file)"), folder.path("b/\(file)"))
      #expect(FileManager.default.contentsEqual(atPath: a, andPath: b))
    }
  }

  @Test("the page draws candles and volumes without an error", .needs(.chromium))
  func page() throws {
    let folder = try ScratchFolder("bars")
    let data = Package.path("Samples/minute")
    let run = try Binary.run(
      ["data", "show", "SPY", "--data", data, "--html", "spy.html"], in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    let browser = try Browser()
    defer { browser.stop() }
    for width in [390, 1280] {
      let page = try browser.open(file: folder.path("spy.html"), width: width)
      #expect(page.errors.isEmpty, "\(page.errors)")
      #expect(try page.sidewaysOverflow() == 0)
      #expect(
        try page.evaluate("document.querySelectorAll('.live canvas').length > 2", as: Bool.self))
    }
  }
}
