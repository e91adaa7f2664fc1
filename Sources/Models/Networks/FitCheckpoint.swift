import Foundation
import Glibc
import Learning
import Runtime
import Tensors

/// What an interrupted fit goes on from: `state.safetensors` with weights, moments and counts, and the
/// best weights so far in a file that the state names, written before it.
struct FitCheckpoint {
  let folder: String

  /// Where a fit stands.
  struct Progress: Equatable {
    var epoch = 0
    /// Batches of the epoch that are done.
    var place = 0
    var step = 0
    var lossSum = 0.0
    var bestLoss = Double.infinity
    /// The epoch whose weights are the best so far; nil before the first.
    var bestEpoch: Int?
    var waited = 0
    var isOver = false
    var curve: [FitMoment] = []

    /// Of the epoch's batches so far.
    var meanLoss: Double { place > 0 ? lossSum / Double(place) : .nan }
  }

  private var statePath: String { "\(folder)/state.safetensors" }
  private func bestPath(_ epoch: Int) -> String { "\(folder)/best-\(epoch).safetensors" }

  /// - Parameter best: the weights that have become the best in the epoch that is over
  func write<Inputs>(
    _ trainer: Trainer<Float, Inputs>, _ progress: Progress, best: Parameters<Float>?
  ) throws {
    var progress = progress
    progress.bestEpoch = try bestEpochs().last
    if let best {
      progress.bestEpoch = progress.epoch
      try best.save(to: bestPath(progress.epoch))
    }
    try trainer.save(to: statePath, metadata: [("progress", progress.json.text())])
    // The state no longer names those before.
    for epoch in try bestEpochs() where epoch != progress.bestEpoch {
      try Folder.remove(bestPath(epoch))
    }
  }

  private func bestEpochs() throws -> [Int] {
    try Folder.names(in: folder).compactMap { name in
      guard name.hasPrefix("best-"), name.hasSuffix(".safetensors") else { return nil }
      return Int(name.dropFirst(5).dropLast(12))
    }.sorted()
  }

  /// Takes up weights and moments, and says where the fit stood; nil where nothing was kept.
  func resume<Inputs>(
    _ trainer: Trainer<Float, Inputs>, best: Parameters<Float>
  ) throws -> Progress? {
    guard access(statePath, F_OK) == 0 else { return nil }
    let file = try Safetensors(statePath)
    guard let text = file.metadata["progress"],
      let progress = Progress(try JSON(parsing: text, source: statePath))
    else { throw NetworkError.checkpoint(path: statePath, "does not say how far the fit was") }
    try trainer.resume(from: file)
    // A file that was being written when the process died is named by no state.
    for epoch in try bestEpochs() where epoch != progress.bestEpoch {
      try Folder.remove(bestPath(epoch))
    }
    if let epoch = progress.bestEpoch { try best.load(Safetensors(bestPath(epoch))) }
    return progress
  }
}

extension FitCheckpoint.Progress {
  var json: JSON {
    [
      "epoch": JSON(epoch), "place": JSON(place), "step": JSON(step), "loss_sum": JSON(lossSum),
      "best_loss": JSON(bestLoss), "best_epoch": JSON(bestEpoch), "waited": JSON(waited),
      "over": JSON(isOver),
      "curve": JSON(
        curve.map {
          [
            "step": JSON($0.step), "of": JSON($0.steps), "loss": JSON($0.loss),
            "validation": JSON($0.validationLoss),
          ] as JSON
        }),
    ]
  }

  init?(_ json: JSON) {
    guard let epoch = json["epoch"]?.whole, let place = json["place"]?.whole,
      let step = json["step"]?.whole, let sum = json["loss_sum"]?.double,
      let waited = json["waited"]?.whole, case .bool(let over)? = json["over"],
      let curve = json["curve"]?.elements
    else { return nil }
    self.init()
    self.epoch = Int(epoch)
    self.place = Int(place)
    self.step = Int(step)
    lossSum = sum
    // JSON has no word for the infinity that stands before the first loss.
    bestLoss = json["best_loss"]?.double ?? .infinity
    bestEpoch = json["best_epoch"]?.whole.map { Int($0) }
    self.waited = Int(waited)
    isOver = over
    self.curve = curve.compactMap { moment in
      guard let step = moment["step"]?.whole, let steps = moment["of"]?.whole else { return nil }
      return FitMoment(
        step: Int(step), of: Int(steps), loss: moment["loss"]?.double ?? .nan,
        validationLoss: moment["validation"]?.double)
    }
  }
}
