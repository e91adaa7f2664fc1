import Evidence
import Runtime

/// A model against a forecast that takes no learning, loss by loss, in the order of time.
package struct Comparison: Sendable, Equatable {
  package let baseline: String
  /// What is counted: less is better.
  package let loss: String
  package let model, other: Double
  /// Of a difference as large, either way; nil where the test says nothing, and then why.
  package let chance: Double?
  package let detectable: Double?
  package let silence: String?

  /// Losses that are better and not by luck.
  package var isBeaten: Bool { model < other && isBeyondLuck }
  /// Whether one is better than the other and not by luck.
  package var isBeyondLuck: Bool { (chance ?? 1) < 0.05 }

  /// - Parameters:
  ///   - first, second: losses of the model and of the other, means of each instant
  init(
    _ baseline: String, loss: String, model: Double, other: Double, first: [Double],
    second: [Double], horizon: Int
  ) {
    self.baseline = baseline
    self.loss = loss
    self.model = model
    self.other = other
    do throws(EvidenceError) {
      let test = try DieboldMariano(losses: first, against: second, horizon: horizon)
      chance = test.chance
      detectable = test.detectable
      silence = nil
    } catch {
      chance = nil
      detectable = nil
      silence = error.diagnosis.finding
    }
  }

  var json: JSON {
    [
      "baseline": JSON(baseline), "loss": JSON(loss), "model": JSON(model), "other": JSON(other),
      "p": JSON(chance), "detectable": JSON(detectable), "beaten": JSON(isBeaten),
      "silence": JSON(silence),
    ]
  }
}
