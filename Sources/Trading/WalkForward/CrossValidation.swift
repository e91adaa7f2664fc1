import Features
import Foundation
import Runtime

/// Combinatorial purged cross-validation of a choice: every choice of some groups of bars is the test once,
/// the setting is chosen on the rest, and the tests make several whole paths out of sample instead of one
/// (López de Prado, Advances in Financial Machine Learning, 2018, chapter 12).
public struct CrossValidation: Sendable {
  public struct Path: Hashable, Sendable {
    /// Of a year.
    public let sharpe: Double
    public let totalReturn: Double
  }

  public let paths: [Path]
  public let groups, testGroups, folds: Int
  /// Bars after a test that no choice looks at: their averages reach back into it.
  public let purged: Int

  /// Where the groups lie.
  struct Groups {
    let split: CombinatorialPurged
    let ranges: [Range<Int>]
    let purged: Int

    init(
      _ plan: WalkForward.Plan, bars: Int, grid: SweepGrid
    ) throws(BacktestError) {
      do {
        split = try CombinatorialPurged(groups: plan.groups, testGroups: plan.testGroups)
      } catch {
        let diagnosis = error.diagnosis
        throw .contradiction(
          diagnosis.place, finding: diagnosis.finding, remedy: diagnosis.remedy)
      }
      let count = split.groups
      guard bars >= 4 * count else {
        throw .contradiction(
          "groups", finding: "\(bars) bars are too few for \(count) groups",
          remedy: "give at least \(4 * count) bars, or fewer groups")
      }
      ranges = (0..<count).map { $0 * bars / count..<($0 + 1) * bars / count }
      var warmUp = 0
      for setting in grid.settings {
        warmUp = max(warmUp, try grid.searched.strategy(setting).warmUp)
      }
      purged = min(warmUp, bars / count / 2)
    }

    var edges: [Int] {
      ranges.flatMap { [$0.lowerBound, $0.lowerBound + purged, $0.upperBound] }
    }

    /// What is left to choose on, where these groups are tested.
    func training(without tested: [Int]) -> [Range<Int>] {
      ranges.indices.filter { !tested.contains($0) }.map { group in
        let first = ranges[group].lowerBound + (tested.contains(group - 1) ? purged : 0)
        return first..<ranges[group].upperBound
      }
    }
  }

  init(_ groups: Groups, _ sums: SegmentSums, year: Double) {
    let combinations = groups.split.combinations
    let chosen = combinations.map { sums.best(in: groups.training(without: $0)).setting }
    paths = groups.split.paths.map { folds in
      var path = SegmentSums.Sum()
      for (group, fold) in folds.enumerated() {
        path.add(sums.sum(of: chosen[fold], in: [groups.ranges[group]]))
      }
      return Path(sharpe: path.sharpe * year.squareRoot(), totalReturn: expm1(path.growth))
    }
    self.groups = groups.split.groups
    testGroups = groups.split.testGroups
    folds = combinations.count
    purged = groups.purged
  }

  public var worst: Path? { paths.min { $0.sharpe < $1.sharpe } }

  public var json: JSON {
    [
      "groups": JSON(groups), "test_groups": JSON(testGroups), "folds": JSON(folds),
      "purged_bars": JSON(purged), "sharpe": JSON(paths.map { JSON($0.sharpe) }),
      "return": JSON(paths.map { JSON($0.totalReturn) }),
      "losing_paths": JSON(paths.count { $0.totalReturn < 0 }),
    ]
  }
}
