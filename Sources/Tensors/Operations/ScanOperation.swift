import Numerics

/// The selective scan: x and δ [batch, steps, channels], B and C as columns of one projection
/// [batch, steps, projection], A log [channels, states] and D [channels].
struct ScanOperation<T: VectorScalar>: Operation {
  static var name: String { "selective scan" }
  let batch, steps, channels, states: Int
  let projection: Int
  /// The first column of B; C follows.
  let column: Int
  let isTraining: Bool
  /// Where the states begin and are left, for tokens that come one by one.
  let state: MambaState<T>?

  private var lanes: Int { T.Lanes.scalarCount }
  private var runs: Int { (steps + ScanRun<T>.run - 1) / ScanRun<T>.run }
  private var stateCount: Int { channels * states }

  var savedCount: Int { isTraining ? batch * runs * stateCount : 0 }
  /// −exp(A log), [states, channels].
  var preparedCount: Int { stateCount }
  var preparedInputs: [Int] { [3] }
  var scratchCount: Int {
    let perThread = states * lanes * (ScanRun<T>.run + 3)
    return Pool.shared.threads * perThread + stateCount
  }
  var work: Int { 6 * batch * steps * stateCount }

  func prepare(_ frame: Frame<T>) {
    for channel in 0..<channels {
      for n in 0..<states {
        frame.prepared[n * channels + channel] = frame[3][channel * states + n]
      }
    }
    Vector.applyUnchecked(.exp, UnsafePointer(frame.prepared), frame.prepared, count: stateCount)
    for i in 0..<stateCount { frame.prepared[i] = -frame.prepared[i] }
  }

  private func run(_ frame: Frame<T>, row: Int) -> ScanRun<T> {
    let wide = row * steps * channels
    let narrow = frame[2] + row * steps * projection
    return ScanRun(
      steps: steps, channels: channels, states: states, x: frame[0] + wide, delta: frame[1] + wide,
      b: narrow + column, c: narrow + column + states, projection: projection,
      decay: UnsafePointer(frame.prepared), skip: frame[4])
  }

  @specialized(where T == Float)
  @specialized(where T == Double)
  func forward(_ frame: Frame<T>) {
    let blocks = channels / lanes
    // Sequences and registers of channels are all independent of each other.
    let partition = Pool.shared.partition(
      of: batch * blocks, minimumChunk: max(1, (1 << 14) / max(1, steps * states)))
    Pool.shared.forEachPart(of: partition) { part, range in
      let fresh = frame.scratch + part * states * lanes * (ScanRun<T>.run + 3)
      for index in range {
        let (row, block) = (index / blocks, index % blocks)
        if state == nil { fresh.update(repeating: 0, count: states * lanes) }
        let kept = frame.saved + (row * blocks + block) * runs * states * lanes
        run(frame, row: row).forward(
          block * lanes, state: state?.scan(row, channel: block * lanes) ?? fresh,
          into: frame.output + row * steps * channels, kept: isTraining ? kept : nil)
      }
    }
  }

  @specialized(where T == Float)
  @specialized(where T == Double)
  func backward(_ frame: Frame<T>) {
    guard let x = frame.gradients[0], let delta = frame.gradients[1],
      let narrow = frame.gradients[2], let logs = frame.gradients[3], let skip = frame.gradients[4]
    else { return }
    clear(frame)
    let blocks = channels / lanes
    let work = frame.scratch
    let decay = work + Pool.shared.threads * states * lanes * (ScanRun<T>.run + 3)
    decay.update(repeating: 0, count: stateCount)
    for row in 0..<batch {
      let run = run(frame, row: row)
      let wide = row * steps * channels
      let start = narrow + row * steps * projection + column
      let gradients = ScanRun<T>.Gradients(
        y: UnsafePointer(frame.gradient) + wide, x: x + wide, delta: delta + wide, b: start,
        c: start + states, decay: decay, skip: skip)
      for block in 0..<blocks {
        let kept = frame.saved + (row * blocks + block) * runs * states * lanes
        run.backward(block * lanes, kept: UnsafePointer(kept), work: work, into: gradients)
      }
    }
    for channel in 0..<channels {
      for n in 0..<states {
        // The slope of −exp is itself.
        let place = n * channels + channel
        logs[channel * states + n] += decay[place] * frame.prepared[place]
      }
    }
  }

  private func clear(_ frame: Frame<T>) {
    let wide = batch * steps * channels
    let counts = [wide, wide, batch * steps * projection, stateCount, channels]
    for (input, count) in counts.enumerated() where !frame.accumulates[input] {
      frame.gradients[input]?.update(repeating: 0, count: count)
    }
  }
}

/// A causal convolution of each channel with its own few weights [channels, 1, taps], and SiLU.
struct CausalConvolutionOperation<T: VectorScalar>: Operation {
  static var name: String { "causal convolution" }
  let batch, steps, channels, taps: Int
  /// The columns of x, of which the channels are the first.
  let columns: Int
  /// Where the inputs before the first step are, for tokens that come one by one.
  let state: MambaState<T>?

  /// The sums before SiLU.
  var savedCount: Int { batch * steps * channels }
  /// Weights by tap.
  var preparedCount: Int { taps * channels }
  var preparedInputs: [Int] { [1] }
  var scratchCount: Int { taps * channels }
  var work: Int { batch * steps * channels * taps }

  func prepare(_ frame: Frame<T>) {
    for channel in 0..<channels {
      for tap in 0..<taps {
        frame.prepared[tap * channels + channel] = frame[1][channel * taps + tap]
      }
    }
  }

