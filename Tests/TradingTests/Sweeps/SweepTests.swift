import Evidence
import Features
import Foundation
import Market
import Numerics
import Runtime
import TestKit
import Testing
import Trading

@Suite("Sweeps") struct SweepTests {
  private let folder: TemporaryFolder
  /// Of so little money that every bar has volume enough.
  private let settings: BacktestSettings

  init() throws {
    folder = try TemporaryFolder()
    var settings = BacktestSettings()
    settings.initialCash = Cash(steps: 5000 * Cash.stepsPerUnit)
    self.settings = settings
  }

  private func grid(
    _ text: String, _ choice: SweepGrid.Choice = .all,
    of type: any ShippedStrategy.Type = SMACross.self
  ) throws -> SweepGrid {
    try SweepGrid(
      parsing: text, of: type, base: StrategyValues(type.parameters), choice: choice, seed: 7)
  }

  private func sweep(
    _ grid: SweepGrid, bars: Int = 400,
    seed: UInt64 = 3, into name: String = "sweep", symbols: [String] = ["TEST"]
  ) throws -> (Sweep, [Frame]) {
    let frames = try symbols.enumerated().map { index, name in
      try HandFrames.walk(name, bars: bars, seed: seed + UInt64(index))
    }
    let runner = try SweepRunner(frames: frames, grid: grid, settings: settings)
    let data = TrialData(frames: frames, first: runner.first, last: runner.last)
    return (try Sweep(runner, data: data, folder: folder.root + "/" + name), frames)
  }

  @Test(
    "every setting's figures are those of a back-test of that setting alone",
    arguments: [
      ("sma_cross", "fast=2..6,slow=5..30:5", ["TEST"]),
      ("mean_reversion", "bars=5..9,width=0.5|1|1.5,rsi_bars=3..4", ["TEST"]),
      ("breakout", "entry=3..9:2,exit=2..6", ["TEST"]),
      ("momentum_rotation", "lookback=5..20:5,every=5|10", ["A", "B"]),
      ("sma_cross", "fast=2..4,slow=9|12", ["A", "B"]),
    ])
  func sameAsBacktests(id: String, text: String, symbols: [String]) throws {
    let type = try #require(StrategyCatalogue.type(id))
    let grid = try grid(text, of: type)
    let (sweep, frames) = try sweep(grid, symbols: symbols)
    let result = try sweep.run { _, _ in }
    #expect(result.outcomes.count == grid.settings.count)
    for (setting, outcome) in zip(grid.settings, result.outcomes) {
      let strategy = try StrategyRecipe.shipped(id, setting).strategy()
      let run = Result { () throws(BacktestError) in
        try Backtest.run(frames: frames, strategy: strategy, settings: settings)
      }
      if case .failure(.noTrades) = run {
        #expect(outcome.trades == 0 && outcome.sharpe == nil)
        continue
      }
      let truth = try run.get()
      let capital = Double(settings.initialCash)
      let performance = Performance(
        values: [capital] + truth.equity.map { Double($0.equity) }, barsPerYear: 252)
      #expect(outcome.equity == truth.equity.last?.equity && outcome.fees == truth.fees)
      #expect(outcome.trades == truth.trades.count)
      #expect(outcome.sharpe == performance.sharpe)
      #expect(outcome.maxDrawdown == performance.maxDrawdown)
      #expect(outcome.isVectorised == (symbols.count == 1))
    }
  }

  @Test(
    "what was stopped goes on: parts that are there stay, missing and damaged ones are made anew")
  func resumes() throws {
    let grid = try grid("fast=2..30,slow=10..40")
    #expect(grid.settings.count > 512)
    let whole = try sweep(grid, into: "a").0.run { _, _ in }
    let path = folder.root + "/a"
    let parts = try FileManager.default.contentsOfDirectory(atPath: path)
      .filter { $0.hasPrefix("part-") }.sorted()
    #expect(parts.count == 3 && parts.allSatisfy { !$0.hasSuffix(".lock") })
    let kept = try SmallFile.read("\(path)/\(parts[0])", bytesMax: 1 << 28)
    try AtomicFile.write("{\"outcomes\": [", to: "\(path)/\(parts[1])")
    try FileManager.default.removeItem(atPath: "\(path)/\(parts[2])")
    var told: [Int] = []
    let again = try sweep(grid, into: "a").0.run { done, _ in told.append(done) }
    #expect(again.outcomes == whole.outcomes && again.best == whole.best)
    #expect(again.effective == whole.effective)
    #expect(again.overfitting?.probability == whole.overfitting?.probability)
    #expect(try SmallFile.read("\(path)/\(parts[0])", bytesMax: 1 << 28) == kept)
    #expect(told.last == grid.settings.count)
  }

