import Numerics

/// One run of attention, on one thread.
struct AttentionRun<T: VectorScalar> {
  let sizes: AttentionSizes
  let frame: Frame<T>
  let query, key, value: Strided<T>
  let gradients:
    (
      query: UnsafeMutablePointer<T>?, key: UnsafeMutablePointer<T>?,
      value: UnsafeMutablePointer<T>?
    )
  /// What scores are multiplied by.
  let scale: T
  /// Added to the scores of each key: [batch, keys].
  let mask: UnsafePointer<T>?
  let dropout: DropoutMask?
  let scratch: UnsafeMutablePointer<T>

  private var lanes: Int { T.Lanes.scalarCount }
  private var outputRow: Int { sizes.heads &* sizes.width }

  // The parts of the work space: two tables of scores, four sets of panels, two columns of queries.
  private var table: Int { sizes.table(T.self) }
  private var tableCount: Int { Memory<T>.rounded(2 &* sizes.queryBlock &* table) }
  private var scores: UnsafeMutablePointer<T> { scratch }
  private var slopes: UnsafeMutablePointer<T> { scratch + sizes.queryBlock &* table }
  private func panels(_ index: Int) -> UnsafeMutablePointer<T> {
    let size = max(
      Panels<T>(depth: sizes.width, columns: sizes.keyBlock).size,
      Panels<T>(depth: sizes.keyBlock, columns: sizes.width).size,
      Panels<T>(depth: sizes.queryBlock, columns: sizes.width).size)
    return scratch + (tableCount &+ index &* Memory<T>.rounded(size))
  }
  private var greatest: UnsafeMutablePointer<T> { panels(4) }
  private var totals: UnsafeMutablePointer<T> { greatest + Memory<T>.rounded(sizes.queryBlock) }

  private func rows(_ matrix: Strided<T>, _ batch: Int, _ steps: Int, _ head: Int) -> Strided<T> {
    Strided(
      matrix.start + (batch &* steps &* matrix.row &+ head &* sizes.width), row: matrix.row)
  }

  private func keyHead(_ head: Int) -> Int { head &* sizes.keyHeads / sizes.heads }

  /// Keys that a block of queries may look at.
  private func reach(_ queries: Range<Int>) -> Int {
    // The last query sees the last key where there are more keys than queries.
    sizes.isCausal ? min(sizes.keys, queries.upperBound &+ sizes.keys &- sizes.queries) : sizes.keys
  }

  private func forEachBlock(_ count: Int, _ size: Int, _ body: (Range<Int>) -> Void) {
    var first = 0
    while first < count {
      body(first..<min(count, first &+ size))
      first &+= size
    }
  }

  func forward(batch: Int, head: Int) {
    let q = rows(query, batch, sizes.queries, head)
    let k = rows(key, batch, sizes.keys, keyHead(head))
    let v = rows(value, batch, sizes.keys, keyHead(head))
    let isSingle = sizes.keys <= sizes.keyBlock
    if isSingle { pack(k, v, 0..<sizes.keys) }
    forEachBlock(sizes.queries, sizes.queryBlock) { queries in
      let output =
        frame.output
        + ((batch &* sizes.queries &+ queries.lowerBound) &* outputRow &+ head &* sizes.width)
      for i in 0..<queries.count {
        greatest[i] = -.infinity
        totals[i] = 0
      }
      forEachBlock(reach(queries), sizes.keyBlock) { keys in
        if !isSingle { pack(k, v, keys) }
        score(q, queries, keys)
        for i in 0..<queries.count {
          soften(i, queries, keys, output: output, batch: batch, head: head)
        }
        Product<T>.multiply(
          Strided(UnsafePointer(scores), row: table),
          Panels(depth: keys.count, columns: sizes.width), panels(1), rows: queries.count,
          into: .init(start: output, stride: outputRow, accumulates: keys.lowerBound > 0))
      }
      finish(queries, output, batch, head)
    }
  }

  private func pack(_ k: Strided<T>, _ v: Strided<T>, _ keys: Range<Int>) {
    Panels<T>(depth: sizes.width, columns: keys.count).pack(
      Strided(k.at(keys.lowerBound, 0), row: k.row).transposed, into: panels(0))
    Panels<T>(depth: keys.count, columns: sizes.width).pack(
      Strided(v.at(keys.lowerBound, 0), row: v.row), into: panels(1))
  }

