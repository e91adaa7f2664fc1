import Foundation
import TestKit
import Testing

/// The built bench program, with its inputs in a folder of the test's own.
private struct Bench {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  func run(
    _ line: String, limit: Int = 60, environment: [String: String] = [:]
  ) throws -> Command {
    let settings = ["LC_ALL": "C.UTF-8", "COLUMNS": "200", "NO_COLOR": ""]
    let words = line.split(separator: " ").map(String.init) + ["--data", folder.path("data")]
    return try Command.run(
      Package.executable("bench"), words, limit: limit,
      environment: settings.merging(environment) { $1 }, folder: Package.root)
  }

  /// Runs a small exp_f32 against a peer that answers `load` and `run` as the body says.
  func runAgainst(_ body: String, deadline: Int = 20) throws -> Command {
    let script = """
      import json, math, struct, sys, time
      def load(m):
          data = open(m["inputs"][0]["path"], "rb").read()
          return [math.exp(x) for x in struct.unpack(f"<{len(data) // 4}f", data)]
      def ready(m, values):
          open(m["output"], "wb").write(struct.pack(f"<{len(values)}f", *values))
          say({"ready": m["case"], "output": m["output"], "dtype": "<f4", "version": "Fake 1.0"})
      def say(answer):
          print(json.dumps(answer), flush=True)
      for line in sys.stdin:
          m = json.loads(line)
      \(body.split(separator: "\n").map { "    " + $0 }.joined(separator: "\n"))
      """
    try folder.write("torch_kernels.py", script)
    return try run(
      "numerics/exp_f32 --tiny --peer --json --deadline \(deadline) --scripts \(folder.root)")
  }
}

@Suite("Bench measures rows, alone and beside a peer")
struct BenchTests {
  private static let honest = """
    if m["command"] == "load":
        ready(m, load(m))
    elif m["command"] == "run":
        say({"seconds": 0.001})
    """

  @Test("the list is JSON: bench, case, peer, target and unit of every row")
  func list() throws {
    let command = try Bench().run("--list --json")
    #expect(command.status == 0)
    let read = try JSONSerialization.jsonObject(with: Data(command.output.utf8))
    let rows = try #require(read as? [[String: Any]])
    #expect(rows.contains { $0["case"] as? String == "exp_f32" && $0["target"] as? Double == 2 })
    for row in rows { #expect(Set(row.keys) == ["bench", "case", "peer", "target", "unit"]) }
  }

  @Test("every row runs without a peer", arguments: [("numerics", 8), ("data", 6), ("risk", 1)])
  func alone(bench: String, rows: Int) throws {
    let command = try Bench().run("\(bench) --tiny --json")
    #expect(command.status == 0, "\(command.errors)")
    let lines = command.output.split(separator: "\n")
    #expect(lines.count == rows)
    for line in lines {
      let read = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      let row = try #require(read)
      #expect((row["ours"] as? Double ?? 0) > 0)
      #expect((row["limit"] as? Double ?? 0) > 0)
      #expect(row["peer"] is NSNull)
    }
  }

  @Test("the line says how many threads there really are, whoever set them")
  func threads() throws {
    let flag = try Bench().run("numerics/exp_f32 --tiny --json --threads 1")
    #expect(try flag.object["threads"] as? Int == 1)
    let both = try Bench().run(
      "numerics/exp_f32 --tiny --json --threads 1", environment: ["MARTINET_THREADS": "3"])
    #expect(try both.object["threads"] as? Int == 3)
    #expect(both.errors.contains("MARTINET_THREADS sets 3 threads, not 1"))
    let wrong = try Bench().run(
      "numerics/exp_f32 --tiny", environment: ["MARTINET_THREADS": "many"])
    #expect(wrong.status == 2)
    #expect(wrong.errors.contains("'many' is not a number of threads"))
  }

  @Test("a peer that agrees gives the line of the contract, with its own seconds")
  func agreement() throws {
    let command = try Bench().runAgainst(Self.honest)
    #expect(command.status == 0, "\(command.errors)")
    let row = try command.object
    #expect(
      Set(row.keys) == [
        "bench", "case", "ours", "peer", "peer_name", "unit", "better", "ratio", "ratio_min", "n",
        "threads", "agree", "max_err", "limit", "limit_share", "limit_by", "cpu", "kernels", "size",
      ])
    #expect(row["agree"] as? Bool == true)
    #expect(row["peer_name"] as? String == "Fake 1.0")
    // 1024 elements in a millisecond.
    #expect(row["peer"] as? Double == 0.001024)
    #expect(row["n"] as? Int == 5)
    #expect((row["ratio"] as? Double ?? 0) >= (row["ratio_min"] as? Double ?? .infinity))
  }

  @Test("outputs that differ make the line void, and the program says so to scripts")
  func disagreement() throws {
    let command = try Bench().runAgainst(
      Self.honest.replacing("ready(m, load(m))", with: "ready(m, [2 * x for x in load(m)])"))
    #expect(command.status == 3)
    let row = try command.object
    #expect(row["agree"] as? Bool == false)
    #expect((row["max_err"] as? Double ?? 0) > 0.4)
  }

