import Foundation
import TestKit
import Testing

@Suite("martinet data check and clean, as a person runs them")
struct DataQualityVerbTests {
  /// Days of 2024 in a file, with what a test wants wrong.
  private func folder(_ change: (inout [String]) -> Void = { _ in }) throws -> ScratchFolder {
    let folder = try ScratchFolder("quality")
    // The sessions of March 2024, which Good Friday ends on the 28th.
    let days = [1, 4, 5, 6, 7, 8, 11, 12, 13, 14, 15, 18, 19, 20, 21, 22, 25, 26, 27, 28]
    var lines = days.enumerated().map { index, day in
      let price = 100 + Double(index % 5)
      return
        "2024-03-\(day < 10 ? "0" : "")\(day),\(price),\(price + 1),\(price - 1),\(price + 0.5),1000"
    }
    change(&lines)
    let text = (["date,open,high,low,close,volume"] + lines).joined(separator: "\n") + "\n"
    try text.write(toFile: folder.path("TEST.csv"), atomically: true, encoding: .utf8)
    try "stamp: session\nzone: America/New_York\nadjustment: none\n".write(
      toFile: folder.path("source.yaml"), atomically: true, encoding: .utf8)
    return folder
  }

  private func lines(_ run: Command) throws -> [[String: Any]] {
    try run.output.split(separator: "\n").map { line in
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8))
      return try #require(object as? [String: Any])
    }
  }

  @Test("clean bars end with 0, and findings in JSON are one line each, errors end with 3")
  func check()
    throws
  {
    let good = try folder()
    let fine = try Binary.run("data check --data . --json", in: good.path(""))
    #expect(fine.status == 0, "\(fine.errors)\(fine.output)")
    let bad = try folder { lines in
      lines[5] = "2024-03-08,100,99,101,100,1000"
      lines.remove(at: 10)
    }
    let run = try Binary.run("data check --data . --json", in: bad.path(""))
    #expect(run.status == 3, "\(run.errors)\(run.output)")
    let found = try lines(run)
    #expect(found.contains { $0["code"] as? String == "high_below_low" })
    #expect(found.contains { $0["code"] as? String == "missing_bars" })
    #expect(run.output.hasPrefix("{\"code\":\""))
    let first = try #require(run.output.split(separator: "\n").first)
    let keys = ["code", "severity", "symbol", "timestamp", "found", "action"]
    let places = keys.compactMap { first.firstRange(of: "\"\($0)\":")?.lowerBound }
    #expect(places.count == 6 && places == places.sorted(), "\(first)")
  }

  @Test("the table has a line for each kind, the verdict and what to do next; a page is written")
  func table() throws {
    let bad = try folder { lines in
      for row in [3, 6, 9] { lines[row] = lines[row].replacing(",1000", with: ",0") }
    }
    let run = try Binary.run("data check --data . --report out/page.html", in: bad.path(""))
    #expect(run.status == 0, "\(run.errors)\(run.output)")
    #expect(run.output.contains("warning   TEST    zero_volume"), "\(run.output)")
    #expect(run.output.contains("can be used with care"))
    #expect(run.output.contains("out/page.html"))
    let page = try String(contentsOfFile: bad.path("out/page.html"), encoding: .utf8)
    #expect(page.contains("zero_volume"))
    let verbose = try Binary.run("data check --data . -v", in: bad.path(""))
    #expect(verbose.output.components(separatedBy: "zero_volume").count == 4, "\(verbose.output)")
  }

  @Test("bars on closed days, twice and out of order are findings of a folder as of a store")
  func whole() throws {
    let bad = try folder { lines in
      lines.append("2024-03-29,100,101,99,100.5,1000")
      lines.append("2024-03-30,100,101,99,100.5,1000")
      lines.append(lines[3])
    }
    let run = try Binary.run("data check --data . --json", in: bad.path(""))
    #expect(run.status == 3, "\(run.errors)\(run.output)")
    let found = try lines(run).compactMap { $0["code"] as? String }
    #expect(found.contains("bar_on_closed_day") && found.contains("duplicate_bar"), "\(found)")
    let imported = try Binary.run("data import TEST.csv --to sqlite:m.db --json", in: bad.path(""))
    #expect(imported.status == 0, "\(imported.errors)")
    let stored = try Binary.run("data check --from sqlite:m.db --json", in: bad.path(""))
    #expect(stored.output.contains("bar_on_closed_day"))
  }

  @Test("settings say how strict checks are, for each profile") func thresholds() throws {
    let moving = try folder { lines in
      lines[8] = lines[8].replacing(",1000", with: ",0")
      lines[10] = "2024-03-15,100,131,99,130,1000"
      lines[11] = "2024-03-18,130,131,129,130,1000"
    }
    let place = moving.path("")
    func codes(_ words: String) throws -> Set<String> {
      let run = try Binary.run("data check --data . --json " + words, in: place)
      return Set(try lines(run).compactMap { $0["code"] as? String })
    }
    #expect(try codes("").contains("large_move"))
    #expect(try !codes("--set quality.training.large_move=0.9").contains("large_move"))
    #expect(try codes("--set quality.live.large_move=0.9").contains("large_move"))
    let wrong = try Binary.run("data check --data . --set quality.training.window=3", in: place)
    #expect(wrong.status == 2 && wrong.isExplained, "\(wrong.errors)")
  }

  @Test("live asks for fresh bars, training does not") func profiles() throws {
    let good = try folder()
    #expect(try Binary.run("data check --data . --profile training", in: good.path("")).status == 0)
    let live = try Binary.run("data check --data . --profile live --json", in: good.path(""))
    #expect(live.status == 3)
    #expect(try lines(live).contains { $0["code"] as? String == "stale" })
  }

  @Test("another folder is compared with, and a split between the two named") func against() throws
  {
    let ours = try folder()
    let other = try folder { lines in
      lines = lines.map { line in
        let fields = line.split(separator: ",").map(String.init)
        let prices = fields[1...4].map { "\((Double($0) ?? 0) / 10)" }
        return ([fields[0]] + prices + [fields[5]]).joined(separator: ",")
      }
    }
    let run = try Binary.run(
      ["data", "check", "--data", ".", "--against", other.path(""), "--json"], in: ours.path(""))
    #expect(
      try lines(run).contains { $0["code"] as? String == "sources_differ_by_split" },
      "\(run.output)\(run.errors)")
  }

  @Test(
    "what cannot be checked is refused in words",
    arguments: [
      "data check --data nowhere", "data check --data . --symbols NVDA", "data check",
      "data check --data . --from sqlite:x.db", "data check --data . --factors nowhere",
      "data check --data . --interval 5min", "data check --data . --profile strict",
      "data clean --from sqlite:none.db --drop", "data clean --data .",
      "data clean --undo none.json",
    ])
  func refused(line: String) throws {
    let folder = try folder()
    let run = try Binary.run(line, in: folder.path(""))
    #expect(run.status == 1 || run.status == 2, "\(run.status) \(run.output)")
    #expect(run.isExplained, "\(line): \(run.errors)")
  }

  @Test("clean writes under a new name with a sidecar, and undo brings back every bit") func clean()
    throws
  {
    let bad = try folder { lines in
      lines.remove(at: 10)
    }
    let place = bad.path("")
    let clean = try Binary.run("data clean --data . --to sqlite:m.db --fill 2 --json", in: place)
    #expect(clean.status == 0, "\(clean.errors)\(clean.output)")
    let result = try #require(try lines(clean).first)
    let name = try #require(result["cleaned_source"] as? String)
    #expect(name.hasSuffix("_clean"))
    let sidecar = try #require(result["sidecar"] as? String)
    #expect(FileManager.default.fileExists(atPath: bad.path(sidecar)))
    let again = try Binary.run("data clean --data . --to sqlite:m.db --fill 2", in: place)
    #expect(again.status == 3 && again.isExplained, "\(again.errors)")
    let checked = try Binary.run("data check --from sqlite:m.db --json", in: place)
    #expect(
      try !lines(checked).contains { $0["code"] as? String == "missing_bars" }, "\(checked.output)")
    let undo = try Binary.run(
      ["data", "clean", "--undo", sidecar, "--from", "sqlite:m.db", "--json"], in: place)
    #expect(undo.status == 0, "\(undo.errors)")
    #expect(try lines(undo).first?["status"] as? String == "restored")
    #expect(try lines(undo).first?["bars"] as? Int == 19)
    let twice = try Binary.run(
      ["data", "clean", "--undo", sidecar, "--from", "sqlite:m.db"], in: place)
    #expect(twice.output.contains("bit for bit as they were"), "\(twice.errors)")
  }

  @Test("where nothing has to be changed nothing is written") func nothing() throws {
    let good = try folder()
    let run = try Binary.run("data clean --data . --to sqlite:m.db --drop", in: good.path(""))
    #expect(run.status == 0)
    #expect(run.output.contains("nothing had to be changed"), "\(run.output)\(run.errors)")
    #expect(!FileManager.default.fileExists(atPath: good.path("cleaning")))
  }
}
