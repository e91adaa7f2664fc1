import Numerics

/// Layer norm (Ba and others 2016), or without centring RMS norm (Zhang and Sennrich 2019), of rows.
struct NormOperation<T: VectorScalar>: Operation {
  static var name: String { "norm" }
  let rows, width: Int
  let epsilon: Double
  let isCentred: Bool
  /// Whether a scale follows x among the inputs, and a shift the scale.
  let hasScale, hasShift: Bool

  /// The mean and the reciprocal deviation of each row.
  var savedCount: Int { 2 * rows }
  var work: Int { 4 * rows * width }

  @specialized(where T == Float)
  @specialized(where T == Double)
  func forward(_ frame: Frame<T>) {
    let minimumChunk = max(1, (1 << 13) / max(1, width))
    Pool.shared.forEachChunk(of: rows, minimumChunk: minimumChunk) { range in
      for row in range { forward(row, frame) }
    }
  }

  @inline(__always)
  private func forward(_ row: Int, _ frame: Frame<T>) {
    let x = frame[0] + row &* width
    let y = frame.output + row &* width
    let mean = isCentred ? Lines.sum(x, count: width) / T(width) : 0
    let variance = Lines.sumOfSquares(x, minus: mean, count: width) / T(width)
    let scale = 1 / (variance + T(epsilon)).squareRoot()
    frame.saved[2 &* row] = mean
    frame.saved[2 &* row &+ 1] = scale
    let gain = hasScale ? frame[1] : nil
    let shift = hasShift ? frame[2] : nil
    Lines.each(width) { (i, _: T.Type) in
      var value = ((x + i).lanes() - T.Lanes(repeating: mean)) * scale
      if let gain { value *= (gain + i).lanes() }
      if let shift { value += (shift + i).lanes() }
      (y + i).store(value)
    } rest: { i, rest in
      var value = ((x + i).lanes(first: rest) - T.Lanes(repeating: mean)) * scale
      if let gain { value *= (gain + i).lanes(first: rest) }
      if let shift { value += (shift + i).lanes(first: rest) }
      (y + i).store(value, first: rest)
    }
  }

  @specialized(where T == Float)
  @specialized(where T == Double)
  func backward(_ frame: Frame<T>) {
    if hasScale { addScaleGradients(frame) }
    guard frame.gradients[0] != nil else { return }
    for row in 0..<rows { backward(row, frame) }
  }

  /// With g the gradient times the scale and x̂ the normed row:
  /// (g − mean g − x̂ · mean(g x̂)) / deviation; without centring the first mean is left out.
  @inline(__always)
  private func backward(_ row: Int, _ frame: Frame<T>) {
    guard let target = frame.gradients[0].map({ $0 + row &* width }) else { return }
    let x = frame[0] + row &* width
    let slope = UnsafePointer(frame.gradient) + row &* width
    let mean = T.Lanes(repeating: frame.saved[2 &* row])
    let scale = frame.saved[2 &* row &+ 1]
    let gain = hasScale ? frame[1] : nil
    @inline(__always)
    func terms(_ i: Int, _ count: Int) -> (g: T.Lanes, normed: T.Lanes) {
      let isWhole = count == T.Lanes.scalarCount
      var g = isWhole ? (slope + i).lanes() : (slope + i).lanes(first: count)
      if let gain { g *= isWhole ? (gain + i).lanes() : (gain + i).lanes(first: count) }
      let x = isWhole ? (x + i).lanes() : (x + i).lanes(first: count)
      return (g, (x - mean) * scale)
    }
    var sum = T.Lanes.zero
    var along = T.Lanes.zero
    Lines.each(width) { (i, _: T.Type) in
      let (g, normed) = terms(i, T.Lanes.scalarCount)
      sum += g
      along = along.addingProduct(g, normed)
    } rest: { i, rest in
      let (g, normed) = terms(i, rest)
      sum += g
      along = along.addingProduct(g, normed)
    }
    let meanSlope = T.Lanes(repeating: isCentred ? sum.pairwiseSum() / T(width) : 0)
    let meanAlong = T.Lanes(repeating: along.pairwiseSum() / T(width))
    let isAdded = frame.accumulates[0]
    Lines.each(width) { (i, _: T.Type) in
      let (g, normed) = terms(i, T.Lanes.scalarCount)
      let value = (g - meanSlope - normed * meanAlong) * scale
      (target + i).store(isAdded ? UnsafePointer(target + i).lanes() + value : value)
    } rest: { i, rest in
      let (g, normed) = terms(i, rest)
      let value = (g - meanSlope - normed * meanAlong) * scale
      let old = isAdded ? UnsafePointer(target + i).lanes(first: rest) : .zero
      (target + i).store(old + value, first: rest)
    }
  }

  /// A register of columns at a time, over all rows.
  @inline(__always)
  private func addScaleGradients(_ frame: Frame<T>) {
    var i = 0
    while i < width {
      let count = min(T.Lanes.scalarCount, width &- i)
      var gain = T.Lanes.zero
      var shift = T.Lanes.zero
      for row in 0..<rows {
        let place = row &* width &+ i
        let isWhole = count == T.Lanes.scalarCount
        let slope = UnsafePointer(frame.gradient + place)
        let g = isWhole ? slope.lanes() : slope.lanes(first: count)
        let x = isWhole ? (frame[0] + place).lanes() : (frame[0] + place).lanes(first: count)
        let mean = T.Lanes(repeating: frame.saved[2 &* row])
        gain = gain.addingProduct(g, (x - mean) * frame.saved[2 &* row &+ 1])
        shift += g
      }
      if let target = frame.gradients[1] {
        let old = frame.accumulates[1] ? UnsafePointer(target + i).lanes(first: count) : .zero
        (target + i).store(old + gain, first: count)
      }
      if hasShift, let target = frame.gradients[2] {
        let old = frame.accumulates[2] ? UnsafePointer(target + i).lanes(first: count) : .zero
        (target + i).store(old + shift, first: count)
      }
      i &+= T.Lanes.scalarCount
    }
  }
}

extension Node {
  /// Rows of the last dimension brought to mean 0 and deviation 1, then scaled and shifted.
  package func layerNorm(
    scale: Node? = nil, shift: Node? = nil, epsilon: Double = 1e-5
  ) throws(TensorError) -> Node {
    try norm("layer norm", scale, shift, epsilon, isCentred: true)
  }

  /// Rows of the last dimension brought to a mean square of 1, then scaled.
  package func rmsNorm(scale: Node? = nil, epsilon: Double = 1e-5) throws(TensorError) -> Node {
    try norm("RMS norm", scale, nil, epsilon, isCentred: false)
  }

  private func norm(
    _ name: String, _ scale: Node?, _ shift: Node?, _ epsilon: Double, isCentred: Bool
  ) throws(TensorError) -> Node {
    guard shape.rank >= 1 else {
      throw .shape(graph.place(name), shape, needed: "at least one column")
    }
    for node in [scale, shift] {
      if let node, node.shape != [shape.last] {
        throw .shapes(graph.place(name), first: shape, second: node.shape)
      }
    }
    guard epsilon > 0, shift == nil || scale != nil else {
      throw .setting(
        graph.place(name), finding: "it needs an epsilon above 0, and a scale to shift")
    }
    let operation = NormOperation<T>(
      rows: shape.rows, width: shape.last, epsilon: epsilon, isCentred: isCentred,
      hasScale: scale != nil, hasShift: shift != nil)
    return try graph.record(operation, [self] + [scale, shift].compactMap(\.self), shape: shape)
  }
}
