import Evidence
import Features
import Foundation
import Market
import Numerics
import Runtime
import Testing
import Trading

@Suite("Walk-forward") struct WalkForwardTests {
  private var settings: BacktestSettings {
    var settings = BacktestSettings()
    settings.initialCash = Cash(steps: 5000 * Cash.stepsPerUnit)
    settings.resamples = 100
    return settings
  }

  private func grid(_ text: String = "fast=2..6:2,slow=8..24:8") throws -> SweepGrid {
    try SweepGrid(
      parsing: text, of: SMACross.self, base: StrategyValues(SMACross.parameters), seed: 1)
  }

  private func walk(
    _ rows: [BarValues], change: (inout WalkForward.Plan) -> Void = { _ in }
  ) throws -> WalkForward {
    var plan = WalkForward.Plan()
    (plan.train, plan.test) = (120, 40)
    change(&plan)
    return try WalkForward(
      plan, grid: grid(), frames: [HandFrames.frame(rows)], settings: settings)
  }

  @Test(
    "tests follow on each other without a gap, after bars that were chosen on; both memories",
    arguments: WalkForwardSplit.Memory.allCases)
  func folds(memory: WalkForwardSplit.Memory) throws {
    let walk = try walk(HandFrames.walkRows(bars: 400, seed: 5)) { $0.memory = memory }
    #expect(walk.folds.count == 7)
    for (fold, next) in zip(walk.folds, walk.folds.dropFirst()) {
      #expect(fold.testLast.advanced(by: 1) == next.testFirst)
      #expect(fold.trainLast < fold.testFirst)
      let isSame = fold.trainFirst == next.trainFirst
      #expect(isSame == (memory == .expanding))
    }
    #expect(walk.appraisal.result.bars == 280)
    #expect(walk.appraisal.result.day(walk.appraisal.result.start) == walk.folds[0].testFirst)
  }