  @Test("a folder of another sweep, or of other bars, is refused and left as it is")
  func otherSweep() throws {
    _ = try sweep(grid("fast=2..4,slow=9"))
    #expect(throws: SweepError.otherSweep(folder: folder.root + "/sweep")) {
      try sweep(grid("fast=2..5,slow=9"))
    }
    #expect(throws: SweepError.otherSweep(folder: folder.root + "/sweep")) {
      try sweep(grid("fast=2..4,slow=9"), seed: 4)
    }
  }

  @Test("sweeping noise is found out: the best is luck, and overfitting is as likely as not")
  func noise() throws {
    let result = try sweep(grid("fast=2..20,slow=21..60:3"), bars: 1000, seed: 12).0.run { _, _ in }
    let overfitting = try #require(result.overfitting)
    #expect(overfitting.probability > 0.2)
    #expect(result.effective > 3 && result.effective < Double(result.outcomes.count))
    let estimate = try #require(result.estimate)
    let best = try #require(result.outcomes[result.best].sharpe)
    #expect(abs(estimate.sharpe * 252.0.squareRoot() - best) < 1e-12)
    #expect(result.outcomes.allSatisfy { ($0.sharpe ?? -9) <= best })
    let deflation = Deflation(
      estimate, trials: result.effective, deviation: 0, barsPerYear: 252)
    #expect(!deflation.isSignificant)
  }

  @Test(
    "one verdict: what cannot be told from luck, or was chosen by overfitting, is never more than luck",
    arguments: [
      (0.3, 0.2, true, "That is more than luck explains"),
      (0.3, 0.81, false, "Do not choose by this: in 81.0% of the splits"),
      (0.01, 0.2, false, "That cannot be told from luck"),
      (0.01, 0.81, false, "That cannot be told from luck, and in 81.0%"),
    ])
  func verdict(sharpe: Double, overfitting: Double, isMore: Bool, words: String) throws {
    let (sweep, frames) = try sweep(grid("fast=2..4,slow=9|12"))
    let result = try sweep.run { _, _ in }
    let days = try (CivilDate(parsing: "2000-01-01"), CivilDate(parsing: "2001-02-03"))
    let data = TrialData(frames: frames, first: days.0, last: days.1)
    var trial = result.trial(data, configuration: "grid")
    #expect(trial.overfitting == result.overfitting?.probability)
    trial.overfitting = overfitting
    let ledger = TrialLedger(path: folder.path("trials"))
    let place = try ledger.record(trial, at: Timestamp(seconds: 1))
    let estimate = SharpeEstimate(sharpe: sharpe, skewness: 0, kurtosis: 3, count: 1000)
    let luck = TrialLuck(place, try ledger.history(), data, of: estimate, barsPerYear: 252)
    let report = SweepReport(
      result, symbols: frames.map(\.symbol), first: days.0, last: days.1, luck: luck)
    #expect(report.verdict.contains(words), "\(report.verdict)")
    #expect(report.json(files: [:])["more_than_luck"] == .bool(isMore))
    // A setting that is run again from this line inherits what is known of the choice.
    var settings = settings
    settings.resamples = 100
    var again = try Appraisal(
      frames: [HandFrames.walk(bars: 400, drift: 0.01, seed: 3)],
      strategy: SMACross(fast: 2, slow: 9), settings: settings)
    again.luck = luck
    #expect(again.isMoreThanLuck == isMore)
    #expect(again.verdict.text.contains("more than luck explains, all trials") == isMore)
    let page = TearSheet(
      evidence: again, frames: [], proof: nil, data: "walk", library: nil
    ).page.html()
    #expect(page.contains("chosen by overfitting") == (sharpe > 0.1 && overfitting > 0.5))
  }

  @Test(
    "grids: ranges with both ends, steps, lists; constraints leave combinations out and say how many"
  )
  func grids() throws {
    let plain = try grid("fast=5..7,slow=6|10")
    #expect(
      plain.settings.map { [$0["fast"], $0["slow"]] } == [[5, 6], [5, 10], [6, 10], [7, 10]])
    #expect(plain.contradictions == 2)
    let stepped = try grid("width=0.5..1.25:0.25", of: MeanReversion.self)
    #expect(stepped.axes[0].values == [0.5, 0.75, 1, 1.25])
  }

  @Test(
    "bad grids are refused in plain words",
    arguments: [
      ("fast=5..,slow=20", "without an end"), ("fast=..9", "without a beginning"),
      ("fast=9..5", "ends before it begins"), ("fast=5..9:0", "step that is not above zero"),
      ("fast=5..9:-1", "step that is not above zero"), ("fast=1..nan", "which is no number"),
      ("fast=", "is not of the form"), ("fast", "is not of the form"), ("", "is not of the form"),
      ("fast=5,fast=6", "is given twice"), ("fast=5|5", "has a value twice"),
      ("fast=50..60,slow=20..30", "no combination of it can be tried"),
      ("fast=0..5", "not a whole number from 1"), ("fast=2.5", "not a whole number from 1"),
      ("fats=5", "no such parameter"), ("fast=1..10000,slow=2..10000", "combinations"),
      ("fast=1..9:1e-9", "values"), ("fast=1..1e300", "values"),
    ])
  func badGrids(text: String, finding: String) {
    let error = #expect(throws: BacktestError.self) { try grid(text) }
    #expect(error?.diagnosis.finding.contains(finding) == true, "\(String(describing: error))")
    #expect(error?.diagnosis.exitCode == .wrongUsage)
  }

  @Test("a misspelt parameter names the nearest one")
  func nearest() {
    let error = #expect(throws: BacktestError.self) { try grid("fats=5..9") }
    #expect(error?.diagnosis.remedy.contains("did you mean fast?") == true)
  }

  @Test("random draws are different ones, of the seed; a Latin hypercube uses each stratum once")
  func samples() throws {
    let text = "fast=1..50,slow=51..100"
    let drawn = try grid(text, .random(300))
    #expect(Set(drawn.settings).count == 300)
    #expect(try grid(text, .random(300)).settings == drawn.settings)
    #expect(try grid("fast=1..3,slow=9", .random(50)).settings.count == 3)
    let cube = try grid(text, .latinHypercube(50))
    #expect(Set(cube.settings.map { $0["fast"] }).count == 50)
    #expect(Set(cube.settings.map { $0["slow"] }).count == 50)
  }

  private static let rules = """
    name: two averages
    symbols: [TEST]
    parameters:
      fast: {value: 3, from: 2, to: 6, step: 2}
      slow: {value: 9, from: 8, to: 20}
      part: 0.5
    entry: "mean(close, fast) > mean(close, slow)"
    exit: "mean(close, fast) <= mean(close, slow)"
    size: part
    """

  private func searched(_ text: String = rules, _ numbers: [String: Double] = [:]) throws
    -> Searchable
  {
    Searchable(try Rules(RuleSource(file: "r.yaml", text: text, parameters: numbers)))
  }

  @Test("rules are searched in the ranges of their file, each setting as a back-test of its own")
  func ofRules() throws {
    let searched = try searched()
    let grid = try SweepGrid(around: searched.standard, of: searched, seed: 7)
    #expect(grid.text == "fast=2|4|6,slow=8|10|12|14|16|18|20" && grid.settings.count == 21)
    let (sweep, frames) = try sweep(grid)
    let result = try sweep.run { _, _ in }
    for (setting, outcome) in zip(grid.settings, result.outcomes) {
      let alone = try Backtest.run(
        frames: frames, strategy: searched.recipe(setting).strategy(), settings: settings)
      #expect(alone.equity.last?.equity == outcome.equity && alone.trades.count == outcome.trades)
    }
    #expect(Set(result.outcomes.map(\.equity)).count > 15)
    #expect(result.words(20) == "fast 6, slow 20")
    #expect(result.parameters(0).text().contains("\"name\":\"two averages\",\"fast\":2,\"slow\":8"))
    // Again it is read from its folder; other rules of the same name do not fit in there.
    #expect(try self.sweep(grid).0.run { _, _ in }.outcomes == result.outcomes)
    let other = try self.searched(Self.rules.replacing("<=", with: "<"))
    #expect(throws: SweepError.self) {
      try self.sweep(SweepGrid(around: other.standard, of: other, seed: 7))
    }
  }

  @Test("a grid may name parameters that have no range, and nothing that looks ahead is tried")
  func gridOfRules() throws {
    let searched = try searched(Self.rules, ["fast": 4])
    let grid = try SweepGrid(
      parsing: "part=0.25..1:0.25", of: searched, base: searched.standard, seed: 1)
    #expect(grid.settings.map { $0["part"] } == [0.25, 0.5, 0.75, 1])
    #expect(grid.settings.allSatisfy { $0["fast"] == 4 && $0["slow"] == 9 })
    for (text, words) in [
      ("fast=2..9", "from 2 to 6"), ("fats=2..3", "fats"), ("part=0.1..", "without an end"),
      ("part=2..3:1", "no combination"),
    ] {
      let error = #expect(throws: BacktestError.self, "\(text)") {
        try SweepGrid(parsing: text, of: searched, base: searched.standard, seed: 1)
      }
      let said = try #require(error?.diagnosis)
      #expect((said.place + said.finding + said.remedy).contains(words), "\(said)")
    }
    let bare = try self.searched(
      Self.rules.replacing("{value: 3, from: 2, to: 6, step: 2}", with: "3")
        .replacing("{value: 9, from: 8, to: 20}", with: "9"))
    let nothing = #expect(throws: BacktestError.self) {
      try SweepGrid(around: bare.standard, of: bare, seed: 1)
    }
    #expect(nothing?.diagnosis.finding.contains("no parameter") == true)
    let ahead = try self.searched(
      Self.rules.replacing("mean(close, fast) > ", with: "ref(close, fast) > "), ["fast": 2])
    let wide = try self.searched(
      Self.rules.replacing("mean(close, fast) > ", with: "ref(close, fast - 4) > ")
        .replacing("value: 3", with: "value: 6"))
    #expect(try SweepGrid(around: ahead.standard, of: ahead, seed: 1).settings.count == 21)
    let refusal = #expect(throws: BacktestError.self) {
      try SweepGrid(around: wide.standard, of: wide, seed: 1)
    }
    #expect(refusal?.diagnosis.exitCode == .refused)
  }
}
