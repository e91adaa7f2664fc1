import Runtime

/// What a join did with the bars of one symbol: every bar was used or dropped, for a reason.
public struct JoinAccount: Equatable, Sendable {
  public let symbol: Symbol
  public let bars: Int
  /// Bars that fill at least one place.
  public let used: Int
  /// Bars that were never the last known on a line: a later one took their place, or they were too
  /// old, before a line came.
  public let superseded: Int
  /// Which symbols lacked a bar where this one's was dropped, and how many times each.
  public let lacking: [Symbol: Int]
  /// Bars of an inner join that others lacked, each counted once.
  public let droppedForLack: Int
  /// Bars that became known after the join's last line.
  public let afterLastLine: Int
  /// Places left empty: before the symbol's first bar, and where its last one was too old.
  public let emptyBefore: Int
  public let emptyStale: Int

  public var dropped: Int { bars - used }

  /// Why bars were dropped and places left empty, in words; empty where neither happened.
  public var reasons: [String] {
    var words: [String] = []
    if droppedForLack > 0 {
      let symbols = lacking.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      let shown = symbols.prefix(3).map { "\($0.key) lacked \($0.value)" }.joined(separator: ", ")
      let more = symbols.count > 3 ? " and \(symbols.count - 3) more" : ""
      words.append("\(droppedForLack) without the others (\(shown)\(more))")
    }
    if superseded > 0 { words.append("\(superseded) replaced or too old before a line came") }
    if afterLastLine > 0 { words.append("\(afterLastLine) known after the last line") }
    if emptyBefore > 0 { words.append("\(emptyBefore) places empty before the first bar") }
    if emptyStale > 0 {
      words.append("\(emptyStale) places empty because the last bar was too old")
    }
    return words
  }
}

extension Panel {
  /// What became of the bars of each of the frames that this panel was joined from.
  public func account(of frames: [Frame]) -> [JoinAccount] {
    precondition(frames.map(\.symbol) == symbols, "the frames this panel was joined from")
    let instants = frames.map { Set($0.knownAt) }
    return frames.indices.map { account(of: frames[$0], place: $0, symbolInstants: instants) }
  }

  private func account(
    of frame: Frame, place: Int, symbolInstants: [Set<Int64>]
  ) -> JoinAccount {
    var isUsed = [Bool](repeating: false, count: frame.count)
    var (emptyBefore, emptyStale) = (0, 0)
    for line in 0..<count {
      let row = rows[line * symbols.count + place]
      if row >= 0 {
        isUsed[Int(row)] = true
      } else if frame.count == 0 || knownAt[line] < frame.knownAt[0] {
        emptyBefore += 1
      } else {
        emptyStale += 1
      }
    }
    let lastLine = knownAt.last ?? .min
    var lacking: [Symbol: Int] = [:]
    var (droppedForLack, superseded, afterLastLine) = (0, 0, 0)
    for row in 0..<frame.count where !isUsed[row] {
      let instant = frame.knownAt[row]
      let without =
        isInner ? symbols.indices.filter { !symbolInstants[$0].contains(instant) } : []
      for other in without { lacking[symbols[other], default: 0] += 1 }
      if !without.isEmpty {
        droppedForLack += 1
      } else if instant <= lastLine {
        superseded += 1
      } else {
        afterLastLine += 1
      }
    }
    return JoinAccount(
      symbol: frame.symbol, bars: frame.count, used: isUsed.count { $0 }, superseded: superseded,
      lacking: lacking, droppedForLack: droppedForLack, afterLastLine: afterLastLine,
      emptyBefore: emptyBefore, emptyStale: emptyStale)
  }
}
