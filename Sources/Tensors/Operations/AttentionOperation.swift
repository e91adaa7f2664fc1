import Numerics

/// Scaled dot-product attention over blocks of queries and keys, with the softmax carried along from
/// block to block (Dao and others 2022), so that no table of queries by keys is ever held.
///
/// Inputs are either one packed tensor [batch, steps, (heads + 2 · key heads) · width] or queries,
/// keys and values apart, and then what is added to the scores of each key: [batch, keys].
struct AttentionOperation<T: VectorScalar>: Operation {
  static var name: String { "attention" }
  let sizes: AttentionSizes
  let isPacked: Bool
  let hasMask: Bool
  let dropout: DropoutMask?

  var keeps: Kept { [.inputs, .output] }
  /// The logarithm of each query's softmax sum.
  var savedCount: Int { sizes.batch * sizes.heads * sizes.queries }
  var scratchCount: Int { sizes.scratch(T.self) * Pool.shared.threads }
  var work: Int {
    2 * sizes.batch * sizes.heads * sizes.queries * sizes.keys * sizes.width
  }

  private func run(_ frame: Frame<T>, part: Int) -> AttentionRun<T> {
    let width = sizes.width
    let keyStart = sizes.heads * width
    let valueStart = keyStart + sizes.keyHeads * width
    let packedRow = valueStart + sizes.keyHeads * width
    func pointer(_ input: Int, _ offset: Int) -> UnsafePointer<T> {
      isPacked ? frame[0] + offset : frame[input]
    }
    func target(_ input: Int, _ offset: Int) -> UnsafeMutablePointer<T>? {
      isPacked ? frame.gradients[0].map { $0 + offset } : frame.gradients[input]
    }
    return AttentionRun(
      sizes: sizes, frame: frame,
      query: Strided(pointer(0, 0), row: isPacked ? packedRow : keyStart),
      key: Strided(pointer(1, keyStart), row: isPacked ? packedRow : sizes.keyHeads * width),
      value: Strided(pointer(2, valueStart), row: isPacked ? packedRow : sizes.keyHeads * width),
      gradients: (target(0, 0), target(1, keyStart), target(2, valueStart)),
      scale: T(1 / Double(width).squareRoot()), mask: hasMask ? frame[isPacked ? 1 : 3] : nil,
      dropout: dropout,
      scratch: frame.scratch + part * sizes.scratch(T.self))
  }

  @specialized(where T == Float)
  @specialized(where T == Double)
  func forward(_ frame: Frame<T>) {
    let partition = sizes.partition()
    Pool.shared.forEachPart(of: partition) { part, heads in
      let run = run(frame, part: part)
      for head in heads { run.forward(batch: head / sizes.heads, head: head % sizes.heads) }
    }
  }

  @specialized(where T == Float)
  @specialized(where T == Double)
  func backward(_ frame: Frame<T>) {
    clear(frame)
    let run = run(frame, part: 0)
    for head in 0..<sizes.batch * sizes.heads {
      run.backward(batch: head / sizes.heads, head: head % sizes.heads)
    }
  }

  /// Gradients are added to, block by block.
  private func clear(_ frame: Frame<T>) {
    let counts =
      isPacked
      ? [sizes.batch * sizes.queries * (sizes.heads + 2 * sizes.keyHeads) * sizes.width]
      : [
        sizes.batch * sizes.queries * sizes.heads * sizes.width,
        sizes.batch * sizes.keys * sizes.keyHeads * sizes.width,
        sizes.batch * sizes.keys * sizes.keyHeads * sizes.width,
      ]
    for (input, count) in counts.enumerated() where !frame.accumulates[input] {
      frame.gradients[input]?.update(repeating: 0, count: count)
    }
  }
}

struct AttentionSizes: Sendable {
  let batch, queries, keys: Int
  let heads, keyHeads, width: Int
  let isCausal: Bool

  /// Queries and keys of a block: their scores stay in the second-level cache.
  var queryBlock: Int { min(64, queries) }
  var keyBlock: Int { min(256, keys) }

  /// A count rounded up to whole registers.
  static func whole<T: VectorScalar>(_ count: Int, _ type: T.Type) -> Int {
    (count + T.Lanes.scalarCount - 1) / T.Lanes.scalarCount * T.Lanes.scalarCount
  }

  /// From one query's scores to the next one's.
  func table<T: VectorScalar>(_ type: T.Type) -> Int { Self.whole(keyBlock, type) }

  func scratch<T: VectorScalar>(_ type: T.Type) -> Int {
    let panels = max(
      Panels<T>(depth: width, columns: keyBlock).size,
      Panels<T>(depth: keyBlock, columns: width).size,
      Panels<T>(depth: queryBlock, columns: width).size)
    return Memory<T>.rounded(2 * queryBlock * table(type)) + 4 * Memory<T>.rounded(panels)
      + 2 * Memory<T>.rounded(queryBlock)
  }

  /// Heads are shared out; a thread takes several.
  func partition() -> Partition {
    Pool.shared.partition(
      of: batch * heads, minimumChunk: max(1, (1 << 17) / max(1, queries * keys * width)))
  }
}
