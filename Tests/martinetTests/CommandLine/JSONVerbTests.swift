import Foundation
import TestKit
import Testing

@Suite("Verbs that answer programs, and demos and settings that cannot be") struct JSONVerbTests {
  @Test("the demo gives its figures with the proof") func demo() throws {
    let folder = try ScratchFolder("demo")
    let run = try Binary.run(["demo", "--json"], in: folder.path, limit: 300)
    #expect(run.status == 0, "\(run.errors)")
    let object = try run.object
    #expect(object["report"] as? String == "demo/report.html")
    #expect((object["certificate"] as? [String: Any])?["verdict"] as? String == "clean")
    #expect(
      (object["runs"] as? [Any])?.count == 7 && (object["models"] as? [Any])?.count == 3
        && (object["paper"] as? [Any])?.isEmpty == false)
  }

  @Test("init, new and completions name what they made") func made() throws {
    let folder = try ScratchFolder("init")
    let made = try Binary.run("init mine --json", in: folder.path).object
    #expect((made["files"] as? [String])?.contains("config/base.yaml") == true, "\(made)")
    let added = try Binary.run("new config cheap --json", in: folder.path("mine")).object
    #expect(added["file"] as? String == "config/cheap.yaml")
    let script = try Binary.run("completions zsh --json").object
    #expect(script["shell"] as? String == "zsh")
    #expect((script["script"] as? String)?.hasPrefix("#compdef martinet\n") == true)
  }

  @Test("without its sample data the demo says where to run it") func noSamples() throws {
    let folder = try ScratchFolder("bare")
    // Alone in a folder, with the libraries it was linked to, it has no samples near it.
    let run = try Command.run(
      "bash", ["-c", "cp '\(Binary.path)' alone && exec ./alone demo"],
      environment: ["LD_LIBRARY_PATH": Package.path(".deps/lib")], folder: folder.path)
    #expect(run.status == 1, "\(run.output)\(run.errors)")
    #expect(run.isExplained && run.errors.contains("make demo"), "\(run.errors)")
  }

  @Test("buying and holding, several trials and settings at odds are told as such") func told()
    throws
  {
    let folder = try ScratchFolder("told")
    let data = ["backtest", "--data", Package.path("Samples/daily"), "--symbols", "SPY"]
    let held = try Binary.run(data + ["-s", "buy_and_hold", "--json"], in: folder.path)
    #expect(held.status == 0, "\(held.errors)")
    #expect(try held.object["strategy"] as? String == "buy and hold")
    let odd = try Binary.run(
      data + ["--set", "sma_cross.fast=60", "--set", "sma_cross.slow=20"], in: folder.path)
    #expect(odd.status == 2 && odd.errors.contains("60 is not below slow"), "\(odd.errors)")
    let second = try Binary.run(data + ["-s", "breakout"], in: folder.path)
    let text = second.output.replacing("\n", with: " ")
    #expect(
      text.contains("Against the best of the 2 settings tried on these bars"), "\(second.output)")
  }

  @Test("columns are mapped by flag, and a map that is none is refused") func columns() throws {
    let folder = try ScratchFolder("columns")
    try "date,open,high,low,Last\n2024-01-02,1,2,1,2\n".write(
      toFile: folder.path("X.csv"), atomically: true, encoding: .utf8)
    let wrong = try Binary.run("backtest --data . --columns closeLast", in: folder.path)
    #expect(wrong.status == 2 && wrong.isExplained, "\(wrong.errors)")
    #expect(wrong.errors.contains("close=Last"))
    let plain = try Binary.run("backtest --data .", in: folder.path)
    #expect(plain.errors.contains("\"close\" is missing"), "\(plain.errors)")
    let mapped = try Binary.run(
      "config show --json --set columns=close=Last", in: folder.path
    ).object
    let resolved = mapped["resolved"] as? [String: Any]
    #expect(resolved?["columns"] as? [String] == ["close=Last"], "\(mapped)")
  }
}
