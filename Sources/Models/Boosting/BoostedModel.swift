import Learning
import Runtime

/// What both kinds of boosted trees do alike.
protocol BoostedModel: ExplainedModel {
  /// The file that the library itself reads, in a run's folder.
  static var file: String { get }
  /// As the library saved it.
  var bytes: [UInt8] { get }
  var trees: TreeModel { get }
  init(_ bytes: [UInt8], source: String) throws(TreeModelError)
  /// The library's own predictions.
  static func predict(_ bytes: [UInt8], _ rows: BoostingRows, outputs: Int) throws -> [Double]
}

extension BoostedModel {
  func predict(_ samples: Windows) throws -> PredictionOutput {
    guard samples.width == trees.featureCount else {
      throw TreeModelError.width(given: samples.width, needed: trees.featureCount)
    }
    return output(try trees.predict(samples.block()), of: samples)
  }

  fileprivate func output(_ numbers: [Double], of samples: Windows) -> PredictionOutput {
    trees.outputs == 1
      ? PredictionOutput(samples, points: numbers)
      : PredictionOutput(samples, probabilities: numbers)
  }

  func predictor() throws -> any Predictor { BoostedPredictor(model: self) }

  func importance() throws -> [Double] { trees.importance }

  func save(to folder: String) throws { try AtomicFile.write(bytes, to: "\(folder)/\(Self.file)") }

  static func load(from folder: String) throws -> Self {
    let path = "\(folder)/\(file)"
    let model = try Self(try SmallFile.read(path, bytesMax: 1 << 30), source: path)
    // One number, or probabilities of the three classes.
    guard model.trees.outputs == 1 || (model.trees.outputs == 3 && model.trees.link == .softmax)
    else {
      throw ModelFileError(
        path: path, finding: "gives \(model.trees.outputs) outputs that are no three classes")
    }
    return model
  }

  /// A model just grown, once our evaluator and the library have been seen to agree on it.
  static func checked(_ bytes: [UInt8], on rows: BoostingRows) throws -> Self {
    let model = try Self(bytes, source: "the model just trained")
    let some = rows.prefix(256)
    let ours = try model.trees.predict(some.numbers)
    let theirs = try predict(bytes, some, outputs: model.trees.outputs)
    for (index, (a, b)) in zip(ours, theirs).enumerated()
    where !((a - b).magnitude <= 1e-5 * max(1, b.magnitude)) {
      throw BoostingError.disagree(
        library: card.name, row: index / model.trees.outputs, ours: a, theirs: b)
    }
    return model
  }

  /// Tells the session of every round; a reason to stop is the session's, or that validation has got no
  /// better for so many rounds.
  static func watch(_ session: FitSession, rounds: Int, patience: Int) -> BoostingWatch {
    var best = BestRound()
    return { round, loss, validation in
      best.take(round, loss: validation)
      let moment = FitMoment(step: round, of: rounds, loss: loss, validationLoss: validation)
      if let reason = session.report(moment) { return reason }
      guard round - best.round >= patience else { return nil }
      let reason = "validation got no better for \(patience) rounds"
      session.note(stop: reason)
      return reason
    }
  }

  /// The libraries take seeds of 31 bits.
  static func seed(_ session: FitSession) -> String { String(session.seed & 0x7FFF_FFFF) }
}

/// Foresees a row at a time without the detour over a block of rows.
private struct BoostedPredictor<M: BoostedModel>: Predictor {
  private let model: M
  private let rows: RowPredictor

  init(model: M) {
    self.model = model
    rows = RowPredictor(model.trees)
  }

  func predict(_ samples: Windows) throws -> PredictionOutput {
    guard samples.count == 1 else { return try model.predict(samples) }
    var numbers = [Double](repeating: 0, count: model.trees.outputs)
    try samples.withSample(0) { row in
      Result { () throws(TreeModelError) in
        try numbers.withUnsafeMutableBufferPointer { (result) throws(TreeModelError) in
          try rows.predict(row, into: result)
        }
      }
    }.get()
    return model.output(numbers, of: samples)
  }
}

extension Double {
  /// As both libraries read numbers.
  var settingText: String { "\(self)" }
}
