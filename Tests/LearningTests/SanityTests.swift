import Foundation
import Learning
import Runtime
import Synchronization
import Testing

/// What is wrong with a trainer on purpose.
enum Fault: String, CaseIterable, ConfigurationChoice {
  case none, wrongSign, staleState, shuffledLabels, remembersRows, drawsAnew, ignoresPrior
}

/// `NearestMean`, broken as its settings say.
struct Broken: Model {
  struct Settings: Configured {
    var fault = Fault.none
    static let schema = Schema<Self>("Broken") { Field("fault", \.fault, "What is wrong") }
  }

  static let card = ModelCard(
    "broken", family: .linear, "Broken on purpose", abilities: [.classes])
  let inner: NearestMean
  let fault: Fault
  private static let latest = Mutex<[Double]>([])

  static func fit(_ settings: Settings, to lesson: Lesson, in session: FitSession) throws -> Self {
    var lesson = lesson
    if settings.fault == .shuffledLabels {
      let labels = lesson.train.labels
      lesson = Lesson(
        train: lesson.train.relabelled(
          labels.indices.map { labels[($0 * 7919 + 13) % labels.count] }),
        validation: lesson.validation)
    }
    var inner = try NearestMean.fit(.init(), to: lesson, in: session)
    if settings.fault == .drawsAnew {
      let means = inner.means.map { $0.map { $0 + Double.random(in: 0...1e-6) } }
      inner = NearestMean(sharpness: 1, means: means)
    }
    return Broken(inner: inner, fault: settings.fault)
  }

  func predict(_ samples: Windows) throws -> PredictionOutput {
    var output = try inner.predict(samples)
    if fault == .wrongSign {
      for row in 0..<output.count { output.probabilities.swapAt(3 * row, 3 * row + 2) }
    }
    if fault == .staleState {
      // What a state that is not begun anew does: each row sees a part of the one before.
      var state = [0.0, 0, 0]
      for row in 0..<output.count {
        for c in 0..<3 {
          state[c] = 0.3 * state[c] + 0.7 * output.probabilities[3 * row + c]
        }
        let sum = state.reduce(0, +)
        for c in 0..<3 { output.probabilities[3 * row + c] = state[c] / sum }
      }
    }
    if fault == .ignoresPrior {
      output.probabilities = (0..<output.count).flatMap { _ in [0.98, 0.01, 0.01] }
    }
    return output
  }

  func save(to folder: String) throws { try inner.save(to: folder) }
  static func load(from folder: String) throws -> Self {
    Broken(inner: try NearestMean.load(from: folder), fault: .none)
  }
}

@Suite("The ladder of sanity")
struct SanityTests {
  private func report(_ fault: Fault) throws -> SanityReport {
    var registry = ModelRegistry()
    try registry.register(Broken.self)
    let model = try registry.kind("broken").configured([], sets: ["fault=\(fault.rawValue)"])
    let lesson = Lessons.lesson(rows: 1_200, label: Lessons.byFirst)
    return try SanityLadder(model, lesson: lesson, seed: 3).climbed()
  }

  @Test("a sound trainer climbs it whole")
  func sound() throws {
    let report = try report(.none)
    // The nearest mean knows no shares: shown nothing, it finds all classes alike, near the shares.
    #expect(report.failed == [], "\(report.json.text())")
  }

  @Test(
    "a broken trainer falls off",
    arguments: [
      (Fault.wrongSign, "oracle"), (.shuffledLabels, "oracle"), (.staleState, "order"),
      (.drawsAnew, "seed"), (.ignoresPrior, "zeroed"),
    ])
  func broken(fault: Fault, rung: String) throws {
    let report = try report(fault)
    #expect(report.failed.contains(rung), "\(report.json.text())")
    #expect(!report.isSane)
  }
}
