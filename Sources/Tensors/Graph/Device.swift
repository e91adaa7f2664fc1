import Numerics

/// Where numbers lie and who carries operations out: the one seam between what a model says and the
/// machine that does it.
///
/// Layers and graphs speak of shapes and operations only. The weights are made on a device, and plans
/// and tapes ask the weights' device for memory and for an instruction for each operation. An
/// accelerator is one more type here: memory that the program can address too, as unified and managed
/// memory can, and instructions that launch its own kernels.
protocol Device: Sendable {
  /// Memory for so many numbers and one register more, zeros at first.
  func allocate<T: VectorScalar>(_ count: Int) -> UnsafeMutablePointer<T>
  func free<T: VectorScalar>(_ start: UnsafeMutablePointer<T>)
  /// The operation bound to its memory.
  func instruction<Op: Operation>(
    for operation: Op, on frame: Frame<Op.Scalar>, place: TensorError.Place
  ) -> Instruction
  /// Waits for everything that was begun, before the program looks at numbers.
  func finish()
}

/// The machine's own cores, with the kernels of this room.
struct Processor: Device {
  func allocate<T: VectorScalar>(_ count: Int) -> UnsafeMutablePointer<T> {
    Memory<T>.allocate(count)
  }

  func free<T: VectorScalar>(_ start: UnsafeMutablePointer<T>) { Memory<T>.free(start) }

  func instruction<Op: Operation>(
    for operation: Op, on frame: Frame<Op.Scalar>, place: TensorError.Place
  ) -> Instruction {
    Bound(operation, frame, place: place)
  }

  func finish() {}
}