  /// A count of keys in whole registers: what panels have too much of is zero, and so rows of a table
  /// need no care for their ends.
  private func whole(_ count: Int) -> Int { AttentionSizes.whole(count, T.self) }

  /// The products of queries and keys, not yet scaled.
  private func score(_ q: Strided<T>, _ queries: Range<Int>, _ keys: Range<Int>) {
    Product<T>.multiply(
      Strided(q.at(queries.lowerBound, 0), row: q.row),
      Panels(depth: sizes.width, columns: whole(keys.count)), panels(0), rows: queries.count,
      into: .init(start: scores, stride: table))
  }

  /// Keys of a block that one query sees.
  private func visible(_ query: Int, _ keys: Range<Int>) -> Int {
    guard sizes.isCausal else { return keys.count }
    return min(keys.count, max(0, query &+ 1 &+ sizes.keys &- sizes.queries &- keys.lowerBound))
  }

  /// Scales and masks one row of scores; what is out of sight becomes −∞. Gives the greatest.
  private func scaleAndMask(
    _ row: UnsafeMutablePointer<T>, seen: Int, _ keys: Range<Int>, _ batch: Int
  ) -> T {
    let masks = mask.map { $0 + (batch &* sizes.keys &+ keys.lowerBound) }
    var greatest = T.Lanes(repeating: -.infinity)
    var j = 0
    while j &+ lanes <= seen {
      var scores = UnsafePointer(row + j).lanes() * scale
      if let masks { scores += (masks + j).lanes() }
      (row + j).store(scores)
      greatest = greatest.replacing(with: scores, where: greatest.isLess(than: scores))
      j &+= lanes
    }
    if j < seen {
      let rest = seen &- j
      var scores = UnsafePointer(row + j).lanes(first: rest, filler: -.infinity) * scale
      if let masks { scores += (masks + j).lanes(first: rest) }
      (row + j).store(scores)
      greatest = greatest.replacing(with: scores, where: greatest.isLess(than: scores))
      j &+= lanes
    }
    if j < keys.count {
      (row + j).update(repeating: -.infinity, count: whole(keys.count) &- j)
    }
    return greatest.folded { $0 < $1 ? $1 : $0 }
  }

  /// Row i of the scores becomes exp(score − greatest); what was summed before is brought to the new
  /// greatest.
  private func soften(
    _ i: Int, _ queries: Range<Int>, _ keys: Range<Int>, output: UnsafeMutablePointer<T>,
    batch: Int, head: Int
  ) {
    let row = scores + i &* table
    let before = greatest[i]
    let peak = max(
      before, scaleAndMask(row, seen: visible(queries.lowerBound &+ i, keys), keys, batch))
    // Nothing seen yet: weights of 0, and a finite number in place of −∞ − (−∞).
    let base = peak == -.infinity ? 0 : peak
    greatest[i] = peak
    let sum = Lines.exponentials(row, minus: base, count: whole(keys.count))
    if keys.lowerBound > 0, before != peak {
      let factor = before == -.infinity ? 0 : T.Lanes.exp(T.Lanes(repeating: before - base))[0]
      totals[i] *= factor
      let result = output + i &* outputRow
      for j in 0..<sizes.width { result[j] *= factor }
    }
    totals[i] += sum
    if let dropout {
      dropout.apply(
        UnsafePointer(row), into: row, count: keys.count,
        from: place(batch, head, queries.lowerBound &+ i, keys), accumulates: false)
    }
  }

  /// Where the mask of dropped weights begins for a query: rows are rounded up to whole groups.
  private func place(_ batch: Int, _ head: Int, _ query: Int, _ keys: Range<Int>) -> Int {
    let row = (batch &* sizes.heads &+ head) &* sizes.queries &+ query
    return row &* ((sizes.keys &+ 255) / 256 &* 256) &+ keys.lowerBound
  }

  private func finish(
    _ queries: Range<Int>, _ output: UnsafeMutablePointer<T>, _ batch: Int, _ head: Int
  ) {
    let saved = frame.saved + (batch &* sizes.heads &+ head) &* sizes.queries
    for i in 0..<queries.count {
      let total = totals[i]
      let result = output + i &* outputRow
      let factor = total > 0 ? 1 / total : 0
      for j in 0..<sizes.width { result[j] *= factor }
      let logarithm = T.Lanes.log(T.Lanes(repeating: total))[0]
      saved[queries.lowerBound &+ i] = total > 0 ? greatest[i] + logarithm : .infinity
    }
  }

