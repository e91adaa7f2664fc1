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
    let numbers = try trees.predict(samples.block())
    return trees.outputs == 1
      ? PredictionOutput(samples, points: numbers)
      : PredictionOutput(samples, probabilities: numbers)
  }

  func importance() throws -> [Double] { trees.importance }

  func save(to folder: String) throws { try AtomicFile.write(bytes, to: "\(folder)/\(Self.file)") }

  static func load(from folder: String) throws -> Self {
    let path = "\(folder)/\(file)"
    return try Self(try SmallFile.read(path, bytesMax: 1 << 30), source: path)
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

extension Double {
  /// As both libraries read numbers.
  var settingText: String { "\(self)" }
}
