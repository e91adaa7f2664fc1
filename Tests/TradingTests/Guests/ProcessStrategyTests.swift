import Features
import Foundation
import Market
import Numerics
import Runtime
import TestKit
import Testing
import Trading

@Suite("Strategies in other languages", .serialized) struct ProcessStrategyTests {
  /// A Python script in a folder of its own, beside the client that comes with the program.
  private struct Script {
    let folder: ScratchFolder
    let source: ProcessSource

    init(_ text: String, seconds: Double = 20, isBare: Bool = false) throws {
      folder = try ScratchFolder("process")
      try FileManager.default.copyItem(
        atPath: Package.path("Samples/process/martinet.py"), toPath: folder.path("martinet.py"))
      let head = isBare ? "" : "from martinet import Strategy, run\n"
      try (head + text).write(
        toFile: folder.path("mine.py"), atomically: true, encoding: .utf8)
      source = ProcessSource(command: ["python3", folder.path("mine.py")], seconds: seconds)
    }
  }

  private static let crossing = """
    class Mine(Strategy):
        name = "crossing"
        warm_up = 30
        def on_start(self, desk): self.holds = {}
        def on_bars(self, desk):
            for symbol in desk.bars:
                close = desk.history[symbol].close
                if len(close) < 30: continue
                wants = sum(close[-10:]) / 10 > sum(close[-30:]) / 30
                if self.holds.get(symbol) != wants:
                    self.holds[symbol] = wants
                    desk.hold(symbol, 1 if wants else 0)
    run(Mine())
    """

  private func settings() -> BacktestSettings {
    var settings = BacktestSettings()
    settings.resamples = 100
    return settings
  }

  private func run(_ script: Script, _ frames: [Frame]) throws -> BacktestResult {
    try Backtest.run(
      frames: frames, strategy: try ProcessStrategy(script.source), settings: settings())
  }

  @Test("A Python strategy trades as the one in Swift does, fill by fill, over several symbols")
  func sameAsSwift() throws {
    let frames = try ["AAA", "BBB"].enumerated().map {
      try HandFrames.walk($1, bars: 400, seed: 20 + UInt64($0))
    }
    let script = try Script(Self.crossing)
    let own = try run(script, frames)
    let built = try Backtest.run(
      frames: frames, strategy: SMACross(fast: 10, slow: 30), settings: settings())
    #expect(own.strategy == "crossing" && own.fills.count > 20)
    #expect(own.fills.map(\.time) == built.fills.map(\.time))
    #expect(own.fills.map(\.quantity) == built.fills.map(\.quantity))
    #expect(own.equity.last == built.equity.last)
  }

  @Test("A run of ten thousand bars takes less than ten seconds, however busy the machine is")
  func speed() throws {
    let frame = try HandFrames.walk(bars: 10_000, seed: 6)
    let script = try Script(Self.crossing)
    let started = ContinuousClock.now
    let result = try run(script, [frame])
    #expect(result.bars == 10_000 && result.fills.count > 100)
    #expect(started.duration(to: .now) < .seconds(10))
    // 20,000 bars a second are what it answers where nothing else runs.
    let pace = try #require(result.pace)
    #expect(pace.bars == 10_000 && pace.barsPerSecond > 1000, "\(pace.sentence)")
  }

  @Test("It sees what is held, what was filled and the bars before the first day")
  func view() throws {
    let script = try Script(
      """
      class Mine(Strategy):
          name, warm_up = "view", 0
          def on_start(self, desk):
              assert len(desk.history["TEST"]) == 50, len(desk.history["TEST"])
              self.seen = 0
          def on_bars(self, desk):
              self.seen += 1
              assert len(desk.history["TEST"]) == 50 + self.seen
              if self.seen == 1: desk.order("TEST", 7)
              if self.seen == 2:
                  assert [f.quantity for f in desk.fills] == [7.0], desk.fills
                  assert desk.position("TEST") == 7.0 and desk.cash < desk.equity
                  desk.order("TEST", -7, limit=desk.bars["TEST"].close * 1.5)
              if self.seen == 3:
                  assert desk.fills == []
                  desk.cancel("TEST"); desk.order("TEST", -7)
              if self.seen == 4: assert desk.position("TEST") == 0.0
      run(Mine())
      """)
    var settings = settings()
    settings.range = try TimeRange(parsing: "20000220-")
    let result = try Backtest.run(
      frames: [HandFrames.walk(bars: 80, seed: 3)], strategy: try ProcessStrategy(script.source),
      settings: settings)
    #expect(result.fills.map { Double($0.quantity) } == [7, -7])
  }

