import Runtime

/// Train on the past, test on what follows, move on: each fold as it could have been lived through.
public struct WalkForwardSplit: Hashable, Sendable {
  public enum Memory: String, CaseIterable, Sendable {
    /// The training part keeps its length and moves along.
    case rolling
    /// The training part begins with the data and grows.
    case expanding
  }

  public let memory: Memory
  /// Lengths in instants, which are bars where there is one symbol. The validation part, if any, is
  /// the end of the training part.
  public let train, validation, test: Int
  public let embargo: Duration

  public init(
    _ memory: Memory, train: Int, validation: Int = 0, test: Int, embargo: Duration = .zero
  ) throws(SplitError) {
    guard test > 0 else {
      throw .setting("test", found: "\(test)", expected: "at least one bar")
    }
    guard validation >= 0, validation < train else {
      throw .setting(
        "validation", found: "\(validation)", expected: "shorter than train (\(train))")
    }
    self.memory = memory
    self.train = train
    self.validation = validation
    self.test = test
    self.embargo = embargo
  }

  /// The folds in order of time; together their test parts cover every instant after the first
  /// training part once, the last of them being shorter where time runs out.
  public func folds(of times: SampleTimes) throws(SplitError) -> [Fold] {
    let line = Timeline(times)
    let embargo = try Timeline.nanoseconds(embargo)
    guard train < line.count else { throw .tooFew(part: "test", instants: line.count) }
    var folds: [Fold] = []
    for begin in stride(from: train, to: line.count, by: test) {
      let testRange = begin..<min(begin + test, line.count)
      let from = memory == .rolling ? begin - train : 0
      let split = begin - validation
      let testSpan = line.span(of: testRange)
      let steering = line.purge(
        line.samples(in: split..<begin), clearOf: [testSpan], embargo: embargo)
      let after = validation > 0 ? [line.span(of: split..<begin), testSpan] : [testSpan]
      let training = line.purge(line.samples(in: from..<split), clearOf: after, embargo: embargo)
      guard !training.kept.isEmpty else { throw .tooFew(part: "train", instants: line.count) }
      if validation > 0, steering.kept.isEmpty {
        throw .tooFew(part: "validation", instants: line.count)
      }
      folds.append(
        Fold(
          name: "\(memory.rawValue) \(folds.count + 1)", train: training.kept,
          validation: steering.kept, test: line.samples(in: testRange),
          purged: training.purged + steering.purged))
    }
    return folds
  }
}
