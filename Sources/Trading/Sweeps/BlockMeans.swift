import Market

/// In which order means of many lengths are worked out: each sum from the one of half its length, in one
/// addition a bar, or two where the length is odd. So they have the bits of `WindowSum`.
struct MeanPlan {
  fileprivate struct Step {
    let length: Int
    /// Of the sums over half the length; `nil` where those are the closes.
    let half: Int?
    /// Of the means, where they are asked for.
    let mean: Int?
  }

  fileprivate let steps: [Step]
  fileprivate let longest: Int
  /// Bars that are worth the sums before them, which each block makes anew.
  let blockLength: Int
  private let slots: [Int: Int]

  init(lengths: Set<Int>) {
    var all = lengths
    for length in lengths {
      var half = length / 2
      while half > 1, all.insert(half).inserted { half /= 2 }
    }
    all.insert(1)
    let sums = all.sorted()
    let place = Dictionary(uniqueKeysWithValues: sums.enumerated().map { ($1, $0) })
    let slots = Dictionary(uniqueKeysWithValues: lengths.sorted().enumerated().map { ($1, $0) })
    steps = sums.map { Step(length: $0, half: place[$0 / 2], mean: slots[$0]) }
    self.slots = slots
    longest = sums.last ?? 1
    blockLength = max(1024, 2 * longest)
  }

  func slot(of length: Int) -> Int {
    guard let slot = slots[length] else { preconditionFailure("a length outside the plan") }
    return slot
  }

  fileprivate var means: Int { slots.count }
}

/// The means of one block of bars after another, each length in a slot of its own.
struct BlockMeans: ~Copyable {
  private let plan: MeanPlan
  private let blockLength: Int
  private let sums, means: UnsafeMutablePointer<Double>

  /// - Parameter blockLength: bars of the longest block
  init(_ plan: MeanPlan, blockLength: Int) {
    (self.plan, self.blockLength) = (plan, blockLength)
    let lengths = (sums: plan.steps.count * (blockLength + plan.longest), plan.means * blockLength)
    sums = .allocate(capacity: lengths.sums)
    means = .allocate(capacity: lengths.1)
    sums.initialize(repeating: 0, count: lengths.sums)
    means.initialize(repeating: 0, count: lengths.1)
  }

  deinit {
    sums.deallocate()
    means.deallocate()
  }

  /// One for each bar of the block; missing before so many closes are known.
  subscript(slot: Int) -> UnsafePointer<Double> { UnsafePointer(means + slot * blockLength) }

  mutating func fill(_ closes: UnsafeBufferPointer<Double>, _ block: Range<Int>) {
    guard let closes = closes.baseAddress else { return }
    let start = max(0, block.lowerBound - plan.longest)
    let count = block.upperBound - start
    for (place, step) in plan.steps.enumerated() {
      let column = sums + place * (blockLength + plan.longest)
      if let half = step.half {
        Self.sum(
          step.length, halves: sums + half * (blockLength + plan.longest), closes + start, count,
          to: column)
      } else {
        column.update(from: closes + start, count: count)
      }
      guard let mean = step.mean else { continue }
      Self.divide(
        column + (block.lowerBound - start), by: Double(step.length), block.count,
        to: means + mean * blockLength)
    }
  }

  /// Each bar is of earlier ones of other columns, so that registers of bars are taken at once.
  private static func sum(
    _ length: Int, halves: UnsafePointer<Double>, _ closes: UnsafePointer<Double>, _ count: Int,
    to column: UnsafeMutablePointer<Double>
  ) {
    let (half, first) = (length / 2, min(length - 1, count))
    column.update(repeating: .nan, count: first)
    let (later, earlier) = (halves + first, halves + first - half)
    let (oldest, target) = (closes + first - (length - 1), column + first)
    if length % 2 == 0 {
      for bar in 0..<count - first { target[bar] = later[bar] + earlier[bar] }
    } else {
      for bar in 0..<count - first { target[bar] = later[bar] + earlier[bar] + oldest[bar] }
    }
  }

  private static func divide(
    _ sums: UnsafePointer<Double>, by length: Double, _ count: Int,
    to means: UnsafeMutablePointer<Double>
  ) {
    for bar in 0..<count { means[bar] = sums[bar] / length }
  }
}