  func backward(batch: Int, head: Int) {
    let q = rows(query, batch, sizes.queries, head)
    let k = rows(key, batch, sizes.keys, keyHead(head))
    let v = rows(value, batch, sizes.keys, keyHead(head))
    forEachBlock(sizes.keys, sizes.keyBlock) { keys in
      pack(k, v, keys)
      // Keys by column for the scores (0) and by row for the queries' gradient (1); values by column
      // for the weights' gradient (2).
      Panels<T>(depth: keys.count, columns: sizes.width).pack(
        Strided(k.at(keys.lowerBound, 0), row: k.row), into: panels(1))
      Panels<T>(depth: sizes.width, columns: keys.count).pack(
        Strided(v.at(keys.lowerBound, 0), row: v.row).transposed, into: panels(2))
      forEachBlock(sizes.queries, sizes.queryBlock) { queries in
        guard reach(queries) > keys.lowerBound else { return }
        backward(q, queries, keys, batch, head)
      }
    }
  }

  private func backward(
    _ q: Strided<T>, _ queries: Range<Int>, _ keys: Range<Int>, _ batch: Int, _ head: Int
  ) {
    let first = (batch &* sizes.queries &+ queries.lowerBound) &* outputRow &+ head &* sizes.width
    let gradient = Strided(UnsafePointer(frame.gradient) + first, row: outputRow)
    score(q, queries, keys)
    Product<T>.multiply(
      gradient, Panels(depth: sizes.width, columns: whole(keys.count)), panels(2),
      rows: queries.count,
      into: .init(start: slopes, stride: table))
    for i in 0..<queries.count { slope(i, queries, keys, batch, head) }
    let rowPanels = Panels<T>(depth: queries.count, columns: sizes.width)
    func add(_ left: UnsafeMutablePointer<T>, to target: UnsafeMutablePointer<T>, row: Int) {
      Product<T>.multiply(
        Strided(UnsafePointer(left), row: table).transposed, rowPanels, panels(3),
        rows: keys.count, into: .init(start: target, stride: row, accumulates: true))
    }
    let keyRow = (batch &* sizes.keys &+ keys.lowerBound) &* key.row &+ keyHead(head) &* sizes.width
    if let target = gradients.value {
      rowPanels.pack(gradient, into: panels(3))
      add(scores, to: target + keyRow, row: value.row)
    }
    if let target = gradients.key {
      rowPanels.pack(Strided(q.at(queries.lowerBound, 0), row: q.row), into: panels(3))
      add(slopes, to: target + keyRow, row: key.row)
    }
    if let target = gradients.query {
      let place = (batch &* sizes.queries &+ queries.lowerBound) &* query.row &+ head &* sizes.width
      Product<T>.multiply(
        Strided(UnsafePointer(slopes), row: table),
        Panels(depth: keys.count, columns: sizes.width), panels(1), rows: queries.count,
        into: .init(start: target + place, stride: query.row, accumulates: true))
    }
  }

  /// Row i: scores become weights, as they were applied, and slopes those of the scores.
  private func slope(
    _ i: Int, _ queries: Range<Int>, _ keys: Range<Int>, _ batch: Int, _ head: Int
  ) {
    let row = scores + i &* table
    let slope = slopes + i &* table
    let query = queries.lowerBound &+ i
    _ = scaleAndMask(row, seen: visible(query, keys), keys, batch)
    let logarithm = frame.saved[(batch &* sizes.heads &+ head) &* sizes.queries &+ query]
    let count = whole(keys.count)
    _ = Lines.exponentials(row, minus: logarithm, count: count)
    let start = (batch &* sizes.queries &+ query) &* outputRow &+ head &* sizes.width
    // Σ weight · slope over all keys, which is the product of the output and its gradient.
    let mean = Lines.dot(
      UnsafePointer(frame.output) + start, UnsafePointer(frame.gradient) + start, count: sizes.width
    )
    if let dropout {
      let place = place(batch, head, query, keys)
      dropout.apply(
        UnsafePointer(slope), into: slope, count: keys.count, from: place, accumulates: false)
      Lines.centre(
        slope, by: UnsafePointer(row), mean: mean, scale: scale, count: count)
      dropout.apply(
        UnsafePointer(row), into: row, count: keys.count, from: place, accumulates: false)
    } else {
      Lines.centre(
        slope, by: UnsafePointer(row), mean: mean, scale: scale, count: count)
    }
  }
}
