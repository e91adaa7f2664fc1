import Evidence
import Features
import Learning
import Market
import Numerics
import Runtime

/// A model that is trained again and again on the bars before, and traded on those after: one account, in
/// one run. No bar that is judged was known to the model that traded it, nor was a label that such a bar
/// would settle, because each is trained on bars that end before.
package struct ModelWalkForward {
  /// One training, and the bars that its model traded.
  package struct Fold {
    package let trainFirst, trainLast, testFirst, testLast: CivilDate
    /// The hash of the model's card, by which it can be found and traded again.
    package let modelID: String
    package let folder: String
    /// Of a year, on the bars that it traded; none where nothing moved.
    package let sharpe: Double?
  }

  package let training: ModelTraining
  package let memory: WalkForwardSplit.Memory
  package let train, test: Int
  package let folds: [Fold]
  /// All folds' trading, judged as one run.
  package var appraisal: Appraisal
  /// All that was foreseen out of sample, beside forecasts that take no learning.
  package let forecasts: Evaluation?

  /// - Parameters:
  ///   - folder: where the models of the folds are to lie, `fold_01` and on
  ///   - trained: told how many folds are trained, of how many
  package init(
    _ plan: WalkForward.Plan, _ training: ModelTraining, frames: [Frame],
    settings: BacktestSettings, in folder: String, trained: (Int, Int) -> Void = { _, _ in }
  ) throws {
    self.training = training
    memory = plan.memory
    let market = try Stretch(frames, settings)
    let bars = market.stamps.count
    (train, test) = try WalkForward.lengths(plan, bars: bars, year: market.barsPerYear)
    let ranges = WalkForward.ranges(plan.memory, train: train, test: test, bars: bars)
    var strategies: [ModelStrategy] = []
    var lived = LivedForecasts(of: training.label)
    for (number, range) in ranges.enumerated() {
      let artefact = try training.train(
        on: market.frames(of: range.train, lookBack: training.lookBack),
        to: "\(folder)/fold_\(number < 9 ? "0" : "")\(number + 1)")
      strategies.append(try ModelStrategy(artefact, training.registry))
      try lived.add(
        BarForecaster(artefact, training.registry), over: frames,
        in: market.span(of: range.test), lookBack: training.lookBack + training.model.steps)
      trained(number + 1, ranges.count)
    }
    let schedule = zip(ranges, strategies).map { range, strategy in
      (from: market.stamps[range.test.lowerBound], strategy: AnyStrategy(strategy))
    }
    appraisal = try Self.trade(
      schedule, "\(training.model.card.name) walk-forward", market, settings,
      from: ranges[0].test.lowerBound)
    let returns = appraisal.performance.returns
    folds = zip(ranges, strategies).map { range, strategy in
      let first = range.test.lowerBound - ranges[0].test.lowerBound
      let last = min(first + range.test.count, returns.count)
      return Fold(
        trainFirst: market.day(range.train.lowerBound),
        trainLast: market.day(range.train.upperBound - 1),
        testFirst: market.day(range.test.lowerBound),
        testLast: market.day(range.test.upperBound - 1), modelID: strategy.modelID,
        folder: strategy.artefact.folder,
        sharpe: SharpeEstimate(returns: Array(returns[min(first, last)..<last])).map {
          $0.sharpe * market.barsPerYear.squareRoot()
        })
    }
    forecasts = try lived.evaluation(
      costs: .basisPoints(
        halfSpread: settings.halfSpreadBasisPoints, commission: settings.commissionBasisPoints),
      seed: settings.seed)
  }

  /// The model that would be trained now, on the last bars there are, to trade later days.
  ///
  /// - Parameter folder: where the folds' models lie; this one becomes `next` among them
  package func next(
    on frames: [Frame], settings: BacktestSettings, in folder: String
  ) throws -> FrozenStrategy {
    let market = try Stretch(frames, settings)
    let bars = market.stamps.count
    let rows = (memory == .rolling ? bars - train : 0)..<bars
    let artefact = try training.train(
      on: market.frames(of: rows, lookBack: training.lookBack), to: "\(folder)/next")
    return FrozenStrategy(
      recipe: .model(try ModelSource(folder: artefact.folder)),
      trainedUntil: market.day(bars - 1), settings: settings)
  }

  /// One run from the first test on, in which each model takes over at its first bar.
  private static func trade(
    _ schedule: [(from: Timestamp, strategy: AnyStrategy)], _ name: String, _ market: Stretch,
    _ settings: BacktestSettings, from first: Int
  ) throws -> Appraisal {
    var settings = settings
    settings.range = try TimeRange(first: market.day(first), last: settings.range.last)
    return try Appraisal(
      frames: market.frames, strategy: ScheduledStrategy(name: name, schedule), settings: settings)
  }
}

/// The bars that are traded, by the instants at which they are known.
private struct Stretch {
  let frames: [Frame]
  let stamps: [Timestamp]
  let zone: Zone
  let barsPerYear: Double

  init(_ frames: [Frame], _ settings: BacktestSettings) throws {
    self.frames = frames
    var open = settings
    (open.limits, open.exits, open.size) = (.research, .none, SizeSettings())
    let held = try Backtest.run(frames: frames, strategy: BuyAndHold(), settings: open)
    stamps = held.equity.map(\.time)
    zone = held.calendar.zone
    barsPerYear = Annualisation(interval: held.interval, calendar: held.calendar).barsPerYear
  }

  func day(_ row: Int) -> CivilDate { zone.date(at: stamps[row]) }

  func span(of rows: Range<Int>) -> Range<Timestamp> {
    stamps[rows.lowerBound]..<end(of: rows)
  }

  private func end(of rows: Range<Int>) -> Timestamp {
    rows.upperBound < stamps.count
      ? stamps[rows.upperBound] : Timestamp(nanoseconds: stamps[stamps.count - 1].nanoseconds + 1)
  }

  /// The bars known in these rows, with those before that features look back to; none known later.
  func frames(of rows: Range<Int>, lookBack: Int) -> [Frame] {
    frames.compactMap { frame in
      let known = frame.rows(knownIn: span(of: rows))
      guard !known.isEmpty else { return nil }
      return frame.slice(max(0, known.lowerBound - lookBack)..<known.upperBound)
    }
  }
}
