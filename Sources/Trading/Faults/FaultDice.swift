import Numerics

/// Chance as schedules of faults use it.
struct FaultDice: RandomNumberGenerator, Sendable {
  private var stream: RandomStream

  init(seed: UInt64, _ purpose: String) { stream = RandomStream(seed: seed, purpose: purpose) }

  mutating func next() -> UInt64 { stream.next() }

  /// One of 0 to `count` − 1.
  mutating func below(_ count: Int) -> Int { Int(next() >> 33) % count }

  /// Whether something happens that does so `percent` times in a hundred.
  mutating func happens(_ percent: Int) -> Bool { below(100) < percent }

  mutating func one<Value>(of values: [Value]) -> Value { values[below(values.count)] }

  /// From 0 to below 1.
  mutating func part() -> Double { Double(next() >> 11) * 0x1p-53 }
}
