import Features
import Market
import Runtime
import TestKit
import Testing

@Suite("Splits")
struct SplitTests {
  private static let day: Int64 = 86_400_000_000_000

  /// Samples of several symbols a day, with labels of random lengths; some without a label.
  private static func samples(days: Int, symbols: Int, seed: UInt64) -> SampleTimes {
    var random = SeededGenerator(seed: seed)
    var known: [Int64] = []
    var settled: [Int64] = []
    for symbol in 0..<symbols {
      for instant in 0..<days where symbol == 0 || Bool.random(using: &random) {
        known.append(Int64(instant) * day)
        let length = Int64.random(in: 1...6, using: &random)
        settled.append(
          Int64(instant) + length < Int64(days) ? (Int64(instant) + length) * day : .max)
      }
    }
    return SampleTimes(knownAt: known, settledAt: settled)
  }

  /// No label of one part lives while one of the other does, with the embargo between them.
  private static func areApart(
    _ a: [Int], _ b: [Int], _ times: SampleTimes, embargo: Int64, blocks: Bool = false
  ) -> Bool {
    a.allSatisfy { one in
      b.allSatisfy { other in
        times.settledAt[one] + embargo <= times.knownAt[other]
          || times.settledAt[other] + embargo <= times.knownAt[one]
      }
    }
  }

  private static func usable(_ times: SampleTimes) -> [Int] {
    (0..<times.count).filter { times.settledAt[$0] != .max }
  }

  @Test(
    "parts of a chronological split follow each other and no label reaches over", arguments: 1...10)
  func chronological(seed: Int) throws {
    let times = Self.samples(days: 200, symbols: 4, seed: UInt64(seed))
    for embargo in [0, 3] {
      let split = try ChronologicalSplit(
        train: 0.7, validation: 0.15, embargo: .seconds(embargo * 86_400))
      let fold = try split.fold(of: times)
      let gap = Int64(embargo) * Self.day
      #expect(Self.areApart(fold.train, fold.validation, times, embargo: gap))
      #expect(Self.areApart(fold.validation, fold.test, times, embargo: gap))
      #expect(Self.areApart(fold.train, fold.test, times, embargo: gap))
      let all = Set(fold.train + fold.validation + fold.test)
      #expect(all.count == fold.train.count + fold.validation.count + fold.test.count)
      #expect(all.count + fold.purged == Self.usable(times).count)
      let last = try #require(fold.train.map { times.knownAt[$0] }.max())
      let first = try #require(fold.validation.map { times.knownAt[$0] }.min())
      #expect(last < first)
    }
  }

  @Test("shares are of instants: 140, 30 and 30 of two hundred days")
  func shares() throws {
    let times = SampleTimes(
      knownAt: (0..<200).map { Int64($0) * Self.day },
      settledAt: (0..<200).map { Int64($0) * Self.day + 1 })
    let fold = try ChronologicalSplit.standard.fold(of: times)
    #expect([fold.train.count, fold.validation.count, fold.test.count] == [140, 30, 30])
    let production = try ChronologicalSplit.production.fold(of: times)
    #expect([production.train.count, production.validation.count] == [180, 20])
    #expect(production.test.isEmpty)
  }

  @Test(
    "a label of five bars costs exactly the four samples before a boundary that it reaches over")
  func purgeIsExact() throws {
    let times = SampleTimes(
      knownAt: (0..<100).map { Int64($0) * Self.day },
      settledAt: (0..<100).map { $0 < 95 ? (Int64($0) + 5) * Self.day : .max })
    let fold = try ChronologicalSplit(train: 0.5, validation: 0).fold(of: times)
    // 95 labelled days: the first 48 (rounded) train, of which the last four are settled later than
    // the first test day begins.
    #expect(fold.train == Array(0..<44) && fold.test == Array(48..<95) && fold.purged == 4)
  }

