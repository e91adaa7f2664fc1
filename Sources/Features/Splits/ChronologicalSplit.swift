import Runtime

/// Train, validation and test one after the other in time, each instant whole in one of them.
public struct ChronologicalSplit: Hashable, Sendable {
  /// Shares of the instants; what is left after both is the test part.
  public let train, validation: Double
  /// The least time between a label of one part and the next part's first sample.
  public let embargo: Duration

  /// 70, 15 and 15 of a hundred.
  public static let standard = ChronologicalSplit(
    checkedTrain: 0.70, validation: 0.15, embargo: .zero)
  /// 90 and 10 of a hundred, without a test part: for a model that goes to production.
  public static let production = ChronologicalSplit(
    checkedTrain: 0.90, validation: 0.10, embargo: .zero)

  public init(train: Double, validation: Double, embargo: Duration = .zero) throws(SplitError) {
    guard train > 0, train < 1 else {
      throw .setting("train", found: "\(train)", expected: "a share between 0 and 1")
    }
    guard validation >= 0, train + validation <= 1 + 1e-12 else {
      throw .setting(
        "validation", found: "\(validation)", expected: "a share that leaves room beside train")
    }
    self.init(checkedTrain: train, validation: validation, embargo: embargo)
  }

  private init(checkedTrain train: Double, validation: Double, embargo: Duration) {
    self.train = train
    self.validation = validation
    self.embargo = embargo
  }

  public func fold(of times: SampleTimes) throws(SplitError) -> Fold {
    let line = Timeline(times)
    let embargo = try Timeline.nanoseconds(embargo)
    let first = Int((Double(line.count) * train).rounded())
    // Shares that add up to one leave no test part, whatever the rounding of their sum.
    let hasTest = train + validation < 1 - 1e-12
    let second = hasTest ? Int((Double(line.count) * (train + validation)).rounded()) : line.count
    let (validationRange, testRange) = (first..<second, second..<line.count)
    if hasTest, testRange.isEmpty { throw .tooFew(part: "test", instants: line.count) }
    if validation > 0, validationRange.isEmpty {
      throw .tooFew(part: "validation", instants: line.count)
    }
    let later = [validationRange, testRange].filter { !$0.isEmpty }.map(line.span)
    let training = line.purge(line.samples(in: 0..<first), clearOf: later, embargo: embargo)
    let steering = line.purge(
      line.samples(in: validationRange),
      clearOf: testRange.isEmpty ? [] : [line.span(of: testRange)],
      embargo: embargo)
    guard !training.kept.isEmpty else { throw .tooFew(part: "train", instants: line.count) }
    if validation > 0, steering.kept.isEmpty {
      throw .tooFew(part: "validation", instants: line.count)
    }
    return Fold(
      name: "chronological", train: training.kept, validation: steering.kept,
      test: line.samples(in: testRange), purged: training.purged + steering.purged)
  }
}
