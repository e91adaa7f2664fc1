import Learning

/// Rows and labels as both libraries take them.
package struct BoostingRows: Sendable {
  /// One row after the other; NaN where a value is missing.
  package let numbers: [Float]
  package let width: Int
  /// Classes from 0 on, or numbers.
  package let labels: [Float]
  /// How much each row counts; empty where all count the same.
  package let weights: [Float]

  package init(_ numbers: [Float], width: Int, labels: [Float], weights: [Float] = []) {
    precondition(width > 0 && numbers.count == width * labels.count, "a label a row")
    precondition(weights.isEmpty || weights.count == labels.count, "a weight a row")
    self.numbers = numbers
    self.width = width
    self.labels = labels
    self.weights = weights
  }

  /// - Parameter classWeights: what a row of each class counts; empty where all count the same
  init(_ samples: Windows, classWeights: [Double] = []) {
    let classes = samples.target == .classes ? samples.classes : []
    self.init(
      samples.block(), width: samples.width,
      labels: classes.isEmpty ? samples.labels.map { Float($0) } : classes.map { Float($0) },
      weights: classWeights.isEmpty ? [] : classes.map { Float(classWeights[$0]) })
  }
}

/// How many rounds to grow, on how many threads.
package struct BoostingPlan: Sendable {
  package var rounds: Int
  package var threads: Int

  package init(rounds: Int, threads: Int) {
    self.rounds = rounds
    self.threads = threads
  }
}

/// Told after each round: its number from 1 on and both losses. A reason ends the growing.
package typealias BoostingWatch = (_ round: Int, _ loss: Double, _ validation: Double) -> String?

/// The best round so far. A loss that is equal is not better, so that the shorter model is kept.
struct BestRound {
  private(set) var round = 0
  private var loss = Double.infinity

  mutating func take(_ round: Int, loss: Double) {
    if loss < self.loss { (self.round, self.loss) = (round, loss) }
  }
}

extension BoostingRows {
  func prefix(_ count: Int) -> BoostingRows {
    let count = min(count, labels.count)
    return BoostingRows(
      Array(numbers.prefix(count * width)), width: width, labels: Array(labels.prefix(count)))
  }
}
