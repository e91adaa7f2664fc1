import Foundation
import Learning
import Numerics
import Runtime
import Tensors

/// Trains a network: epochs of shuffled batches, a validation loss after each, the best weights kept.
///
/// What an interruption leaves in the folder of checkpoints is enough to go on to the same bytes:
/// weights, moments, the place in the epoch, and what early stopping has seen.
final class NetworkFit {
  private let training: NetworkTraining
  private let lesson: Lesson
  private let session: FitSession
  private let body: NetworkBody
  private let trainer: Trainer<Float, Inputs>
  private let batch: Int
  private let centre, width: Double
  private let chance: RandomStream
  private var progress = FitCheckpoint.Progress()
  private var best: Parameters<Float>

  private struct Inputs {
    let samples: Node<Float>
    let classes: Indices?
    let targets: Node<Float>?
  }

  init(
    _ module: any Module, training: NetworkTraining, lesson: Lesson, session: FitSession,
    outputs: Int, centre: Double, width: Double
  ) throws {
    self.training = training
    self.lesson = lesson
    self.session = session
    self.centre = centre
    self.width = width
    let (steps, features) = (lesson.train.steps, lesson.train.featureCount)
    body = try NetworkBody(
      module: module, seed: session.seed, steps: steps, features: features, outputs: outputs)
    batch = min(training.batch, lesson.train.count)
    chance = RandomStream(seed: session.seed, purpose: "batches")
    let weights = lesson.classWeights(training.classWeights).map { Float($0) }
    let isClasses = lesson.target == .classes
    let smoothing = training.smoothing
    trainer = try Trainer(
      body.parameters, optimizer: .adamW(weightDecay: training.weightDecay), batch: batch,
      cores: session.cores, seed: session.seed
    ) { graph, rows throws(TensorError) in
      let samples = graph.input([rows, steps, features])
      let output = try module("network", samples)
      guard isClasses else {
        let targets = graph.input([rows, 1])
        return (
          Inputs(samples: samples, classes: nil, targets: targets),
          try output.loss(.squared, against: targets)
        )
      }
      let classes = graph.indices([rows], below: 3)
      let shares = weights.isEmpty ? nil : graph.constant(try Tensor([3], weights))
      return (
        Inputs(samples: samples, classes: classes, targets: nil),
        try output.crossEntropy(classes, weights: shares, smoothing: smoothing)
      )
    }
    trainer.gradientNormMax = training.gradientNormMax
    best = Parameters(copying: body.parameters)
  }

  private var stepsOfEpoch: Int { lesson.train.count / batch }
  private var epochs: Int { session.isRehearsal ? 100_000 : training.epochs }
  private var stepsAtMost: Int { min(epochs * stepsOfEpoch, session.budget.steps ?? .max) }

  private var schedule: Schedule {
    let (rate, steps) = (training.rate, max(1, stepsAtMost - training.warmUp))
    let main: Schedule =
      switch training.schedule {
      case .constant: .constant(rate)
      case .cosine: .cosine(from: rate, to: rate / 100, steps: steps)
      case .oneCycle: .oneCycle(peak: rate, steps: steps)
      }
    return training.warmUp > 0 ? .warmUp(steps: training.warmUp, then: main) : main
  }

  /// The weights with the least validation loss.
  func run() throws -> Parameters<Float> {
    let store = session.checkpoints.map { FitCheckpoint(folder: $0) }
    if let store, let found = try store.resume(trainer, best: best) {
      progress = found
      session.restore(found.curve)
    }
    let schedule = schedule
    while progress.epoch < epochs, progress.isOver == false {
      let order = chance.split(progress.epoch).permuted(lesson.train.count)
      while progress.place < stepsOfEpoch {
        try step(order, rate: schedule.rate(at: progress.step))
        let moment = FitMoment(
          step: progress.step, of: stepsAtMost, loss: progress.meanLoss,
          rate: schedule.rate(at: progress.step - 1))
        if session.report(moment) != nil {
          progress.isOver = true
          break
        }
        if progress.step % training.checkpointSteps == 0, progress.place < stepsOfEpoch {
          try store?.write(trainer, progress, best: nil)
        }
      }
      try endEpoch(store)
    }
    return best
  }

  /// Each core gathers the samples of a slice right before it learns from them: the copy goes into the
  /// cache nearest to it. A thread beside the training would have to take a core from it.
  private func step(_ order: [Int], rate: Double) throws {
    let first = progress.place * batch
    let samples = lesson.train.subset(order[first..<first + batch])
    let (centre, width, session, cores) = (centre, width, session, Double(trainer.cores))
    let loss = try trainer.step(rate: rate) { plan, inputs, rows throws(TensorError) in
      let began = DispatchTime.now().uptimeNanoseconds
      try NetworkPredictor.write(samples, rows, to: plan, inputs.samples)
      if let classes = inputs.classes {
        try classes.write { span in
          for (index, row) in rows.enumerated() { span[index] = Int32(samples.label(row)) + 1 }
        }
      }
      if let targets = inputs.targets {
        try plan.write(targets) { span in
          for (index, row) in rows.enumerated() {
            span[index] = Float((samples.label(row) - centre) / width)
          }
        }
      }
      // Of the time that passes, because cores gather side by side.
      session.spend(
        Double(DispatchTime.now().uptimeNanoseconds - began) / 1e9 / cores, on: "input")
    }
    guard loss.isFinite else { throw NetworkError.diverged(step: progress.step) }
    progress.lossSum += Double(loss)
    progress.place += 1
    progress.step += 1
  }

  /// Looks at the validation loss, keeps the weights where they are the best, and a checkpoint.
  private func endEpoch(_ store: FitCheckpoint?) throws {
    let began = session.elapsed
    let loss = try validationLoss()
    session.spend(session.elapsed - began, on: "validation")
    let moment = FitMoment(
      step: progress.step, of: stepsAtMost, loss: progress.meanLoss, validationLoss: loss)
    let isBest = loss < progress.bestLoss
    if isBest {
      best = Parameters(copying: body.parameters)
      progress.bestLoss = loss
      progress.waited = 0
    } else {
      progress.waited += 1
    }
    if session.report(moment) != nil { progress.isOver = true }
    if progress.waited >= training.patience, !progress.isOver {
      progress.isOver = true
      session.note(
        stop: "no better validation loss for \(NumberText.count(progress.waited)) epochs")
    }
    progress.curve = session.curve
    progress.epoch += 1
    progress.place = 0
    progress.lossSum = 0
    try store?.write(trainer, progress, best: isBest ? best : nil)
  }

  private func validationLoss() throws -> Double {
    let outputs = try NetworkPredictor(body, centre: 0, width: 1).outputs(lesson.validation)
    var total = 0.0
    for row in 0..<lesson.validation.count {
      let label = lesson.validation.label(row)
      guard body.outputs == 3 else {
        let error = Double(outputs[row]) - (label - centre) / width
        total += error * error
        continue
      }
      let three = (0..<3).map { Double(outputs[3 * row + $0]) }
      let most = three.max() ?? 0
      let logSum = most + log(three.reduce(0) { $0 + exp($1 - most) })
      total += logSum - three[Int(label) + 1]
    }
    guard total.isFinite else { throw NetworkError.diverged(step: progress.step) }
    return total / Double(max(1, lesson.validation.count))
  }
}

extension RandomStream {
  fileprivate func permuted(_ count: Int) -> [Int] {
    var stream = self
    return stream.permutation(count)
  }
}
