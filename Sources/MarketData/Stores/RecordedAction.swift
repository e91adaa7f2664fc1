import Market
import Runtime

/// A corporate action as one source told it, and when a store took it in.
public struct RecordedAction: Hashable, Sendable {
  public let action: CorporateAction
  public let source: String
  /// Which one it is among those of one symbol, source, day and kind: a regular dividend and a
  /// special one can be paid on one day.
  public let ordinal: Int
  public let recordedAt: Timestamp

  public init(action: CorporateAction, source: String, ordinal: Int, recordedAt: Timestamp) {
    self.action = action
    self.source = source
    self.ordinal = ordinal
    self.recordedAt = recordedAt
  }

  /// What a later telling replaces.
  struct Place: Hashable {
    let symbol: Symbol
    let source: String
    let date: CivilDate
    let kind: String
    let ordinal: Int
  }

  var place: Place {
    Place(
      symbol: action.symbol, source: source, date: action.date, kind: action.kind.word,
      ordinal: ordinal)
  }
}

extension CorporateAction.Kind {
  /// How stores spell it.
  var word: String {
    switch self {
    case .split: "split"
    case .dividend: "dividend"
    case .renamed: "renamed"
    case .delisted: "delisted"
    }
  }

  var amount: Double? {
    switch self {
    case .split(let ratio): ratio
    case .dividend(let amount): amount
    case .renamed, .delisted: nil
    }
  }

  var target: Symbol? {
    guard case .renamed(let symbol) = self else { return nil }
    return symbol
  }

  /// `nil` where the words are not a store's.
  init?(word: String, amount: Double?, target: String?) {
    switch (word, amount, target.flatMap { Symbol($0) }) {
    case ("split", let ratio?, _): self = .split(ratio: ratio)
    case ("dividend", let amount?, _): self = .dividend(amount: amount)
    case ("renamed", _, let symbol?): self = .renamed(to: symbol)
    case ("delisted", _, _): self = .delisted
    default: return nil
    }
  }
}

extension [RecordedAction] {
  /// What has to be added to these for a store to hold `told`: nothing for what it has already.
  func additions(
    of told: [CorporateAction], source: String, recordedAt: Timestamp
  ) -> [RecordedAction] {
    var newest: [RecordedAction.Place: RecordedAction] = [:]
    for old in self where old.recordedAt >= newest[old.place]?.recordedAt ?? old.recordedAt {
      newest[old.place] = old
    }
    var seen: [RecordedAction.Place: Int] = [:]
    var added: [RecordedAction] = []
    for action in told {
      let first = RecordedAction(
        action: action, source: source, ordinal: 0, recordedAt: recordedAt)
      let ordinal = seen[first.place, default: 0]
      seen[first.place] = ordinal + 1
      var one = RecordedAction(
        action: action, source: source, ordinal: ordinal, recordedAt: recordedAt)
      if let old = newest[one.place] {
        if old.action.kind == action.kind { continue }
        let later = Swift.max(
          recordedAt, Timestamp(nanoseconds: old.recordedAt.nanoseconds + 1))
        one = RecordedAction(
          action: action, source: source, ordinal: ordinal, recordedAt: later)
      }
      added.append(one)
    }
    return added
  }

  /// What was known of the actions of these sources, each once, in order of date.
  func known(_ knowledge: Knowledge) -> [CorporateAction] {
    var newest: [RecordedAction.Place: RecordedAction] = [:]
    for one in self {
      if case .asOf(let instant) = knowledge, one.recordedAt > instant { continue }
      if let other = newest[one.place], other.recordedAt > one.recordedAt { continue }
      newest[one.place] = one
    }
    // Two sources may tell the same.
    var told: Set<String> = []
    return newest.values.sorted {
      ($0.action.date, $0.place.kind, $0.source, $0.ordinal)
        < ($1.action.date, $1.place.kind, $1.source, $1.ordinal)
    }
    .filter { told.insert("\($0.action.date) \($0.action.kind) \($0.ordinal)").inserted }
    .map(\.action)
  }
}
