import Evidence
import Features
import Market
import Numerics
import Runtime

/// A strategy whose settings are chosen again and again on the bars before, and traded on those after: one
/// account, in one run, none of whose bars had a part in the choice that traded it.
public struct WalkForward: Sendable {
  public struct Plan: Hashable, Sendable {
    public var memory = WalkForwardSplit.Memory.rolling
    /// Bars to choose on and to trade; by the length of the data where nothing is said.
    public var train, test: Int?
    /// Of combinatorial cross-validation.
    public var groups = 6
    public var testGroups = 2

    public init() {}
  }

  /// One choice, and what it led to.
  public struct Fold: Sendable {
    /// Rows of the bars that are traded at all.
    let train, test: Range<Int>
    public let trainFirst, trainLast, testFirst, testLast: CivilDate
    public let setting: StrategyValues
    /// Of a year: where it was chosen, and of the same setting where it was not.
    public let sharpeInside, sharpeOutside: Double
  }

  public let grid: SweepGrid
  public let memory: WalkForwardSplit.Memory
  public let folds: [Fold]
  public let train, test: Int
  /// All folds' trading, judged as one run.
  public var appraisal: Appraisal
  /// Whole paths out of sample, by combinatorial purged cross-validation.
  public let paths: CrossValidation
  /// What the same choice would take from now on, and the last day that it looked at.
  public let next: FrozenStrategy

  public init(
    _ plan: Plan, grid: SweepGrid, frames: [Frame], settings: BacktestSettings,
    against index: Frame? = nil, on pool: Pool = .shared
  ) throws(BacktestError) {
    self.grid = grid
    memory = plan.memory
    let runner = try SweepRunner(frames: frames, grid: grid, settings: settings)
    let stamps = try Self.stamps(runner)
    let year = runner.annualisation.barsPerYear
    let (train, test) = try Self.lengths(plan, bars: stamps.count, year: year)
    (self.train, self.test) = (train, test)
    let ranges = Self.ranges(plan.memory, train: train, test: test, bars: stamps.count)
    let groups = try CrossValidation.Groups(plan, bars: stamps.count, grid: grid)
    let last = (plan.memory == .rolling ? stamps.count - train : 0)..<stamps.count
    var sums = SegmentSums(
      edges: ranges.flatMap { [$0.train.lowerBound, $0.train.upperBound, $0.test.upperBound] }
        + groups.edges + [last.lowerBound, last.upperBound])
    let searched = try Self.search(runner, adding: &sums, on: pool)
    let zone = runner.zone
    func day(_ row: Int) -> CivilDate { zone.date(at: stamps[row]) }
    folds = ranges.map { range in
      let best = sums.best(in: [range.train])
      return Fold(
        train: range.train, test: range.test, trainFirst: day(range.train.lowerBound),
        trainLast: day(range.train.upperBound - 1), testFirst: day(range.test.lowerBound),
        testLast: day(range.test.upperBound - 1), setting: grid.settings[best.setting],
        sharpeInside: best.sharpe * year.squareRoot(),
        sharpeOutside: sums.sum(of: best.setting, in: [range.test]).sharpe * year.squareRoot())
    }
    paths = CrossValidation(groups, sums, year: year)
    next = FrozenStrategy(
      recipe: grid.searched.recipe(grid.settings[sums.best(in: [last]).setting]),
      trainedUntil: day(stamps.count - 1), settings: settings)
    appraisal = try Self.trade(folds, grid.searched, stamps, frames, settings, against: index)
    appraisal.searched = searched
  }

  /// When each instant of the run is known.
  private static func stamps(_ runner: SweepRunner) throws(BacktestError) -> [Timestamp] {
    try Backtest.run(
      frames: runner.frames, strategy: BuyAndHold(), settings: runner.settings
    ).equity.map(\.time)
  }

  /// Three years to choose on and half a year to trade, or as much of that as there is.
  static func lengths(
    _ plan: Plan, bars: Int, year: Double
  ) throws(BacktestError) -> (train: Int, test: Int) {
    let test = plan.test ?? max(1, min(Int(year / 2), bars / 12))
    let train = plan.train ?? max(2, min(Int(3 * year), bars / 3))
    guard test >= 1, train >= 2 else {
      throw .setting(
        "train and test", "\(train) and \(test)", expected: "at least 2 bars and 1 bar")
    }
    guard train + test <= bars else {
      throw .contradiction(
        "train",
        finding:
          "\(train) bars to choose on and \(test) to trade are more than the \(bars) there are",
        remedy: "give fewer with --train and --test, or more days")
    }
    return (train, test)
  }

  /// Together the tests cover every bar after the first training part once.
  static func ranges(
    _ memory: WalkForwardSplit.Memory, train: Int, test: Int, bars: Int
  ) -> [(train: Range<Int>, test: Range<Int>)] {
    stride(from: train, to: bars, by: test).map { begin in
      let first = memory == .rolling ? begin - train : 0
      return (first..<begin, begin..<min(begin + test, bars))
    }
  }

  /// Runs every setting over all bars: each is a trial, whatever is chosen later.
  private static func search(
    _ runner: SweepRunner, adding sums: inout SegmentSums, on pool: Pool
  ) throws(BacktestError) -> Searched {
    let grid = runner.grid
    let size = SweepPart.size(bars: runner.bars)
    let year = runner.annualisation.barsPerYear.squareRoot()
    var luck = try runner.luckDraws(seed: grid.seed)
    var sharpes: [Double] = []
    for first in stride(from: 0, to: grid.settings.count, by: size) {
      let part = grid.settings[first..<min(first + size, grid.settings.count)]
      let runs = try runner.runs(part, on: pool)
      try runs.add(to: &luck)
      for run in runs {
        sums.add(SegmentSums.of(run.returns, edges: sums.edges))
        sharpes.append((run.outcome.sharpe ?? 0) / year)
      }
    }
    return Searched(sharpes: sharpes, effective: luck.effectiveTrials, first: runner.first)
  }

  /// One run from the first test on, in which each fold's setting takes over at its first bar.
  private static func trade(
    _ folds: [Fold], _ searched: Searchable, _ stamps: [Timestamp], _ frames: [Frame],
    _ settings: BacktestSettings, against index: Frame?
  ) throws(BacktestError) -> Appraisal {
    var schedule: [(from: Timestamp, strategy: AnyStrategy)] = []
    for fold in folds {
      schedule.append((stamps[fold.test.lowerBound], try searched.strategy(fold.setting)))
    }
    var settings = settings
    do {
      settings.range = try TimeRange(first: folds[0].testFirst, last: settings.range.last)
    } catch {
      throw .contradiction(
        "timerange", finding: error.diagnosis.finding, remedy: error.diagnosis.remedy)
    }
    return try Appraisal(
      frames: frames, strategy: ScheduledStrategy(name: "\(searched.id) walk-forward", schedule),
      settings: settings, against: index)
  }
}