  @Test("a peer that hangs is ended at its deadline, with a diagnosis")
  func hang() throws {
    let start = ContinuousClock.now
    let bench = try Bench()
    let command = try bench.runAgainst(
      """
      open(__file__ + ".pid", "w").write(str(__import__("os").getpid()))
      time.sleep(600)
      """, deadline: 1)
    #expect(ContinuousClock.now - start < .seconds(30))
    #expect(command.status == 1)
    #expect(command.errors.contains("within 1 s"))
    let number = try String(
      contentsOfFile: bench.folder.path("torch_kernels.py.pid"), encoding: .utf8)
    let peer = try #require(pid_t(number))
    #expect(kill(peer, 0) == -1, "the peer still runs")
  }

  @Test(
    "an answer that is none is an error that shows it",
    arguments: ["print('hello', flush=True)", "say({'ready': 'other'})", "say([])"])
  func nonsense(body: String) throws {
    let command = try Bench().runAgainst(body)
    #expect(command.status == 1)
    #expect(command.errors.contains("an answer that is none"))
  }

  @Test("a peer that ends is an error, not a wait")
  func ends() throws {
    let command = try Bench().runAgainst("sys.exit(1)")
    #expect(command.status == 1)
    #expect(command.errors.contains("ended instead of answering"))
  }

  @Test("a row that does not exist is refused with the nearest one")
  func unknownRow() throws {
    let command = try Bench().run("numerics/exp_f33")
    #expect(command.status == 2)
    #expect(command.errors.contains("did you mean: bench numerics/exp_f32"))
  }

  @Test("a bench that does not exist is refused in plain words, by every verb that takes a name")
  func unknownBench() throws {
    for line in ["numeric", "zzzz --list", "zzzz --peer --json", "memory zzzz"] {
      let command = try Bench().run(line)
      #expect(command.status == 2, "\(line)")
      #expect(command.errors.contains("there is no row"), "\(line): \(command.errors)")
      #expect(command.output.isEmpty)
    }
    #expect(try Bench().run("numeric").errors.contains("did you mean: bench numerics"))
  }

  @Test("without --json a table, with what it was measured on below")
  func table() throws {
    let command = try Bench().run("numerics/sgemm_256 --tiny")
    #expect(command.status == 0, "\(command.errors)")
    let lines = command.output.split(separator: "\n")
    #expect(lines.first?.contains("verdict") == true)
    #expect(lines.contains { $0.contains("numerics/sgemm_256") && $0.contains("GFLOP/s") })
    #expect(lines.last?.hasPrefix("on ") == true)
    #expect(lines.last?.contains("OpenBLAS") == true && lines.last?.contains("threads: 2") == true)
    let list = try Bench().run("--list")
    #expect(list.status == 0 && list.output.contains("numerics/exp_f32"))
    #expect(throws: (any Error).self) { try list.object }
  }

  @Test("limits are the peaks that rows are held against, as a table and as lines of JSON")
  func limits() throws {
    let command = try Bench().run("limits --tiny --json --threads 1")
    #expect(command.status == 0, "\(command.errors)")
    var rates: [String: Double] = [:]
    for line in command.output.split(separator: "\n") {
      let read = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      let limit = try #require(read)
      #expect(Set(limit.keys) == ["limit", "threads", "rate", "unit"])
      #expect(limit["threads"] as? Int == 1)
      rates[try #require(limit["limit"] as? String)] = try #require(limit["rate"] as? Double)
    }
    let levels = ["L1", "L2", "L3", "memory"].flatMap { level in
      ["read", "copy", "triad"].map { "\(level) \($0)" }
    }
    #expect(
      Set(rates.keys) == Set(["f32 FMA", "f64 FMA", "bf16 FMA", "fdatasync of 4 KiB"] + levels))
    #expect(rates.values.allSatisfy { $0 > 0 && $0.isFinite })
    let words = try Bench().run("limits --tiny --threads 1")
    #expect(words.status == 0 && words.output.contains("fdatasync of 4 KiB"))
  }

  @Test("peers that are not installed are a diagnosis that says how to get them")
  func noPeers() throws {
    let bench = try Bench()
    let command = try Command.run(
      Package.executable("bench"),
      ["numerics/exp_f32", "--tiny", "--peer", "--json", "--data", bench.folder.path("data")],
      environment: ["LC_ALL": "C.UTF-8"], folder: bench.folder.root)
    #expect(command.status == 1)
    #expect(command.errors.contains("the peers are not installed"))
    #expect(command.errors.contains("make peers"))
  }

  @Test("the page keeps rows that were not measured again")
  func page() throws {
    let bench = try Bench()
    let page = bench.folder.path("page.md")
    #expect(try bench.run("numerics/exp_f32 --tiny --page \(page)").status == 0)
    #expect(try bench.run("numerics/tanh_f32 --tiny --page \(page)").status == 0)
    let text = try String(contentsOfFile: page, encoding: .utf8)
    #expect(text.contains("| numerics/exp_f32 |") && text.contains("| numerics/tanh_f32 |"))
    #expect(text.split(separator: "\n").count { $0.hasPrefix("{\"date\":") } == 2)
  }
}
