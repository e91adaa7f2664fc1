import Evidence
import Foundation
import Learning
import Runtime
import TestKit
import Testing

@Suite("The evaluation of forecasts")
struct EvaluationTests {
  private let known = Evaluation.Circumstances(
    naive: [0.3, 0.4, 0.3], costs: .free, seed: 1, calibration: .none)

  private func output(_ samples: Windows, _ three: (Int) -> [Double]) -> PredictionOutput {
    PredictionOutput(samples, probabilities: (0..<samples.count).flatMap(three))
  }

  private func evaluation(
    _ samples: Windows, next: [Double]? = nil, costs: CostRates = .free,
    _ three: (Int) -> [Double]
  ) throws -> Evaluation {
    var known = known
    known.costs = costs
    return try Evaluation(
      output(samples, three), of: samples, part: "test",
      outcomes: next.map { Outcomes(ahead: $0, next: $0) }, in: known)
  }

  private func oneHot(_ c: Int) -> [Double] { (0..<3).map { $0 == c ? 1 : 0 } }

  @Test("figures of a small confusion are those worked out by hand")
  func byHand() {
    let scores = ClassScores(
      PredictionOutput(
        horizon: 1, symbols: [], codes: [0, 0, 0, 0], datetimes: [1, 2, 3, 4],
        probabilities: [0.6, 0.3, 0.1, 0.2, 0.5, 0.3, 0.1, 0.1, 0.8, 0.5, 0.3, 0.2]),
      classes: [0, 1, 0, 2])
    #expect(scores.confusion == [[1, 0, 1], [0, 1, 0], [1, 0, 0]])
    #expect(scores.accuracy == 0.5)
    #expect(scores.precision(0) == 0.5 && scores.recall(0) == 0.5 && scores.f1(0) == 0.5)
    #expect(scores.precision(1) == 1 && scores.recall(1) == 1)
    #expect(scores.precision(2) == 0 && scores.recall(2) == 0 && scores.f1(2) == 0)
    let loss = -(log(0.6) + log(0.5) + log(0.1) + log(0.2)) / 4
    #expect(abs(scores.logLoss - loss) < 1e-12)
    let brier =
      (0.16 + 0.09 + 0.01 + 0.04 + 0.25 + 0.09 + 0.81 + 0.01 + 0.64 + 0.25 + 0.09 + 0.64) / 4
    #expect(abs(scores.brier - brier) < 1e-12)
    // Bins of 1/15: 0.6 hit; 0.5 one hit of two; 0.8 missed.
    #expect(abs(scores.calibrationError - (0.4 + 2 * 0 + 0.8) / 4) < 1e-12)
  }

  @Test("a forecast that knows beats every baseline, and one that guesses does not")
  func baselines() throws {
    let samples = Lessons.windows(rows: 800, seed: 5, label: Lessons.byFirst)
    let next = samples.labels.map { $0 * 0.01 }
    let sure = try evaluation(samples, next: next) { row in
      let c = Int(samples.label(row)) + 1
      return (0..<3).map { $0 == c ? 0.8 : 0.1 }
    }
    #expect(sure.beatsBaselines && sure.verdict.contains("beats every baseline"))
    #expect(sure.classes?.accuracy == 1)
    #expect((sure.ranks?.ic ?? 0) > 0.9)
    var chance = SeededGenerator(seed: 9)
    let guesses = (0..<samples.count).map { _ in Int.random(in: 0..<3, using: &chance) }
    let guessed = try evaluation(samples, next: next) { row in
      (0..<3).map { $0 == guesses[row] ? 0.4 : 0.3 }
    }
    #expect(!guessed.beatsBaselines)
    let interval = try #require(guessed.classIntervals?.accuracy)
    #expect(interval.contains(guessed.classes?.accuracy ?? 0))
    #expect(guessed.ranks?.interval?.contains(0) == true)
  }

  @Test("trading is Evidence's position times return, and costs take from it")
  func trading() throws {
    let samples = Lessons.windows(rows: 300, symbols: 1, seed: 6, label: Lessons.byFirst)
    let next = (0..<samples.count).map { sin(Double($0)) * 0.01 }
    let choose = { (row: Int) in self.oneHot(Int(samples.label(row)) + 1) }
    let free = try #require(try evaluation(samples, next: next, choose).trading)
    let positions = samples.labels
    let returns = PositionReturns.returns(
      positions: positions, assetReturns: [0] + next.dropLast(), costs: .free, barsPerYear: 365.25)
    #expect(free.run.returns.count == returns.count)
    for (own, other) in zip(free.run.returns, returns) { #expect(abs(own - other) < 1e-12) }
    let dear = try #require(
      try evaluation(
        samples, next: next, costs: .basisPoints(halfSpread: 20, commission: 10), choose
      ).trading)
    #expect(dear.run.record.values.last ?? 0 < free.run.record.values.last ?? 0)
    let held = free.buyAndHold.record.values.last ?? 0
    let truth = next.dropLast().reduce(1) { $0 * (1 + $1) }
    #expect(abs(held - truth) < 1e-9)
  }

  @Test("what is sold short can lose everything: a result that ends there, and never an error")
  func ruined() throws {
    let samples = Lessons.windows(rows: 300, symbols: 1, seed: 6, label: Lessons.byFirst)
    var next = [Double](repeating: 0.001, count: samples.count)
    next[50] = 0.6
    next[60] = 1.2
    next[61] = -0.9
    let found = try evaluation(samples, next: next) { _ in oneHot(0) }
    let trading = try #require(found.trading)
    // What a bar brings is known one bar later.
    #expect(trading.lostEverythingAt?.nanoseconds == samples.datetimes[61])
    #expect(trading.run.count == 62 && trading.run.record.values.last == 0)
    #expect(abs((trading.run.record.values[52] / 0.4) - pow(0.999, 50)) < 1e-9)
    #expect(trading.equalWeight.count == samples.count)
    #expect(trading.beatsHolding == false && !found.beatsBaselines)
    #expect(found.verdict.contains("it lost everything by 1970-03-03."), "\(found.verdict)")
    let json = found.json
    #expect(json["trading"]?["model"]?["return"]?.double == -1)
    #expect(json["trading"]?["lost_everything_at"]?.string?.hasPrefix("1970-03-03") == true)
    #expect(!json.text().contains("nan") && !json.text().contains("inf"))
    next[60] = 0.5
    let lives = try evaluation(samples, next: next) { _ in oneHot(0) }
    #expect(lives.trading?.lostEverythingAt == nil && lives.trading?.run.count == samples.count)
  }

  @Test("no outcome, no trading: null with its reason, never a figure")
  func silence() throws {
    let samples = Lessons.windows(rows: 90, seed: 6, label: Lessons.byFirst)
    let json = try evaluation(samples) { _ in [0.2, 0.5, 0.3] }.json
    #expect(json["trading"] == .null)
    #expect(json["trading_silence"]?.string?.contains("outcome_h1") == true)
    #expect(json["rank_ic"] == .null)
    #expect(!json.text().contains("nan") && !json.text().contains("inf"))
  }

  @Test("what is no forecast is refused")
  func noForecast() {
    let samples = Lessons.windows(rows: 20, seed: 6, label: Lessons.byFirst)
    for three in [[0.5, 0.6, 0.2], [Double.nan, 0.5, 0.5], [-0.1, 0.6, 0.5]] {
      #expect(throws: ForecastError.self) { try output(samples) { _ in three }.check(of: "m") }
    }
    #expect(throws: ForecastError.self) {
      try PredictionOutput(samples, points: Array(repeating: .infinity, count: samples.count))
        .check(of: "m")
    }
  }
}
