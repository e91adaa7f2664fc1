import Market
import Runtime

extension TrialData {
  /// The data of some frames, tried from one day to another; bars before serve as history and count for
  /// the hash alone.
  public init(frames: [Frame], first: CivilDate, last: CivilDate) {
    var hash = SHA256()
    for frame in frames.sorted(by: { $0.symbol < $1.symbol }) {
      hash.update("\(frame.symbol) \(frame.interval) \(frame.count)\n")
      frame.knownAt.withUnsafeValues { hash.update(UnsafeRawBufferPointer($0)) }
      for name in ["open", "high", "low", "close", "volume"] {
        guard let column = frame[name] else { continue }
        hash.update(name)
        column.withUnsafeValues { hash.update(UnsafeRawBufferPointer($0)) }
      }
    }
    self.init(
      symbols: frames.map(\.symbol), interval: frames.first.map { "\($0.interval)" } ?? "",
      first: first, last: last, hash: hash.finish().description)
  }
}
