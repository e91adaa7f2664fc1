import Evidence
import Numerics
import Runtime

/// What came of some neighbouring settings, with what the judgement of all of them needs; the unit of work
/// and of what is kept, so that a sweep that was stopped goes on where it was.
struct SweepPart: Sendable {
  var outcomes: [SweepOutcome]
  /// Of each setting, block by block.
  var sums: [Double]
  var squares: [Double]
  /// How far luck carried the best of these, in each of the draws that all parts share.
  var greatest: [Double]

  /// Settings of a part: many enough to be worth a file, few enough for their returns to fit.
  static func size(bars: Int) -> Int { min(256, max(8, 8_000_000 / max(1, bars))) }

  /// - Parameter luck: draws to which nothing was added
  init(
    _ settings: ArraySlice<StrategyValues>, _ runner: SweepRunner, _ luck: LuckDraws,
    blocks: BlockSums?, on pool: Pool = .shared
  ) throws(BacktestError) {
    let done = try runner.runs(settings, on: pool)
    outcomes = done.map(\.outcome)
    let returns = done.returns
    var (luck, blocks) = (luck, blocks)
    do throws(EvidenceError) { try luck.add(returns) } catch { throw .evidence(error) }
    blocks?.add(returns)
    greatest = luck.greatest
    (sums, squares) = (blocks?.sums ?? [], blocks?.squares ?? [])
  }

  var json: JSON {
    [
      "outcomes": JSON(outcomes.map(\.json)), "sums": JSON(sums.map { JSON($0) }),
      "squares": JSON(squares.map { JSON($0) }), "greatest": JSON(greatest.map { JSON($0) }),
    ]
  }

  /// `nil` where it is not what was written for so many settings.
  init?(_ json: JSON, settings: Int, blocks: Int, draws: Int) {
    func numbers(_ key: String, _ count: Int) -> [Double]? {
      let numbers = json[key]?.elements?.compactMap(\.double)
      return numbers?.count == count ? numbers : nil
    }
    let outcomes = json["outcomes"]?.elements?.compactMap { SweepOutcome($0) }
    guard let outcomes, outcomes.count == settings,
      let sums = numbers("sums", settings * blocks),
      let squares = numbers("squares", settings * blocks),
      let greatest = numbers("greatest", draws)
    else { return nil }
    self.outcomes = outcomes
    self.sums = sums
    self.squares = squares
    self.greatest = greatest
  }
}
