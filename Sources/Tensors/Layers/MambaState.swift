import Numerics

/// What Mamba blocks remember between tokens that come one by one: the last inputs of the convolution
/// and the states of the scan. One belongs to one block.
///
/// `@unchecked Sendable`: only the plan that was made with it touches its memory, and a plan runs on
/// one thread at a time.
package final class MambaState<T: VectorScalar>: @unchecked Sendable {
  package let batch: Int
  let channels: Int
  let states: Int
  let taps: Int
  private let memory: UnsafeMutablePointer<T>
  private let count: Int

  /// As before the first token.
  package init(_ block: Mamba, batch: Int) {
    self.batch = batch
    channels = block.channels
    states = block.states
    taps = block.taps
    count = batch * channels * (states + taps - 1)
    memory = .allocate(capacity: max(1, count))
    reset()
  }

  deinit { memory.deallocate() }

  /// Forgets all tokens.
  package func reset() { memory.initialize(repeating: 0, count: count) }

  /// The states of one row's channels from a register of them on: [registers, states, lanes].
  func scan(_ row: Int, channel: Int) -> UnsafeMutablePointer<T> {
    memory + (row &* channels &+ channel) &* states
  }

  /// One row's earlier inputs, the oldest first: [taps − 1, channels].
  func window(_ row: Int) -> UnsafeMutablePointer<T> {
    memory + (batch &* channels &* states &+ row &* (taps &- 1) &* channels)
  }

  /// Takes a token's inputs in, so that they are the newest.
  func push(_ inputs: UnsafePointer<T>, row: Int) {
    guard taps > 1 else { return }
    let window = window(row)
    window.update(from: window + channels, count: (taps - 2) * channels)
    (window + (taps - 2) * channels).update(from: inputs, count: channels)
  }
}
