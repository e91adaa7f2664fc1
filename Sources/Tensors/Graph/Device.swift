import Numerics

/// Where numbers lie and who carries operations out: the one seam between what a model says and the
/// machine that does it.
///
/// Layers and graphs speak of shapes and operations only. The weights are made on a device, and plans
/// and tapes ask the weights' device for memory and for an instruction for each operation, training
/// for what it does with gradients and weights. An accelerator is one more type here: memory that the program can address too, as unified and managed
/// memory can, and instructions that launch its own kernels.
protocol Device: Sendable {
  /// Memory for so many numbers and one register more, zeros at first.
  func allocate<T: VectorScalar>(_ count: Int) -> UnsafeMutablePointer<T>
  func free<T: VectorScalar>(_ start: UnsafeMutablePointer<T>)
  /// The operation bound to its memory.
  func instruction<Op: Operation>(
    for operation: Op, on frame: Frame<Op.Scalar>, place: TensorError.Place
  ) -> Instruction
  /// target[i] += factor · source[i], such as the sum of what replicas found.
  func add<T: VectorScalar>(
    _ source: UnsafePointer<T>, times factor: T, to target: UnsafeMutablePointer<T>, count: Int)
  /// target[i] += share · (source[i] − target[i])
  func approach<T: VectorScalar>(
    _ source: UnsafePointer<T>, by share: T, _ target: UnsafeMutablePointer<T>, count: Int)
  func sumOfSquares<T: VectorScalar>(_ values: UnsafePointer<T>, count: Int) -> Double
  /// One step of an optimizer on a range of the parameters.
  func update<T: VectorScalar>(
    _ memory: UpdateMemory<T>, _ range: Range<Int>, by kernel: UpdateKernel<T>)
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

  /// Numbers that pay for a thread.
  private static var minimumChunk: Int { 1 << 14 }

  private func share(_ count: Int, _ body: (Range<Int>) -> Void) {
    Pool.shared.forEachChunk(of: count, minimumChunk: Self.minimumChunk, alignedTo: 16, body)
  }

  func add<T: VectorScalar>(
    _ source: UnsafePointer<T>, times factor: T, to target: UnsafeMutablePointer<T>, count: Int
  ) {
    share(count) { part in
      Lines.add(
        source + part.lowerBound, times: factor, to: target + part.lowerBound, count: part.count)
    }
  }

  func approach<T: VectorScalar>(
    _ source: UnsafePointer<T>, by share: T, _ target: UnsafeMutablePointer<T>, count: Int
  ) {
    self.share(count) { part in
      Lines.approach(
        source + part.lowerBound, by: share, target + part.lowerBound, count: part.count)
    }
  }

  func sumOfSquares<T: VectorScalar>(_ values: UnsafePointer<T>, count: Int) -> Double {
    Lines.sumOfSquares(values, count: count)
  }

  func update<T: VectorScalar>(
    _ memory: UpdateMemory<T>, _ range: Range<Int>, by kernel: UpdateKernel<T>
  ) {
    share(range.count) { part in
      let start = range.lowerBound + part.lowerBound
      kernel.run(memory, start..<start + part.count)
    }
  }

  func finish() {}
}
