import Runtime

/// K-fold cross-validation over time: each block is the test once, and what overlaps it or follows
/// it within the embargo is left out of training (López de Prado 2018, ch. 7).
public struct PurgedKFold: Hashable, Sendable {
  public let folds: Int
  public let embargo: Duration

  public init(folds: Int, embargo: Duration = .zero) throws(SplitError) {
    guard folds > 1 else {
      throw .setting("folds", found: "\(folds)", expected: "at least two")
    }
    self.folds = folds
    self.embargo = embargo
  }

  public func folds(of times: SampleTimes) throws(SplitError) -> [Fold] {
    try CombinatorialPurged(groups: folds, testGroups: 1, embargo: embargo).folds(of: times)
  }
}

/// Cross-validation in which every choice of some groups is the test once, so that many whole paths
/// out of sample can be put together instead of one (López de Prado 2018, ch. 12).
public struct CombinatorialPurged: Hashable, Sendable {
  public let groups, testGroups: Int
  public let embargo: Duration

  /// Beyond this nobody waits for the trainings.
  public static let mostFolds = 10_000

  public init(groups: Int, testGroups: Int, embargo: Duration = .zero) throws(SplitError) {
    guard groups > 1, groups <= 60 else {
      throw .setting("groups", found: "\(groups)", expected: "2 to 60 groups")
    }
    guard (1..<groups).contains(testGroups) else {
      throw .setting(
        "test_groups", found: "\(testGroups)", expected: "at least one and fewer than \(groups)")
    }
    let count = Self.choices(testGroups, of: groups)
    guard count <= Self.mostFolds else {
      throw .setting(
        "test_groups", found: "\(testGroups), which makes \(count) folds",
        expected: "a choice of at most \(Self.mostFolds) folds")
    }
    self.groups = groups
    self.testGroups = testGroups
    self.embargo = embargo
  }

  /// The groups each fold tests, in lexical order.
  public var combinations: [[Int]] {
    var all: [[Int]] = []
    var chosen = Array(0..<testGroups)
    while true {
      all.append(chosen)
      guard let place = chosen.indices.last(where: { chosen[$0] < groups - testGroups + $0 }) else {
        return all
      }
      chosen[place] += 1
      for later in chosen.indices where later > place { chosen[later] = chosen[later - 1] + 1 }
    }
  }

  /// How many whole paths the folds make: each group is tested that often.
  public var pathCount: Int { combinations.count * testGroups / groups }

  /// For each path, which fold gives the predictions of each group.
  public var paths: [[Int]] {
    var foldsOfGroup = [[Int]](repeating: [], count: groups)
    for (fold, tested) in combinations.enumerated() {
      for group in tested { foldsOfGroup[group].append(fold) }
    }
    return (0..<pathCount).map { path in foldsOfGroup.map { $0[path] } }
  }

  public func folds(of times: SampleTimes) throws(SplitError) -> [Fold] {
    let line = Timeline(times)
    let embargo = try Timeline.nanoseconds(embargo)
    guard line.count >= groups else { throw .tooFew(part: "a group", instants: line.count) }
    let bounds = (0...groups).map { $0 * line.count / groups }
    let ranges = (0..<groups).map { bounds[$0]..<bounds[$0 + 1] }
    let spans = ranges.map(line.span)
    let samples = ranges.map(line.samples)
    var folds: [Fold] = []
    for tested in combinations {
      let rest = (0..<groups).filter { !tested.contains($0) }.flatMap { samples[$0] }
      let training = line.purge(rest.sorted(), clearOf: tested.map { spans[$0] }, embargo: embargo)
      guard !training.kept.isEmpty else { throw .tooFew(part: "train", instants: line.count) }
      let names = tested.map { String($0 + 1) }.joined(separator: "+")
      folds.append(
        Fold(
          name: "test \(names)", train: training.kept, validation: [],
          test: tested.flatMap { samples[$0] }.sorted(), purged: training.purged))
    }
    return folds
  }

  /// n over k; every intermediate value is whole, and small because it is checked on the way.
  private static func choices(_ k: Int, of n: Int) -> Int {
    var result = 1
    for step in 1...min(k, n - k) {
      let (product, overflow) = result.multipliedReportingOverflow(by: n - step + 1)
      guard !overflow else { return .max }
      result = product / step
    }
    return result
  }
}
