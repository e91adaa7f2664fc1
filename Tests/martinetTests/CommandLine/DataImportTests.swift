import Foundation
import TestKit
import Testing

@Suite("martinet data import")
struct DataImportTests {
  private func lines(_ command: Command) throws -> [[String: Any]] {
    try command.output.split(separator: "\n").map { line in
      let read = try JSONSerialization.jsonObject(with: Data(line.utf8))
      return try #require(read as? [String: Any])
    }
  }

  @Test("Samples need no flag; a second time nothing is read again")
  func samples() throws {
    let folder = try ScratchFolder("import")
    let words = [
      "data", "import", Package.path("Samples/daily"), "--to", "sqlite:bars.db", "--json",
    ]
    let first = try Binary.run(words, in: folder.path)
    #expect(first.status == 0, "\(first.errors)")
    let objects = try lines(first)
    #expect(objects.count == 13)
    // The first keys of a line are what programs were promised, in that order.
    let start = try #require(first.output.split(separator: "\n").first)
    let keys = ["path", "symbol", "interval", "rows", "first", "last", "status"]
    var position = start.startIndex
    for key in keys {
      let found = try #require(start[position...].range(of: "\"\(key)\":"), "\(key)")
      position = found.upperBound
    }
    let nvidia = try #require(objects.first { $0["symbol"] as? String == "NVDA" })
    #expect(nvidia["rows"] as? Int == 6084 && nvidia["interval"] as? String == "1d")
    #expect(nvidia["status"] as? String == "imported")
    #expect((nvidia["first"] as? String)?.hasPrefix("2000-01-03T14:30:00") == true)
    #expect((nvidia["last"] as? String)?.hasPrefix("2024-03-08T21:00:00") == true)
    let second = try lines(try Binary.run(words, in: folder.path))
    #expect(second.allSatisfy { $0["status"] as? String == "unchanged" })
    #expect(second.map { $0["rows"] as? Int } == objects.map { $0["rows"] as? Int })
  }

  @Test("what is not declared is refused with the flags to add, and the others go on")
  func refused() throws {
    let folder = try ScratchFolder("refused")
    let header = "timestamp,open,high,low,PX_LAST\n"
    try (header + "2024-01-02 09:30,1,1,1,1\n2024-01-02 09:31,1,1,1,1\n").write(
      toFile: folder.path("NVDA.csv"), atomically: true, encoding: .utf8)
    try "no table\n".write(toFile: folder.path("AMD.csv"), atomically: true, encoding: .utf8)
    let columns = ["--columns", "close=PX_LAST", "--to", "sqlite:bars.db"]
    let open = try Binary.run(["data", "import", "."] + columns + ["--json"], in: folder.path)
    #expect(open.status == 1)
    let refusals = try lines(open)
    #expect(refusals.map { $0["status"] as? String } == ["refused", "refused"])
    let remedy = try #require(refusals.last?["remedy"] as? String)
    #expect(remedy == "if so, add --stamp start --zone America/New_York --adjustment none")
    let flags = remedy.split(separator: " ").dropFirst(3).map(String.init)
    let declared = try Binary.run(
      ["data", "import", "NVDA.csv"] + columns + flags, in: folder.path)
    #expect(declared.status == 0, "\(declared.errors)")
    #expect(declared.output.contains("stamped start, America/New_York, adjusted: none"))
  }

  @Test("nothing to import, and a path that is not there, are wrong usage or refused")
  func paths() throws {
    let none = try Binary.run(["data", "import"])
    #expect(none.status == 2 && none.isExplained, "\(none.errors)")
    let folder = try ScratchFolder("paths")
    let missing = try Binary.run(
      ["data", "import", "no/such/file.csv", "--to", "sqlite:x.db"], in: folder.path)
    #expect(missing.status == 1 && missing.errors.contains("No such file"), "\(missing.errors)")
    let name = "AAPL_2012-06-21_34200000_57600000_message_1.csv"
    try "34200,1,1,1,1,1\n".write(toFile: folder.path(name), atomically: true, encoding: .utf8)
    let books = try Binary.run(["data", "import", name, "--to", "sqlite:x.db"], in: folder.path)
    #expect(books.status == 1 && books.errors.contains("--to lake:"), "\(books.errors)")
  }

  /// The most memory a run held, in kilobytes, looked at every few milliseconds.
  private func peak(_ words: String, in folder: String) throws -> (Command, Int) {
    let watch = """
      "$0" \(words) & child=$!
      while read -r _ kilobytes _ < <(grep VmHWM /proc/$child/status 2>/dev/null); do
        echo "$kilobytes" > peak; sleep 0.02
      done
      wait $child
      """
    let command = try Command.run(
      "/bin/bash", ["-c", watch, Binary.path], limit: 900, folder: folder)
    let text = try String(contentsOfFile: folder + "/peak", encoding: .utf8)
    return (command, Int(text.trimmingCharacters(in: .whitespacesAndNewlines)) ?? .max)
  }

  @Test("a file far larger than the memory for it is imported under 300 MB")
  func memory() throws {
    let folder = try ScratchFolder("large")
    let rows = FuzzBudget.inputs(usual: 1_200_000, nightly: 45_000_000)
    let file = try #require(fopen(folder.path("LARGE.csv"), "w"))
    fputs("timestamp,open,high,low,close,volume\n", file)
    for row in 0..<rows {
      fputs("\(1_000_000_000 + 10 * row),101.25,102.5,100.75,101.5,\(1000 + row % 1000)\n", file)
    }
    fclose(file)
    let flags = "--stamp start --zone America/New_York --adjustment none --json"
    let (command, kilobytes) = try peak(
      "data import LARGE.csv --to sqlite:bars.db \(flags)", in: folder.path)
    #expect(command.status == 0, "\(command.errors)")
    let line = try lines(command)
    #expect(line.first?["rows"] as? Int == rows)
    #expect(kilobytes < 300_000, "\(kilobytes) kB")
  }
}