  @Test(
    "One that hangs, dies, or answers nonsense is ended by its deadline, and the run says why",
    arguments: [
      (
        "import time\nclass M(Strategy):\n  name='m'\n  def on_bars(self, desk): time.sleep(600)\nrun(M())",
        "no answer within"
      ),
      (
        "import os\nclass M(Strategy):\n  name='m'\n  def on_bars(self, desk): os._exit(7)\nrun(M())",
        "exit code 7"
      ),
      (
        "import os\nclass M(Strategy):\n  name='m'\n  def on_bars(self, desk): os.kill(os.getpid(), 9)\nrun(M())",
        "signal 9"
      ),
      (
        "class M(Strategy):\n  name='m'\n  def on_bars(self, desk): return 1 / 0\nrun(M())",
        "ZeroDivisionError"
      ),
      (
        "class M(Strategy):\n  name='m'\n  def on_bars(self, desk): desk.hold('NOPE', 1)\nrun(M())",
        "KeyError"
      ),
      (
        "class M(Strategy):\n  name='m'\n  def on_bars(self, desk): desk.order('TEST', float('inf'))\nrun(M())",
        "ValueError"
      ),
      (
        "class M(Strategy):\n  name='m'\n  def on_bars(self, desk): desk.order('TEST', 1e300)\nrun(M())",
        "cannot be"
      ),
      (
        "class M(Strategy):\n  name='m'\n  def on_bars(self, desk): desk._acts.append(['buy', 0, 1])\nrun(M())",
        "means nothing"
      ),
      (
        "class M(Strategy):\n  name='m'\n  def on_bars(self, desk): desk._acts.append(['hold', 5, 1])\nrun(M())",
        "instrument 5 of 1"
      ),
      (
        "import os, time\nclass M(Strategy):\n  name='m'\n  def on_bars(self, desk):\n    os.write(1, b'hello\\n')\n    time.sleep(30)\nrun(M())",
        "no JSON"
      ),
      (
        "import os\nclass M(Strategy):\n  name='m'\n  def on_bars(self, desk): os.write(1, b'x' * 3000000)\nrun(M())",
        "no end"
      ),
      (
        "import os\nclass M(Strategy):\n  name='m'\n  def on_bars(self, desk): os.close(1); os.close(0)\nrun(M())",
        "instead of answering"
      ),
    ])
  func ends(text: String, words: String) throws {
    let script = try Script(text, seconds: text.contains("600") ? 0.5 : 20)
    let started = ContinuousClock.now
    let journal = MemoryJournal()
    do {
      _ = try Backtest.run(
        frames: [HandFrames.walk(bars: 60, seed: 3)], strategy: try ProcessStrategy(script.source),
        settings: settings(), journal: journal)
      Issue.record("this was let through")
    } catch let error as BacktestError {
      let said = error.diagnosis
      #expect((said.finding + said.place).contains(words), "\(said)")
      #expect(!said.remedy.isEmpty)
    }
    #expect(started.duration(to: .now) < .seconds(15))
  }

  @Test(
    "A greeting that cannot be right is refused before any run",
    arguments: [
      (
        "print('{\"martinet\": 2, \"name\": \"m\", \"warm_up\": 0}', flush=True); input()",
        "version 2"
      ),
      ("print('{\"martinet\": 1, \"warm_up\": 0}', flush=True); input()", "no name"),
      (
        "print('{\"martinet\": 1, \"name\": \"m\", \"warm_up\": -1}', flush=True); input()",
        "no name and warm_up"
      ),
      ("print('hello', flush=True); input()", "no JSON"),
      ("import sys; sys.exit(3)", "exit code 3"),
      ("print('[' * 100000, flush=True); input()", "no JSON"),
    ])
  func greeting(text: String, words: String) throws {
    let script = try Script(text, isBare: true)
    do throws(StrategyFailure) {
      _ = try ProcessStrategy(script.source)
      Issue.record("this was let through")
    } catch {
      #expect(error.diagnosis.finding.contains(words), "\(error.diagnosis)")
    }
  }

