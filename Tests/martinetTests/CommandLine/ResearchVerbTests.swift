import Foundation
import TestKit
import Testing

@Suite("martinet sweep and walkforward") struct ResearchVerbTests {
  private let data = Package.path("Samples/daily")

  private func run(_ line: String, in folder: ScratchFolder) throws -> Command {
    try Binary.run(line.split(separator: " ").map(String.init) + ["--data", data], in: folder.path)
  }

  @Test(
    "a sweep ends with 0 and the path of what it wrote; the best runs again to the same figures")
  func sweep() throws {
    let folder = try ScratchFolder("sweep")
    let line =
      "sweep --strategy sma_cross --grid fast=5..9,slow=20..60:10 --symbols NVDA --json"
    let found = try run(line, in: folder)
    #expect(found.status == 0, "\(found.errors)")
    let json = try found.object
    for key in ["report", "results"] {
      let path = try #require(json[key] as? String)
      #expect(FileManager.default.fileExists(atPath: folder.path(path)))
    }
    let page = try String(
      contentsOfFile: folder.path(json["report"] as? String ?? ""), encoding: .utf8)
    #expect(page.contains("<svg") && page.contains("Sharpe ratio by fast and slow"))
    #expect(!page.contains("src=") && !page.contains("href="))
    let best = try #require(json["best"] as? [String: Any])
    let id = try #require(best["trial"] as? String)
    let again = try Binary.run(["backtest", "--trial", id, "--json"], in: folder.path)
    #expect(again.status == 0, "\(again.errors)")
    let figures = try again.object
    for key in ["return", "sharpe", "max_drawdown", "equity_final", "fees"] {
      #expect(best[key] as? Double == figures[key] as? Double, "\(key)")
    }
    // The same command again: nothing is tried anew, and the ledger counts it once.
    let second = try run(line, in: folder)
    let deflation = try #require(try second.object["deflation"] as? [String: Any])
    let independent = try #require(json["independent"] as? Double)
    #expect(deflation["independent_trials"] as? Double == independent)
  }