  @Test("what comes after a choice changes neither it nor what was traded before")
  func noLookAhead() throws {
    let rows = HandFrames.walkRows(bars: 400, seed: 9)
    let truth = try walk(rows)
    for cut in [150, 200, 275] {
      let altered = rows.enumerated().map { row, bar in
        let scale = row <= cut ? 1 : row % 3 == 0 ? 0.4 : 2.5
        return BarValues(
          open: bar.open * scale, high: bar.high * scale, low: bar.low * scale,
          close: bar.close * scale, volume: bar.volume)
      }
      let other = try walk(altered)
      let known = truth.folds.indices.filter { 120 + 40 * $0 - 1 <= cut }
      #expect(known.map { truth.folds[$0].setting } == known.map { other.folds[$0].setting })
      let traded = cut - 120
      #expect(
        truth.appraisal.result.equity.prefix(traded) == other.appraisal.result.equity.prefix(traded)
      )
    }
  }

  @Test("the setting of each choice is the best of all on the bars before, reckoned one by one")
  func chooses() throws {
    let rows = HandFrames.walkRows(bars: 400, seed: 5)
    let walk = try walk(rows)
    let returns = try returns(walk.grid, rows)
    for (number, fold) in walk.folds.enumerated() {
      let train = 40 * number..<40 * number + 120
      let ratios = returns.map { SharpeEstimate(returns: Array($0[train]))?.sharpe ?? 0 }
      let place = try #require(walk.grid.settings.firstIndex(of: fold.setting))
      #expect(abs(ratios[place] - (ratios.max() ?? 0)) < 1e-9)
      #expect(abs(ratios[place] * 252.0.squareRoot() - fold.sharpeInside) < 1e-9)
    }
  }

  /// What each setting returned in each bar, by a back-test of its own.
  private func returns(_ grid: SweepGrid, _ rows: [BarValues]) throws -> [[Double]] {
    let frame = try HandFrames.frame(rows)
    return try grid.settings.map { setting in
      let result = try Backtest.run(
        frames: [frame], strategy: SMACross(setting), settings: settings)
      let values = [Double(settings.initialCash)] + result.equity.map { Double($0.equity) }
      return Performance(values: values, barsPerYear: 252).returns
    }
  }

  @Test(
    "every path is put together from what each fold chose without it, reckoned one by one",
    arguments: [(4, 2, 3), (4, 1, 1), (6, 2, 5)])
  func paths(groups: Int, tested: Int, count: Int) throws {
    let rows = HandFrames.walkRows(bars: 605, drift: -0.0003, seed: 2)
    let walk = try walk(rows) { ($0.groups, $0.testGroups) = (groups, tested) }
    let returns = try returns(walk.grid, rows)
    func ratio(_ values: [Double]) -> Double { SharpeEstimate(returns: values)?.sharpe ?? 0 }
    let ranges = (0..<groups).map { $0 * 605 / groups..<($0 + 1) * 605 / groups }
    // Sets of groups in lexical order, and the setting that each chose on the other bars, without those
    // whose slowest average, of 24, reaches back into a test.
    let folds =
      tested == 1
      ? ranges.indices.map { [$0] }
      : ranges.indices.flatMap { one in (one + 1..<groups).map { [one, $0] } }
    let chosen = folds.map { fold in
      let bars = ranges.indices.filter { !fold.contains($0) }.flatMap { group in
        ranges[group].dropFirst(fold.contains(group - 1) ? 24 : 0)
      }
      return returns.indices.max { a, b in
        ratio(bars.map { returns[a][$0] }) < ratio(bars.map { returns[b][$0] })
      } ?? 0
    }
    #expect(walk.paths.purged == 24)
    #expect(walk.paths.folds == folds.count && walk.paths.paths.count == count)
    for (number, path) in walk.paths.paths.enumerated() {
      let own = ranges.indices.flatMap { group in
        let fold = folds.indices.filter { folds[$0].contains(group) }[number]
        return ranges[group].map { returns[chosen[fold]][$0] }
      }
      #expect(abs(path.sharpe - ratio(own) * 252.0.squareRoot()) < 1e-9, "path \(number)")
      let growth = own.reduce(1) { $0 * (1 + $1) } - 1
      #expect(abs(path.totalReturn - growth) < 1e-12, "path \(number)")
    }
  }

  @Test("every setting that was searched is a trial of the ledger, and so is what was traded")
  func trials() throws {
    let rows = HandFrames.walkRows(bars: 400, seed: 5)
    let walk = try walk(rows)
    let frames = [try HandFrames.frame(rows)]
    let trial = walk.appraisal.trial(.walkforward, of: frames, configuration: "x")
    #expect(trial.settings == walk.grid.settings.count + 1)
    #expect(trial.effective > 2 && trial.effective <= Double(trial.settings))
    // What was searched saw the first bar, not only those that were traded.
    #expect(trial.data.first.description == "2000-01-01")
    #expect(walk.folds[0].testFirst.description == "2000-04-30")
    let ratios = try returns(walk.grid, rows).map { SharpeEstimate(returns: $0)?.sharpe ?? 0 }
    let own = try #require(SharpeEstimate(returns: walk.appraisal.performance.returns)).sharpe
    let all = ratios + [own]
    #expect(abs(trial.sharpeMean - all.reduce(0, +) / Double(all.count)) < 1e-12)
  }

  @Test("a frozen choice comes back from its file, and days that had a part in it are refused")
  func frozen() throws {
    let walk = try walk(HandFrames.walkRows(bars: 400, seed: 5))
    let bytes = Array(walk.next.json.text().utf8)
    let choice = try FrozenStrategy(parsing: bytes, source: "choice.json")
    #expect(choice.recipe == walk.next.recipe && choice.trainedUntil == walk.next.trainedUntil)
    #expect(choice.settings.json == walk.next.settings.json)
    let last = choice.trainedUntil
    let later = try choice.settings(for: .all)
    #expect(later.range.first == last.advanced(by: 1))
    for first in [last, last.advanced(by: -30)] {
      let error = #expect(throws: BacktestError.self) {
        try choice.settings(for: TimeRange(first: first, last: nil))
      }
      #expect(error == .seenBefore(asked: first, trainedUntil: last))
      #expect(error?.diagnosis.exitCode == .refused)
    }
    #expect(throws: BacktestError.self) {
      try choice.settings(for: TimeRange(first: nil, last: last))
    }
    #expect(throws: RecordingError.self) {
      try FrozenStrategy(parsing: Array("{\"format\": 1}".utf8), source: "choice.json")
    }
  }

  @Test("more bars asked for than there are: how many there are is said")
  func tooFew() throws {
    let error = #expect(throws: BacktestError.self) {
      try walk(HandFrames.walkRows(bars: 100, seed: 5))
    }
    #expect(error?.diagnosis.finding.contains("more than the 100 there are") == true)
  }

  @Test("rules that say what a shipped strategy says are chosen and traded as it is")
  func ofRules() throws {
    let text = """
      name: averages
      symbols: [TEST]
      parameters: {fast: {value: 4, from: 2, to: 6, step: 2}, slow: {value: 16, from: 8, to: 24, step: 8}}
      entry: "mean(close, fast) > mean(close, slow)"
      exit: "mean(close, fast) <= mean(close, slow)"
      """
    let frames = [try HandFrames.frame(HandFrames.walkRows(bars: 400, seed: 5))]
    let searched = Searchable(try Rules(RuleSource(file: "r.yaml", text: text)))
    var plan = WalkForward.Plan()
    (plan.train, plan.test) = (120, 40)
    let own = try WalkForward(
      plan, grid: SweepGrid(around: searched.standard, of: searched, seed: 1), frames: frames,
      settings: settings)
    let shipped = try WalkForward(plan, grid: grid(), frames: frames, settings: settings)
    func chosen(_ walk: WalkForward) -> [[Double]] {
      walk.folds.map { [$0.setting["fast"], $0.setting["slow"]] }
    }
    #expect(chosen(own) == chosen(shipped) && Set(chosen(own)).count > 1)
    // Rules go on with what the setting before them held; averages buy up to their share when they begin.
    func times(_ walk: WalkForward) -> [Timestamp] { walk.appraisal.result.fills.map(\.time) }
    #expect(times(own).count > 20 && Set(times(own)).isSubset(of: times(shipped)))
    #expect(times(shipped).count - times(own).count < own.folds.count)
    let choice = try FrozenStrategy(
      parsing: Array(own.next.json.text().utf8), source: "choice.json")
    guard case .rules(let source) = choice.recipe else {
      Issue.record("\(choice.recipe.json)")
      return
    }
    #expect(source.text == text && source.parameters.keys.sorted() == ["fast", "slow"])
  }
}