  @specialized(where T == Float)
  @specialized(where T == Double)
  func forward(_ frame: Frame<T>) {
    Pool.shared.forEachChunk(of: batch, minimumChunk: max(1, (1 << 16) / (steps * channels))) {
      rows in
      for row in rows {
        for step in 0..<steps { forward(row, step, frame) }
        state?.push(frame[0] + row * steps * columns, row: row)
      }
    }
  }

  @inline(__always)
  private func forward(_ row: Int, _ step: Int, _ frame: Frame<T>) {
    let x = frame[0] + row &* steps &* columns
    let place = (row &* steps &+ step) &* channels
    let first = max(0, taps &- 1 &- step)
    var channel = 0
    while channel < channels {
      var sum = (frame[2] + channel).lanes()
      if let state {
        let window = UnsafePointer(state.window(row) + channel)
        for tap in 0..<first {
          sum = sum.addingProduct(
            (window + tap &* channels).lanes(),
            UnsafePointer(frame.prepared + (tap &* channels &+ channel)).lanes())
        }
      }
      for tap in first..<taps {
        let time = step &- taps &+ 1 &+ tap
        sum = sum.addingProduct(
          (x + (time &* columns &+ channel)).lanes(),
          UnsafePointer(frame.prepared + (tap &* channels &+ channel)).lanes())
      }
      (frame.saved + (place &+ channel)).store(sum)
      (frame.output + (place &+ channel)).store(Activations.SiLU.value(sum))
      channel &+= T.Lanes.scalarCount
    }
  }

  @specialized(where T == Float)
  @specialized(where T == Double)
  func backward(_ frame: Frame<T>) {
    let count = batch * steps * channels
    Activation.silu.multiplySlope(
      UnsafePointer(frame.saved), UnsafePointer(frame.gradient), into: frame.gradient, count: count)
    if let target = frame.gradients[2] {
      Lines.sumRows(
        UnsafePointer(frame.gradient), rows: batch * steps, columns: channels, into: target,
        accumulates: frame.accumulates[2])
    }
    let slopes = frame.scratch
    slopes.update(repeating: 0, count: taps * channels)
    if let target = frame.gradients[0], !frame.accumulates[0] {
      target.update(repeating: 0, count: batch * steps * columns)
    }
    for row in 0..<batch {
      for step in 0..<steps { backward(row, step, slopes, frame) }
    }
    guard let target = frame.gradients[1] else { return }
    for channel in 0..<channels {
      for tap in 0..<taps {
        let place = channel * taps + tap
        let slope = slopes[tap * channels + channel]
        target[place] = frame.accumulates[1] ? target[place] + slope : slope
      }
    }
  }

  @inline(__always)
  private func backward(
    _ row: Int, _ step: Int, _ slopes: UnsafeMutablePointer<T>, _ frame: Frame<T>
  ) {
    let start = row &* steps &* columns
    let slope = UnsafePointer(frame.gradient) + (row &* steps &+ step) &* channels
    for tap in max(0, taps &- 1 &- step)..<taps {
      let place = start &+ (step &- taps &+ 1 &+ tap) &* columns
      var channel = 0
      while channel < channels {
        let g = (slope + channel).lanes()
        let weight = tap &* channels &+ channel
        let known = (frame[0] + (place &+ channel)).lanes()
        (slopes + weight).store(UnsafePointer(slopes + weight).lanes().addingProduct(g, known))
        if let target = frame.gradients[0].map({ $0 + (place &+ channel) }) {
          let w = UnsafePointer(frame.prepared + weight).lanes()
          target.store(UnsafePointer(target).lanes().addingProduct(g, w))
        }
        channel &+= T.Lanes.scalarCount
      }
    }
  }
}

/// y · silu(z), with z some columns of a wider tensor: the gate of a state-space block.
struct GateOperation<T: VectorScalar>: Operation {
  static var name: String { "gate" }
  let rows, channels: Int
  let columns, column: Int

  @specialized(where T == Float)
  @specialized(where T == Double)
  func forward(_ frame: Frame<T>) {
    Pool.shared.forEachChunk(of: rows, minimumChunk: max(1, (1 << 14) / channels)) { range in
      for row in range {
        let (y, z) = (frame[0] + row &* channels, frame[1] + (row &* columns &+ column))
        let target = frame.output + row &* channels
        var i = 0
        while i < channels {
          (target + i).store((y + i).lanes() * Activations.SiLU.value((z + i).lanes()))
          i &+= T.Lanes.scalarCount
        }
      }
    }
  }

  @specialized(where T == Float)
  @specialized(where T == Double)
  func backward(_ frame: Frame<T>) {
    if let target = frame.gradients[1], !frame.accumulates[1] {
      target.update(repeating: 0, count: rows * columns)
    }
    for row in 0..<rows {
      let (y, z) = (frame[0] + row &* channels, frame[1] + (row &* columns &+ column))
      let slope = UnsafePointer(frame.gradient) + row &* channels
      var i = 0
      while i < channels {
        let (g, gate) = ((slope + i).lanes(), (z + i).lanes())
        if let target = frame.gradients[0].map({ $0 + (row &* channels &+ i) }) {
          let value = g * Activations.SiLU.value(gate)
          target.store(frame.accumulates[0] ? UnsafePointer(target).lanes() + value : value)
        }
        if let target = frame.gradients[1].map({ $0 + (row &* columns &+ column &+ i) }) {
          let value = g * (y + i).lanes() * Activations.SiLUSlope.value(gate)
          target.store(UnsafePointer(target).lanes() + value)
        }
        i &+= T.Lanes.scalarCount
      }
    }
  }
}
