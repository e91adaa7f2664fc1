import Numerics

/// The selective scan of a state-space layer (Gu and Dao 2023), on one thread and for some channels.
///
///   h = exp(Δ A) h + Δ x B,   y = h · C + D x,   Δ = softplus(δ)
///
/// A register holds a channel in each lane, and the states of its channels are walked through one after
/// the other: no sum ever runs across lanes.
struct ScanRun<T: VectorScalar> {
  let steps, channels, states: Int
  /// All [steps, channels] but B and C, which are [steps, states] in rows of `projection` numbers.
  let x, delta: UnsafePointer<T>
  let b, c: UnsafePointer<T>
  let projection: Int
  /// −exp(A log), [states, channels].
  let decay: UnsafePointer<T>
  let skip: UnsafePointer<T>

  /// Steps whose states are kept at once in the gradient; of the others, the first of each such run.
  static var run: Int { 32 }

  /// One register of channels through all steps. What is kept is the state before each run of steps:
  /// [runs, states, lanes].
  @inline(__always)
  func forward(
    _ channel: Int, state: UnsafeMutablePointer<T>, into y: UnsafeMutablePointer<T>,
    kept: UnsafeMutablePointer<T>?
  ) {
    let lanes = T.Lanes.scalarCount
    let skip = (skip + channel).lanes()
    for step in 0..<steps {
      if let kept, step % Self.run == 0 {
        (kept + step / Self.run &* states &* lanes).update(from: state, count: states &* lanes)
      }
      let place = step &* channels &+ channel
      let input = (x + place).lanes()
      let size = Activations.Softplus.value((delta + place).lanes())
      let drive = size * input
      let (b, c) = (b + step &* projection, c + step &* projection)
      var sum = skip * input
      for n in 0..<states {
        let factor = T.Lanes.expOfNonPositive(size * (decay + (n &* channels &+ channel)).lanes())
        let h = (factor * UnsafePointer(state + n &* lanes).lanes())
          .addingProduct(drive, T.Lanes(repeating: b[n]))
        (state + n &* lanes).store(h)
        sum = sum.addingProduct(h, T.Lanes(repeating: c[n]))
      }
      (y + place).store(sum)
    }
  }

  /// Gradients of one register of channels.
  struct Gradients {
    let y: UnsafePointer<T>
    let x, delta: UnsafeMutablePointer<T>
    /// Rows of `projection` numbers, added to.
    let b, c: UnsafeMutablePointer<T>
    let decay, skip: UnsafeMutablePointer<T>
  }

  /// From the last run of steps to the first: its states are made again from the one kept, and then
  /// walked through backwards.
  ///
  /// - Parameters:
  ///   - states: room for a run's states, [run + 1, states, lanes], and one set of gradients of states
  @inline(__always)
  func backward(
    _ channel: Int, kept: UnsafePointer<T>, work: UnsafeMutablePointer<T>, into gradients: Gradients
  ) {
    let lanes = T.Lanes.scalarCount
    let count = states &* lanes
    let slopes = work + (Self.run &+ 1) &* count
    let decaySlopes = slopes + count
    slopes.update(repeating: 0, count: 2 &* count)
    var skipSlope = T.Lanes.zero
    var end = steps
    while end > 0 {
      let start = (end &- 1) / Self.run &* Self.run
      work.update(from: kept + start / Self.run &* count, count: count)
      for step in start..<end { advance(channel, step, work + (step &- start) &* count) }
      for step in stride(from: end &- 1, through: start, by: -1) {
        skipSlope += retreat(
          channel, step, work + (step &- start) &* count, slopes, decaySlopes, gradients)
      }
      end = start
    }
    for n in 0..<states {
      let place = gradients.decay + (n &* channels &+ channel)
      place.store(
        UnsafePointer(place).lanes() + UnsafePointer(decaySlopes + n &* lanes).lanes())
    }
    let place = gradients.skip + channel
    place.store(UnsafePointer(place).lanes() + skipSlope)
  }

  /// The states after a step, behind those before it.
  @inline(__always)
  private func advance(_ channel: Int, _ step: Int, _ before: UnsafeMutablePointer<T>) {
    let lanes = T.Lanes.scalarCount
    let place = step &* channels &+ channel
    let size = Activations.Softplus.value((delta + place).lanes())
    let drive = size * (x + place).lanes()
    let b = b + step &* projection
    for n in 0..<states {
      let factor = T.Lanes.expOfNonPositive(size * (decay + (n &* channels &+ channel)).lanes())
      let h = (factor * UnsafePointer(before + n &* lanes).lanes())
        .addingProduct(drive, T.Lanes(repeating: b[n]))
      (before + (states &+ n) &* lanes).store(h)
    }
  }

  /// The gradients of one step; the skip's is given back.
  @inline(__always)
  private func retreat(
    _ channel: Int, _ step: Int, _ before: UnsafeMutablePointer<T>,
    _ slopes: UnsafeMutablePointer<T>, _ decaySlopes: UnsafeMutablePointer<T>,
    _ gradients: Gradients
  ) -> T.Lanes {
    let lanes = T.Lanes.scalarCount
    let place = step &* channels &+ channel
    let input = (x + place).lanes()
    let argument = (delta + place).lanes()
    let size = Activations.Softplus.value(argument)
    let slope = (gradients.y + place).lanes()
    let row = step &* projection
    var driveSlope = T.Lanes.zero
    var sizeSlope = T.Lanes.zero
    for n in 0..<states {
      let decayRate = (decay + (n &* channels &+ channel)).lanes()
      let factor = T.Lanes.expOfNonPositive(size * decayRate)
      let old = UnsafePointer(before + n &* lanes).lanes()
      let new = UnsafePointer(before + (states &+ n) &* lanes).lanes()
      let g = UnsafePointer(slopes + n &* lanes).lanes()
        .addingProduct(slope, T.Lanes(repeating: c[row &+ n]))
      gradients.c[row &+ n] += (slope * new).pairwiseSum()
      gradients.b[row &+ n] += (g * (size * input)).pairwiseSum()
      driveSlope = driveSlope.addingProduct(g, T.Lanes(repeating: b[row &+ n]))
      let exponentSlope = g * old * factor
      sizeSlope = sizeSlope.addingProduct(exponentSlope, decayRate)
      let place = decaySlopes + n &* lanes
      place.store(UnsafePointer(place).lanes().addingProduct(exponentSlope, size))
      (slopes + n &* lanes).store(g * factor)
    }
    let inputSlope = (slope * (skip + channel).lanes()).addingProduct(driveSlope, size)
    (gradients.x + place).store(UnsafePointer(gradients.x + place).lanes() + inputSlope)
    let deltaSlope = (sizeSlope.addingProduct(driveSlope, input)) * T.Lanes.sigmoid(argument)
    (gradients.delta + place).store(UnsafePointer(gradients.delta + place).lanes() + deltaSlope)
    return slope * input
  }
}
