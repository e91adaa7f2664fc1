import Foundation
import Market
import Runtime
import TestKit
import Testing

@Suite("martinet data fetch and update", .timeLimit(.minutes(3))) struct DataFetchVerbTests {
  /// The sessions of the last weeks that are over, as Yahoo stamps them.
  private static func stamps() throws -> [Int64] {
    let now = SystemTime().now
    let today = Zone.newYork.date(at: now)
    return try TradingCalendar.nasdaq.sessions(in: today.advanced(by: -60)...today)
      .filter { $0.close <= now }.map { $0.open.nanoseconds / Timestamp.nanosecondsPerSecond }
  }

  private func server(
    _ bodies: [String: YahooPlayback], failing: Set<String> = []
  ) throws -> PlaybackServer {
    try PlaybackServer { request in
      let symbol = String(request.path.split(separator: "/").last ?? "")
      guard let playback = bodies[symbol], !failing.contains(symbol) else {
        return YahooPlayback.refusal(
          404, code: "Not Found", "No data found, symbol may be delisted")
      }
      return playback.answer(to: request)
    }
  }

  private func run(
    _ line: String, _ server: PlaybackServer, in folder: ScratchFolder
  ) throws -> Command {
    try Binary.run(
      ["data"] + line.split(separator: " ").map(String.init) + ["--base-url", server.base],
      in: folder.path, environment: ["MARTINET_STATE": folder.path("state")])
  }

  private func lines(_ run: Command) throws -> [[String: Any]] {
    try run.output.split(separator: "\n").map { line in
      try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] ?? [:]
    }
  }

  @Test("fetches symbols, goes on past one that fails, and keeps what came") func fetch() throws {
    let folder = try ScratchFolder("fetch")
    let rows = YahooPlayback.rising(try Self.stamps())
    let server = try server([
      "NVDA": YahooPlayback("NVDA", rows), "AMD": YahooPlayback("AMD", rows),
    ])
    let line = "fetch --symbols NVDA,GONE,AMD --interval 1d --to sqlite:a.db --json"
    let first = try run(line, server, in: folder)
    #expect(first.status == 1, "\(first.output)\(first.errors)")
    let found = try lines(first)
    #expect(found.map { $0["symbol"] as? String } == ["NVDA", "GONE", "AMD"])
    #expect(found.map { $0["status"] as? String } == ["fetched", "failed", "fetched"])
    #expect(found[0]["added"] as? Int == rows.count && found[0]["revised"] as? Int == 0)
    for key in ["symbol", "interval", "source", "added", "revised", "unchanged", "first", "last"] {
      #expect(found[0][key] != nil && !(found[0][key] is NSNull), "\(key)")
    }
    let error = try #require(found[1]["error"] as? [String: Any])
    #expect((error["finding"] as? String)?.contains("no such symbol") == true)
    let again = try run("fetch --symbols NVDA,AMD --to sqlite:a.db --json", server, in: folder)
    #expect(again.status == 0)
    #expect(try lines(again).allSatisfy { $0["status"] as? String == "up_to_date" })
    #expect(server.requests.count == 3)
    let text = try run("fetch --symbols GONE,NVDA --to sqlite:a.db", server, in: folder)
    #expect(text.status == 1)
    #expect(text.errors.contains("1 of 2 symbols failed") && text.output.contains("up to date"))
    #expect(text.output.split(separator: "\n").allSatisfy { $0.count <= 100 })
  }

  @Test("update brings every symbol to now and writes the file whole, or leaves it as it was")
  func update() throws {
    let folder = try ScratchFolder("update")
    let stamps = try Self.stamps()
    let rows = YahooPlayback.rising(stamps)
    let early = Array(rows.dropLast(3))
    let file = folder.path("production/data/latest_market_data.csv")
    func playbacks(_ rows: [YahooPlayback.Row]) -> [String: YahooPlayback] {
      ["NVDA": YahooPlayback("NVDA", rows), "AMD": YahooPlayback("AMD", rows)]
    }
    let before = try server(playbacks(early))
    #expect(try run("fetch --symbols NVDA,AMD", before, in: folder).status == 0)
    // The source is three sessions behind: nothing is written.
    let behind = try run("update", before, in: folder)
    #expect(behind.status == 3, "\(behind.errors)")
    #expect(behind.errors.contains("the last bar is of"))
    #expect(!FileManager.default.fileExists(atPath: file))
    let server = try server(playbacks(rows))
    let done = try run("update --bars 10 --json", server, in: folder)
    #expect(done.status == 0, "\(done.output)\(done.errors)")
    let last = try #require(try lines(done).last)
    #expect(last["rows"] as? Int == 20)
    let text = try String(contentsOfFile: file, encoding: .utf8)
    let table = text.split(separator: "\n")
    #expect(table[0] == "timestamp,symbol,open,high,low,close,volume,adj_close")
    #expect(table.count == 21 && table[1].contains(",AMD,") && table[20].contains(",NVDA,"))
    // One that fails, or a move that nobody explains, leaves the file as it is.
    #expect(try run("fetch --symbols NVDA,AMD --to sqlite:b.db", before, in: folder).status == 0)
    let failing = try self.server(playbacks(rows), failing: ["AMD"])
    let broken = try run("update --to sqlite:b.db", failing, in: folder)
    #expect(broken.status == 1 && broken.errors.contains("AMD"), "\(broken.errors)")
    var wild = rows
    wild[wild.count - 1].figures = [300, 310, 290, 300, 1000, 300]
    let moved = try run("update --to sqlite:b.db", try self.server(playbacks(wild)), in: folder)
    #expect(moved.status == 3, "\(moved.errors)")
    #expect(moved.errors.contains("no split explains"))
    #expect(try String(contentsOfFile: file, encoding: .utf8) == text)
  }

  @Test(
    "what is wrong on the command line is explained",
    arguments: [
      ("fetch", "--symbols"), ("fetch --symbols NVDA --interval 30min", "15min"),
      ("fetch --symbols NVDA --source bloomberg", "yahoo"),
      ("fetch --symbols NVDA --timerange 2024", "20240101-20240630"),
      ("fetch --symbols NVDA --to nowhere", "sqlite:FILE"),
      ("update --to sqlite:none.db", "none.db"),
      ("fetch --symbols NVDA --set sources.yahoo.burst=5000", "requests_per_hour"),
      ("fetch --symbols NVDA --source alpaca", "APCA_API_KEY_ID"),
    ])
  func wrong(line: String, hint: String) throws {
    let folder = try ScratchFolder("wrong")
    let server = try server([:])
    let run = try run(line, server, in: folder)
    #expect(run.status != 0)
    #expect((run.errors + run.output).contains(hint), "\(run.errors)")
  }

  @Test("the budget on disk holds for processes that run at once") func processes() throws {
    let folder = try ScratchFolder("budget")
    let rows = YahooPlayback.rising(try Self.stamps())
    let server = try server(
      Dictionary(
        uniqueKeysWithValues: (0..<6).map { ("S\($0)", YahooPlayback("S\($0)", rows)) }))
    // Two at once and then one in about half a second.
    let settings = "--set sources.yahoo.requests_per_hour=7202 --set sources.yahoo.burst=2"
    let start = ContinuousClock.now
    let commands = (0..<3).map { index in
      "'\(Binary.path)' data fetch --symbols S\(2 * index),S\(2 * index + 1) --to sqlite:\(index).db "
        + "\(settings) --base-url \(server.base) --json > \(index).out & "
    }
    let run = try Command.run(
      "bash", ["-c", commands.joined() + "wait"],
      environment: ["MARTINET_STATE": folder.path("state")], folder: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    #expect(server.requests.count == 6)
    #expect(ContinuousClock.now - start >= .milliseconds(1990))
  }
}
