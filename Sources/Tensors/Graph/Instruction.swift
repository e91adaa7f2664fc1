import Numerics

/// An operation bound to its memory; this one does nothing.
///
/// A class, so that a plan can hold operations of many types in one list and call them without
/// counting references.
class Instruction {
  /// For errors.
  let place: TensorError.Place

  init(place: TensorError.Place) { self.place = place }

  func prepare() {}
  func forward() {}
  func backward() {}
}

final class Bound<Op: Operation>: Instruction {
  private let operation: Op
  private let frame: Frame<Op.Scalar>

  init(_ operation: Op, _ frame: Frame<Op.Scalar>, place: TensorError.Place) {
    self.operation = operation
    self.frame = frame
    super.init(place: place)
  }

  override func prepare() { operation.prepare(frame) }
  override func forward() { operation.forward(frame) }
  override func backward() { operation.backward(frame) }
}

/// Makes a gradient zero before its parts are added to it, unless they are added to an earlier run's.
final class Clear<T: VectorScalar>: Instruction {
  private let start: UnsafeMutablePointer<T>
  private let count: Int
  private let accumulates: UnsafePointer<Bool>

  init(_ start: UnsafeMutablePointer<T>, count: Int, unless accumulates: UnsafePointer<Bool>) {
    self.start = start
    self.count = count
    self.accumulates = accumulates
    super.init(place: .init(operation: "clear", path: ""))
  }

  override func backward() {
    if !accumulates.pointee { Lines.clear(start, count: count) }
  }
}

/// Prepares an operation whose weights are computed, so that they may differ at every run.
final class Prepare: Instruction {
  private let instruction: Instruction

  init(_ instruction: Instruction) {
    self.instruction = instruction
    super.init(place: instruction.place)
  }

  override func forward() { instruction.prepare() }
}

/// Computes a value of a checkpointed segment a second time, on the way back.
final class Again: Instruction {
  private let instruction: Instruction

  init(_ instruction: Instruction) {
    self.instruction = instruction
    super.init(place: instruction.place)
  }

  override func backward() { instruction.forward() }
}

/// Pointers of frames, in memory that is freed with the last reference to this.
final class FrameMemory<T: VectorScalar> {
  private var inputs: [UnsafeMutablePointer<UnsafeMutablePointer<T>>] = []
  private var gradients: [UnsafeMutablePointer<UnsafeMutablePointer<T>?>] = []
  private var flags: [UnsafeMutablePointer<Bool>] = []

  func frame(
    inputs values: [UnsafeMutablePointer<T>], output: UnsafeMutablePointer<T>,
    gradients targets: [UnsafeMutablePointer<T>?], accumulates: [Bool],
    gradient: UnsafeMutablePointer<T>, prepared: UnsafeMutablePointer<T>,
    saved: UnsafeMutablePointer<T>, scratch: UnsafeMutablePointer<T>
  ) -> Frame<T> {
    inputs.append(Self.copy(values))
    gradients.append(Self.copy(targets))
    flags.append(Self.copy(accumulates))
    return Frame(
      inputs: inputs[inputs.count - 1], output: output, gradient: gradient,
      gradients: gradients[gradients.count - 1], accumulates: flags[flags.count - 1],
      prepared: prepared, saved: saved, scratch: scratch)
  }

  /// A flag of its own, false at first.
  func flag() -> UnsafeMutablePointer<Bool> {
    flags.append(Self.copy([false]))
    return flags[flags.count - 1]
  }

  private static func copy<Element>(_ elements: [Element]) -> UnsafeMutablePointer<Element> {
    let start = UnsafeMutablePointer<Element>.allocate(capacity: max(1, elements.count))
    for (index, element) in elements.enumerated() {
      (start + index).initialize(to: element)
    }
    return start
  }

  deinit {
    // Pointers and flags need no deinitialisation.
    for start in inputs { start.deallocate() }
    for start in gradients { start.deallocate() }
    for start in flags { start.deallocate() }
  }
}