  @Test("A program that is not there is named") func missing() {
    #expect(throws: StrategyFailure.self) {
      _ = try ProcessStrategy(ProcessSource(command: ["/nowhere/program"]))
    }
  }

  @Test("When it dies in the middle, the journal holds what had happened, to the last record")
  func journalIsSafe() throws {
    let script = try Script(
      Self.crossing.replacing(
        "for symbol in desk.bars:",
        with:
          "self.n = getattr(self, 'n', 0) + 1\n        if self.n == 200: raise SystemExit\n        for symbol in desk.bars:"
      ))
    let folder = try ScratchFolder("journal")
    let frames = [try HandFrames.walk(bars: 400, seed: 21)]
    func record(_ strategy: some Strategy, _ name: String) throws -> [JournalRecord] {
      let path = folder.path(name)
      let journal = try Journal(
        try FolderDisk(path), identity: 1, settings: JournalSettings())
      do {
        _ = try Backtest.run(
          frames: frames, strategy: strategy, settings: settings(), journal: journal)
      } catch {}
      try journal.close()
      var records: [JournalRecord] = []
      _ = try JournalReader(FolderDisk(reading: path)).read { stored throws(JournalError) in
        records.append(try stored.decoded())
      }
      return records
    }
    let whole = try record(SMACross(fast: 10, slow: 30), "whole")
    let cut = try record(try ProcessStrategy(script.source), "cut")
    #expect(cut.count > 20 && cut.count < whole.count)
    // All but the header, which names the strategy.
    #expect(cut.dropFirst().elementsEqual(whole.dropFirst().prefix(cut.count - 1)))
  }

  @Test(
    "The proof passes one that decides by what it is told, and finds one that knows a later close")
  func proof() throws {
    let frame = try HandFrames.walk(bars: 90, seed: 5)
    func proof(_ text: String) throws -> StrategyProof {
      let script = try Script(text)
      return try StrategyProof(frames: [frame], settings: settings(), cuts: 4, seed: 1) {
        frames throws(BacktestError) in
        // What a cheat would have: tomorrow's bars in a file, one for each world.
        do {
          let close = try #require(frames[0]["close"])
          let file = script.folder.path("\(UUID().uuidString).txt")
          try (0..<close.count).map { "\(close[$0])" }.joined(separator: "\n").write(
            toFile: file, atomically: true, encoding: .utf8)
          return AnyStrategy(
            try ProcessStrategy(
              ProcessSource(command: script.source.command + [file], seconds: 20)))
        } catch let error as StrategyFailure { throw .strategy(error) } catch {
          throw .strategy(StrategyFailure("test", "\(error)", ""))
        }
      }
    }
    let honest = try proof(Self.crossing)
    #expect(honest.isClean, "\(honest.sentence)")
    let cheat = try proof(
      """
      import sys
      class Mine(Strategy):
          name = "cheat"
          def on_start(self, desk):
              self.later = [float(x) for x in open(sys.argv[1])]
          def on_bars(self, desk):
              row = len(desk.history["TEST"])
              if row < len(self.later):
                  desk.hold("TEST", 1 if self.later[row] > self.later[row - 1] else 0)
      run(Mine())
      """)
    #expect(!cheat.isClean)
  }

  @Test(
    "A run that orders otherwise than the one before it is found: kept closes, chance without a seed",
    arguments: [
      (crossing, true),
      (
        """
        import os, sys
        class Mine(Strategy):
            name = "keeps"
            def on_start(self, desk):
                self.later = [float(x) for x in open("FILE")] if os.path.exists("FILE") else []
                self.file = open("FILE", "a")
            def on_bars(self, desk):
                row = len(desk.history["TEST"])
                print(desk.bars["TEST"].close, file=self.file, flush=True)
                up = row < len(self.later) and self.later[row] > self.later[row - 1]
                desk.hold("TEST", 1 if up or row % 9 < 4 else 0)
        run(Mine())
        """, false
      ),
      (
        """
        import random
        class Mine(Strategy):
            name = "chance"
            def on_bars(self, desk): desk.hold("TEST", random.choice((0, 1)))
        run(Mine())
        """, false
      ),
    ])
  func rehearsal(text: String, isClean: Bool) throws {
    let folder = try ScratchFolder("kept")
    let script = try Script(text.replacing("FILE", with: folder.path("closes.txt")))
    let frames = [try HandFrames.walk(bars: 200, seed: 5)]
    let first = try run(script, frames)
    let proof = StrategyProof(of: try run(script, frames), after: first)
    #expect(proof.isClean == isClean && proof.compared > 5, "\(proof.sentence)")
  }

  @Test("The process that said its name runs first, and each run after it has one of its own")
  func ownProcess() throws {
    let folder = try ScratchFolder("started")
    let script = try Script(
      Self.crossing.replacing(
        "class Mine", with: "import os\nopen(\"\(folder.path)/%d\" % os.getpid(), 'w')\nclass Mine")
    )
    let frames = [try HandFrames.walk(bars: 200, seed: 21)]
    let strategy = try ProcessStrategy(script.source)
    func started() throws -> Int {
      try FileManager.default.contentsOfDirectory(atPath: folder.path).count
    }
    for runs in 1...3 {
      _ = try Backtest.run(frames: frames, strategy: strategy, settings: settings())
      #expect(try started() == runs)
    }
  }
}
