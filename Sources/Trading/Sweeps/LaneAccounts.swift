import CSweepLanes
import Market
import Numerics

/// Eight accounts that are traded side by side, with the lists of decisions that they follow.
///
/// It owns the memory that runs use one after the other, so it belongs to one thread.
struct LaneAccounts: ~Copyable {
  static let count = Int(martinet_lane_count)

  private let terms: VectorTerms
  /// Room for a list: no more decisions than bars, in whole words of bits.
  private let stride: Int
  private let turns: UnsafeMutablePointer<Int32>
  /// After each decision, eight numbers of each.
  private let cash, shares: UnsafeMutablePointer<Int64>
  private var counts = [Int](repeating: 0, count: count)

  init(_ terms: VectorTerms) {
    self.terms = terms
    stride = (terms.bars.count / 64 + 1) * 64
    turns = .allocate(capacity: stride * Self.count)
    cash = .allocate(capacity: stride * Self.count)
    shares = .allocate(capacity: stride * Self.count)
  }

  deinit {
    turns.deallocate()
    cash.deallocate()
    shares.deallocate()
  }

  /// Gives a lane its decisions: the list is written where the body is shown, in the order of bars, and
  /// the body returns how many there are.
  mutating func decide(lane: Int, _ body: (UnsafeMutableBufferPointer<Int32>) -> Int) {
    let list = UnsafeMutableBufferPointer(start: turns + lane * stride, count: stride)
    var count = body(list)
    // What is decided at the last bar is filled at none.
    while count > 0, Int(list[count - 1]) + 1 >= terms.bars.count { count -= 1 }
    counts[lane] = count
  }

  /// What the first lanes come to; `nil` of one that only the engine can follow.
  mutating func follow(lanes: Int) -> [VectorRun?] {
    for lane in lanes..<Self.count { counts[lane] = 0 }
    var account = terms.account
    let beyond = terms.bars.withUnsafeBufferPointer { bars in
      martinet_follow(
        bars.baseAddress, &account, terms.capital, turns, stride, counts, cash, shares)
    }
    return (0..<lanes).map { beyond >> $0 & 1 == 0 ? run(of: $0) : nil }
  }

  private func run(of lane: Int) -> VectorRun {
    let states = [VectorRun.State](unsafeUninitializedCapacity: counts[lane] + 1) { states, count in
      var last = VectorRun.State(place: 0, cash: terms.capital, shares: 0)
      states.initializeElement(at: 0, to: last)
      count = 1
      for place in 0..<counts[lane] {
        let own = place * Self.count + lane
        guard shares[own] != last.shares else { continue }
        last = VectorRun.State(
          place: Int(turns[lane * stride + place]) + 1, cash: cash[own], shares: shares[own])
        states.initializeElement(at: count, to: last)
        count += 1
      }
    }
    return VectorRun(states: states, lastClose: terms.bars.last?.close ?? 0)
  }
}
