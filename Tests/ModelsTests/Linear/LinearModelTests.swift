import Foundation
import Learning
import Market
import Numerics
import Runtime
import TestKit
import Testing

@Suite("Linear models")
struct LinearModelTests {
  /// A set of changes: a straight line of two features with noise, a feature that never changes and
  /// one that is missing now and then.
  private func lesson(
    target: Target = .returns, noise: Double = 0.1, count: Int = 400
  ) throws -> (lesson: Lesson, test: Windows) {
    var stream = RandomStream(seed: 11, purpose: "linear models")
    let numbers = (0..<count).map { _ in (stream.normal(), stream.normal(), stream.normal()) }
    let matrix = FeatureMatrix(names: ["a", "b", "same", "gaps"], rows: count) { target in
      for (row, x) in numbers.enumerated() {
        target[4 * row] = Float(50 + 3 * x.0)
        target[4 * row + 1] = Float(1e-4 * x.1)
        target[4 * row + 2] = 7
        target[4 * row + 3] = row % 5 == 0 ? .nan : Float(x.2)
      }
    }
    let labels = numbers.map { x -> Double in
      let value = 0.5 + 2 * x.0 - x.1 + noise * stream.normal()
      return target == .returns ? value : value > 1 ? 1 : value < -1 ? -1 : 0
    }
    let symbol = try #require(Symbol("LINE"))
    let all = Windows(
      matrix: matrix, steps: 1, horizon: 5, target: target, symbols: [symbol],
      codes: [Int32](repeating: 0, count: count), datetimes: (0..<count).map { Int64($0) },
      labels: labels, ends: (0..<count).map { Int32($0) })
    return (
      Lesson(train: all.subset(0..<count / 2), validation: all.subset(count / 2..<3 * count / 4)),
      all.subset(3 * count / 4..<count)
    )
  }

  private func fitted(
    _ model: String, _ lesson: Lesson, sets: [String] = []
  ) throws -> any Model {
    try ModelRegistry.standard().kind(model).configured(sets: sets)
      .fit(lesson, in: FitSession(seed: 1))
  }

  @Test("ridge finds the line whatever the scales, through constants and gaps")
  func line() throws {
    let (lesson, test) = try lesson()
    let output = try fitted("ridge", lesson).predict(test)
    let squares = (0..<test.count).reduce(0) {
      $0 + (output.points[$1] - test.label($1)) * (output.points[$1] - test.label($1))
    }
    // The noise has a variance of 0.01.
    #expect(squares / Double(test.count) < 0.015)
  }

  @Test("a heavier penalty shrinks forecasts towards the mean of training")
  func penalty() throws {
    let (lesson, test) = try lesson()
    let mean = lesson.train.labels.reduce(0, +) / Double(lesson.train.count)
    let spreads = try ["1e-6", "1", "1000", "1000000"].map { penalty -> Double in
      let points = try fitted("ridge", lesson, sets: ["penalty=\(penalty)"]).predict(test).points
      return points.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    }
    #expect(spreads == spreads.sorted(by: >))
    #expect(spreads[3] < 1e-6 * spreads[0])
  }

  @Test("logistic regression at its end has no slope left: classes are as likely as they came")
  func stationary() throws {
    let (lesson, _) = try lesson(target: .classes)
    let model = try fitted("logistic", lesson, sets: ["penalty=0.001", "iterations=2000"])
    let output = try model.predict(lesson.train)
    for c in 0..<3 {
      let foreseen = stride(from: c, to: output.probabilities.count, by: 3)
        .reduce(0) { $0 + output.probabilities[$1] }
      // The constants carry no penalty, so that at the minimum both sums are equal.
      #expect(abs(foreseen - Double(lesson.train.classes.count { $0 == c })) < 0.01)
    }
  }

  @Test("logistic regression learns no numbers, and says so")
  func returnsRefused() throws {
    let (lesson, _) = try lesson()
    #expect(throws: LessonError.self) { _ = try fitted("logistic", lesson) }
  }

  @Test("one class only gives that class, and no infinity", arguments: ["ridge", "logistic"])
  func oneClass(model: String) throws {
    let (lesson, test) = try lesson(target: .classes)
    let same = Lesson(
      train: lesson.train.relabelled([Double](repeating: 1, count: lesson.train.count)),
      validation: lesson.validation.relabelled(
        [Double](repeating: 1, count: lesson.validation.count)))
    let output = try fitted(model, same).predict(test)
    try output.check(of: model)
    #expect((0..<test.count).allSatisfy { output.choice($0) == 1 })
  }

  @Test("rows of another width are refused", arguments: ["ridge", "logistic"])
  func width(model: String) throws {
    let (lesson, _) = try lesson(target: .classes)
    let fitted = try fitted(model, lesson)
    let other = try KnownWorld.linear.sets(rows: 200, steps: 1, seed: 1).test
    do {
      _ = try fitted.predict(other)
      Issue.record("it was taken")
    } catch let error as any DiagnosedError {
      #expect(error.diagnosis.finding.contains("4"))
    }
  }

  @Test("a damaged file is refused and never ends the program", arguments: ["ridge", "logistic"])
  func damaged(model: String) throws {
    let (lesson, test) = try lesson(target: .classes)
    let folder = try TemporaryFolder()
    let kind = try ModelRegistry.standard().kind(model)
    try fitted(model, lesson).save(to: folder.path(""))
    let path = folder.path("weights.json")
    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    var refused = 0
    let words = ["null", "1e999", "\"weights\"", "[]", "-1"].map { Array($0.utf8) }
    for damaged in mutations(
      of: [bytes], count: FuzzBudget.inputs(usual: 200, nightly: 5000), seed: 3, dictionary: words,
      longest: 1 << 16)
    {
      try Data(damaged).write(to: URL(fileURLWithPath: path))
      do {
        _ = try kind.load(from: folder.path("")).predict(test)
      } catch is any DiagnosedError {
        refused += 1
      }
    }
    #expect(refused > 50)
  }
}