  @Test(
    "walking forward tests every later instant once, after training on earlier ones only",
    arguments: WalkForwardSplit.Memory.allCases)
  func walkForward(memory: WalkForwardSplit.Memory) throws {
    let times = Self.samples(days: 150, symbols: 3, seed: 5)
    let split = try WalkForwardSplit(memory, train: 60, validation: 10, test: 20)
    let folds = try split.folds(of: times)
    #expect(folds.count == 5)
    let tested = folds.flatMap(\.test)
    #expect(Set(tested).count == tested.count)
    let firstTest = try #require(tested.map { times.knownAt[$0] }.min())
    #expect(Set(tested) == Set(Self.usable(times).filter { times.knownAt[$0] >= firstTest }))
    for fold in folds {
      let first = try #require(fold.test.map { times.knownAt[$0] }.min())
      #expect(fold.train.allSatisfy { times.settledAt[$0] <= first })
      #expect(fold.validation.allSatisfy { times.settledAt[$0] <= first })
      #expect(Self.areApart(fold.train, fold.validation, times, embargo: 0))
      let earliest = try #require(fold.train.map { times.knownAt[$0] }.min())
      #expect(memory == .rolling || earliest == 0)
      #expect(memory == .expanding || earliest >= first - 60 * Self.day)
    }
  }

  @Test("purged folds test everything once and train only on what stays clear", arguments: 2...6)
  func kFold(folds: Int) throws {
    let times = Self.samples(days: 120, symbols: 3, seed: UInt64(folds))
    let gap = 2 * Self.day
    let all = try PurgedKFold(folds: folds, embargo: .seconds(2 * 86_400)).folds(of: times)
    #expect(all.count == folds)
    #expect(all.flatMap(\.test).sorted() == Self.usable(times))
    for fold in all {
      #expect(Self.areApart(fold.train, fold.test, times, embargo: gap))
      #expect(fold.train.count + fold.test.count + fold.purged == Self.usable(times).count)
    }
  }

  @Test("every choice of groups is tested once, and paths use each fold's groups once")
  func combinatorial() throws {
    let times = Self.samples(days: 120, symbols: 2, seed: 9)
    let split = try CombinatorialPurged(groups: 6, testGroups: 2)
    let folds = try split.folds(of: times)
    #expect(folds.count == 15 && split.pathCount == 5)
    #expect(Set(split.combinations).count == 15)
    #expect(split.combinations.allSatisfy { $0.count == 2 && $0 == $0.sorted() })
    for fold in folds { #expect(Self.areApart(fold.train, fold.test, times, embargo: 0)) }
    var used: Set<[Int]> = []
    for path in split.paths {
      #expect(path.count == 6)
      for (group, fold) in path.enumerated() {
        #expect(split.combinations[fold].contains(group))
        #expect(used.insert([fold, group]).inserted, "no prediction serves two paths")
      }
    }
    #expect(used.count == 30)
  }

  @Test("what cannot be split is refused with a remedy")
  func refusals() throws {
    let few = Self.samples(days: 8, symbols: 1, seed: 1)
    #expect(throws: SplitError.self) { try ChronologicalSplit(train: 1.2, validation: 0) }
    #expect(throws: SplitError.self) { try ChronologicalSplit(train: 0.9, validation: 0.2) }
    #expect(throws: SplitError.self) { try WalkForwardSplit(.rolling, train: 5, test: 0) }
    #expect(throws: SplitError.self) {
      try WalkForwardSplit(.rolling, train: 5, validation: 5, test: 1)
    }
    #expect(throws: SplitError.self) { try PurgedKFold(folds: 1) }
    #expect(throws: SplitError.self) { try CombinatorialPurged(groups: 10, testGroups: 10) }
    #expect(throws: SplitError.self) { try CombinatorialPurged(groups: 60, testGroups: 30) }
    #expect(throws: SplitError.self) {
      try ChronologicalSplit(train: 0.5, validation: 0.2, embargo: .seconds(86_400 * 100))
        .fold(of: few)
    }
    #expect(throws: SplitError.self) { try PurgedKFold(folds: 9).folds(of: few) }
    #expect(throws: SplitError.self) {
      try PurgedKFold(folds: 2, embargo: .seconds(-1)).folds(of: few)
    }
    #expect(throws: SplitError.self) {
      try ChronologicalSplit.standard.fold(of: SampleTimes(knownAt: [], settledAt: []))
    }
    #expect(throws: SplitError.self) {
      try WalkForwardSplit(.rolling, train: 50, test: 5).folds(of: few)
    }
    let error = SplitError.tooFew(part: "train", instants: 3)
    #expect(error.diagnosis.remedy.contains("more bars"))
  }
}