  @Test("a back-test of the ledger runs again to the byte, and other bars are refused")
  func trial() throws {
    let folder = try ScratchFolder("trial")
    let copy = folder.path("bars")
    try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: true)
    for name in ["NVDA.csv", "source.yaml"] {
      try FileManager.default.copyItem(atPath: "\(data)/\(name)", toPath: "\(copy)/\(name)")
    }
    let line = [
      "backtest", "--strategy", "breakout", "--symbols", "NVDA", "--data", "bars", "--json",
    ]
    let first = try Binary.run(line, in: folder.path)
    #expect(first.status == 0, "\(first.errors)")
    let again = try Binary.run(["backtest", "--trial", "1", "--json"], in: folder.path)
    #expect(again.output == first.output, "\(again.errors)")
    for (flags, words) in [
      (["--trial", "7"], "there are trials 1 to 1"), (["--trial", "1.5"], "back-test"),
      (["--trial", "x"], "not the number of a trial"),
      (["--trial", "1", "--fee", "0.01"], "would make it another trial"),
    ] {
      let wrong = try Binary.run(["backtest"] + flags, in: folder.path)
      #expect(wrong.status == 2 && wrong.errors.contains(words), "\(wrong.errors)")
    }
    var text = try String(contentsOfFile: "\(copy)/NVDA.csv", encoding: .utf8)
    text = text.split(separator: "\n").dropLast().joined(separator: "\n") + "\n"
    try text.write(toFile: "\(copy)/NVDA.csv", atomically: true, encoding: .utf8)
    let other = try Binary.run(["backtest", "--trial", "1"], in: folder.path)
    #expect(other.status == 3 && other.errors.contains("not those of the trial"), "\(other.errors)")
  }

  @Test(
    "walk-forward ends with 0 and a page; a frozen choice trades later days and no earlier ones")
  func walkForward() throws {
    let folder = try ScratchFolder("walk")
    let line = "walkforward --strategy sma_cross --symbols NVDA --timerange 20100101-20191231"
    let found = try run(line + " --freeze choice.json --report walk.html --json", in: folder)
    #expect(found.status == 0, "\(found.errors)")
    let json = try #require(try found.object["walk_forward"] as? [String: Any])
    #expect((json["folds"] as? [Any])?.count ?? 0 > 10)
    #expect((json["paths"] as? [String: Any])?["folds"] as? Int == 15)
    let page = try String(contentsOfFile: folder.path("walk.html"), encoding: .utf8)
    #expect(page.contains("Every choice") && page.contains("Paths out of sample"))
    let again = try Binary.run(
      "report walk.html --report again.html --open=false", in: folder.path)
    #expect(again.status == 0, "\(again.errors)")
    let later = try run("walkforward --frozen choice.json --symbols NVDA --json", in: folder)
    #expect(later.status == 0, "\(later.errors)")
    #expect(try later.object["start"] as? String == "2020-01-02")
    let early = try run(
      "walkforward --frozen choice.json --symbols NVDA --timerange 20190601-20201231", in: folder)
    #expect(early.status == 3 && early.errors.contains("2019-12-31"), "\(early.errors)")
    let shown = try Binary.run("report trials --json", in: folder.path)
    #expect(try shown.object["lines"] as? Int == 2)
    // Every setting that was searched counts, and what was traded.
    let searched = try #require(json["settings"] as? Int)
    let data = try #require(try shown.object["data"] as? [[String: Any]])
    #expect(data.contains { $0["settings"] as? Int == searched + 1 })
  }

  @Test("the parameters of rules are swept, run again and walked forward, in the file's own words")
  func ofRules() throws {
    let folder = try ScratchFolder("rules")
    let file = folder.path("trend.yaml")
    try FileManager.default.copyItem(
      atPath: Package.path("Samples/rules/trend.yaml"), toPath: file)
    let line =
      "sweep --rules trend.yaml --grid fast=10|20,slow=60|100 --symbols NVDA,MSFT --json"
    let found = try run(line, in: folder)
    #expect(found.status == 0, "\(found.errors)")
    let best = try #require(try found.object["best"] as? [String: Any])
    let id = try #require(best["trial"] as? String)
    let again = try Binary.run(["backtest", "--trial", id, "--json"], in: folder.path)
    #expect(again.status == 0, "\(again.errors)")
    for key in ["return", "sharpe", "max_drawdown", "equity_final", "fees"] {
      #expect(best[key] as? Double == (try again.object[key] as? Double), "\(key)")
    }
    let once = try String(contentsOfFile: folder.path("report.json"), encoding: .utf8)
    let twice = try Binary.run(["backtest", "--trial", id, "--json"], in: folder.path)
    #expect(twice.output == again.output)
    #expect(try String(contentsOfFile: folder.path("report.json"), encoding: .utf8) == once)
    let walked = try run(
      "walkforward --rules trend.yaml --grid fast=10|20 --symbols NVDA --timerange -20191231 "
        + "--freeze choice.json --json", in: folder)
    #expect(walked.status == 0, "\(walked.errors)")
    #expect((try walked.object["walk_forward"] as? [String: Any])?["settings"] as? Int == 2)
    let page = try String(contentsOfFile: folder.path("report.html"), encoding: .utf8)
    #expect(page.contains("trend with a floor walk-forward"))
    let later = try run(
      "walkforward --frozen choice.json --symbols NVDA --timerange 20200101- --json", in: folder)
    #expect(later.status == 0, "\(later.errors)")
    // Other rules under the same name are other trials.
    try String(contentsOfFile: file, encoding: .utf8).replacing("< 80", with: "< 75")
      .write(toFile: file, atomically: true, encoding: .utf8)
    let changed = try Binary.run(["backtest", "--trial", id], in: folder.path)
    #expect(
      changed.status == 3 && changed.errors.contains("the file was changed"), "\(changed.errors)")
    try String(contentsOfFile: file, encoding: .utf8).replacing(
      "mean(close, fast) >", with: "ref(close, -1) >"
    )
    .write(toFile: file, atomically: true, encoding: .utf8)
    for verb in ["sweep --grid fast=10|20", "walkforward", "backtest"] {
      let ahead = try run("\(verb) --rules trend.yaml --symbols NVDA", in: folder)
      #expect(ahead.status == 3 && ahead.errors.contains("reads the next bar"), "\(ahead.errors)")
    }
  }

  @Test("wrong ranges and names are refused with 2, and nothing is written")
  func refusals() throws {
    let folder = try ScratchFolder("refusals")
    for (flags, words) in [
      ("--grid fats=5..9,slow=20", "did you mean fast?"),
      ("--grid fast=5..,slow=20", "without an end"),
      ("--grid fast=50..60,slow=20..30", "no combination"),
      ("--grid fast=5..9 --random 3 --latin 3", "give one of them"),
    ] {
      let wrong = try run("sweep --strategy sma_cross --symbols NVDA " + flags, in: folder)
      #expect(
        wrong.status == 2 && wrong.isExplained && wrong.errors.contains(words), "\(wrong.errors)")
    }
    let none = try run("sweep -s buy_and_hold --grid fast=5 --symbols NVDA", in: folder)
    #expect(none.status == 2 && none.errors.contains("no parameters to try"))
    let guest = try run(
      "walkforward --process python3,x.py --symbols NVDA", in: folder)
    #expect(guest.status == 2 && guest.isExplained && guest.errors.contains("own strategies only"))
    let missing = try run("sweep -s sma_cross --grid fast=5,slow=20 --symbols NVDX", in: folder)
    #expect(missing.status == 2 || missing.status == 1)
    #expect(!FileManager.default.fileExists(atPath: folder.path("sweeps")))
    #expect(!FileManager.default.fileExists(atPath: folder.path("report.html")))
  }

  @Test("a sweep that is killed goes on where it was, to the same result")
  func killed() throws {
    let folder = try ScratchFolder("killed")
    let line =
      "sweep --strategy sma_cross --grid fast=2..40,slow=41..80 --symbols NVDA --json --out s"
    let flags = line.split(separator: " ").map(String.init) + ["--data", data]
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Binary.path)
    process.arguments = flags
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["MARTINET_STATE": folder.path("state")]) { _, new in new }
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    let part = folder.path("s/part-0.json")
    for _ in 0..<2000 where !FileManager.default.fileExists(atPath: part) { usleep(5000) }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    let kept = try FileManager.default.attributesOfItem(atPath: part)[.modificationDate] as? Date
    let resumed = try Binary.run(flags, in: folder.path)
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(
      try FileManager.default.attributesOfItem(atPath: part)[.modificationDate] as? Date == kept)
    let whole = try Binary.run(
      flags.map { $0 == "s" ? "whole" : $0 }, in: folder.path)
    let (a, b) = (
      try String(contentsOfFile: folder.path("s/part-3.json"), encoding: .utf8),
      try String(contentsOfFile: folder.path("whole/part-3.json"), encoding: .utf8)
    )
    #expect(whole.status == 0 && a == b)
    #expect(try resumed.object["settings"] as? Int == 1560)
  }
}

@Suite("martinet prove strategy") struct ProveStrategyTests {
  @Test("a shipped strategy is clean on sample bars, with as many cuts as asked for")
  func clean() throws {
    let run = try Binary.run(
      "prove strategy --strategy breakout --symbols NVDA --cuts 6 --json --timerange 20150101-20181231 --data "
        + Package.path("Samples/daily"))
    #expect(run.status == 0, "\(run.errors)")
    #expect(try run.object["clean"] as? Bool == true)
    #expect(try run.object["worlds"] as? Int == 24)
    #expect((try run.object["orders"] as? Int ?? 0) > 0)
  }
}
