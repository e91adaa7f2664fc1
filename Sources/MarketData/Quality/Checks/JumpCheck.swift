import Foundation
import Market
import Runtime

/// Jumps of the price from one session to the next: splits, known or not, and events.
enum JumpCheck {
  static func findings(_ subject: Subject) -> [Finding] {
    let sessions = SessionBars(subject.bars, without: subject.spikes.rows)
    var judge = JumpJudge(subject: subject, sessions: sessions)
    return sessions.rows.indices.dropFirst().flatMap { judge.findings(at: $0) }
  }
}

/// Goes through the sessions and keeps what is usual.
private struct JumpJudge {
  let subject: Subject
  let sessions: SessionBars
  private let splits: [CivilDate: Double]
  private var gaps: RollingMedian
  private var moves: RollingMedian
  private var turnovers: RollingMedian
  /// Logarithms of high over low.
  private var ranges: RollingMedian

  /// Fewer sessions tell nothing of what is usual.
  private static let fewest = 10
  /// After a longer hole a change of price is no move of one day.
  private static let holeMax = 10

  init(subject: Subject, sessions: SessionBars) {
    self.subject = subject
    self.sessions = sessions
    let window = subject.thresholds.window
    gaps = RollingMedian(window: window)
    moves = RollingMedian(window: window)
    turnovers = RollingMedian(window: window)
    ranges = RollingMedian(window: window)
    var splits: [CivilDate: Double] = [:]
    for action in subject.context.actions {
      if case .split(let ratio) = action.kind, ratio > 0 { splits[action.date] = ratio }
    }
    self.splits = splits
  }

  private var thresholds: QualityThresholds { subject.thresholds }

  mutating func findings(at index: Int) -> [Finding] {
    let row = sessions.rows[index]
    let (gap, move) = (sessions.gap(index), sessions.move(index))
    let turnover = self.turnover(before: index)
    defer {
      gaps.add(gap)
      moves.add(move)
      ranges.add(log(row.high / row.low))
    }
    if let ratio = splits[row.date] { return known(ratio, index, gap, move) }
    let sinceLast = sessions.rows[index - 1].date.distance(to: row.date)
    guard sinceLast <= Self.holeMax else { return [] }
    if let ratio = unexplainedSplit(index, gap, move, turnover) {
      return [unexplained(ratio, index, gap, turnover)]
    }
    let simple = exp(move) - 1
    guard abs(simple) > thresholds.largeMove else { return [] }
    // A move that was traded through within the day needs no other witness.
    let isGap = abs(gap) > abs(move) / 2 && (gap > 0) == (move > 0)
    return [large(index, move, turnover, isBeyond: isGap && abs(simple) > thresholds.moveMax)]
  }

  /// Money traded, in times of the usual; `nil` where there is no volume.
  private mutating func turnover(before index: Int) -> Double? {
    let before = sessions.rows[index - 1].turnover
    if before > 0 { turnovers.add(before) }
    let usual = turnovers.median
    let now = sessions.rows[index].turnover
    return usual > 0 && now > 0 ? now / usual : nil
  }

  // What a gap and a day may differ from a split's ratio: prices go on moving.
  private var gapTolerance: Double {
    gaps.count < Self.fewest ? 0.05 : min(0.06, max(0.02, 4 * gaps.deviation))
  }
  private var moveTolerance: Double {
    moves.count < Self.fewest ? 0.1 : min(0.2, max(0.04, 4 * moves.deviation))
  }
}

// Splits.
extension JumpJudge {
  /// A split that is known for this day: whether prices show it, and whether they should.
  private func known(_ ratio: Double, _ index: Int, _ gap: Double, _ move: Double) -> [Finding] {
    let row = sessions.rows[index]
    let start = subject.bars.batch.start[row.row]
    let words = SplitRatio.words(ratio)
    let isAdjusted = subject.context.adjustment.map { $0 != .none } ?? false
    // Nearer to the split's ratio than to no jump at all.
    let isSeen = SplitRatio.distance(ratio, gap) < abs(gap)
    switch (isSeen, isAdjusted) {
    case (true, false):
      return [
        subject.finding(
          .explainedSplit, at: start,
          "the open of \(row.date) stands \(FindingWords.move(gap)) to the close before, and a split of "
            + "\(words) is known for that day (\(FindingWords.move(-log(ratio))))")
      ]
    case (true, true):
      return [
        subject.finding(
          .splitNotApplied, at: start,
          "the open of \(row.date) stands \(FindingWords.move(gap)) to the close before, the split of "
            + "\(words) of that day, though prices are declared as adjusted")
      ]
    case (false, false) where subject.context.adjustment == BarDeclaration.Adjustment.none:
      return [
        subject.finding(
          .splitNotInPrices, at: start,
          "a split of \(words) is known for \(row.date), and the open stands \(FindingWords.move(gap)) "
            + "to the close before")
      ]
    default: return []
    }
  }

  /// The ratio of a split that this session looks like though none is known.
  private func unexplainedSplit(
    _ index: Int, _ gap: Double, _ move: Double, _ turnover: Double?
  ) -> Double? {
    guard let ratio = SplitRatio.nearest(toPriceRatio: gap, within: gapTolerance),
      SplitRatio.distance(ratio, move) <= moveTolerance
    else { return nil }
    // A crash is traded; a split leaves as much money in the market as the day before.
    if let turnover, turnover > thresholds.eventTurnover { return nil }
    let isDoubling = abs(log(ratio)) > log(1.9)
    // Without volume a gap must be far beyond the usual; indices move by half, shares split by it.
    if turnover == nil, !isDoubling || gaps.count >= Self.fewest && abs(gap) < 12 * gaps.deviation {
      return nil
    }
    // A day of three for two is as quiet as any other; a crash of a third is not.
    if !isDoubling, log(sessions.rows[index].high / sessions.rows[index].low) > 4 * ranges.median {
      return nil
    }
    if index + 1 < sessions.rows.count {
      let held = move + sessions.move(index + 1)
      guard SplitRatio.distance(ratio, held) <= 1.5 * moveTolerance else { return nil }
    }
    return peersMoved(index, move) ? nil : ratio
  }

  private func unexplained(
    _ ratio: Double, _ index: Int, _ gap: Double, _ turnover: Double?
  ) -> Finding {
    let row = sessions.rows[index]
    return subject.finding(
      .unexplainedSplit, at: subject.bars.batch.start[row.row],
      "the open of \(row.date) stands \(FindingWords.move(gap)) to the close before, as after a split of "
        + "\(SplitRatio.words(ratio)), the level holds, and \(words(turnover)); no split is known")
  }

  private func words(_ turnover: Double?) -> String {
    guard let turnover else { return "there is no volume to judge by" }
    return "\(FigureText.fixed(turnover, decimals: 1)) times the usual money was traded"
  }
}

// Events.
extension JumpJudge {
  /// Beyond it a market itself had an event.
  private static let marketMove = 0.05

  /// The others moved with it, by a quarter of it or as a market does in a crash.
  private func peersMoved(_ index: Int, _ move: Double) -> Bool {
    let date = sessions.rows[index].date
    guard let peers = subject.context.peers.median(on: date, without: subject.batch.symbol) else {
      return false
    }
    return (peers > 0) == (move > 0) && abs(peers) >= min(abs(move) / 4, Self.marketMove)
  }

  private func large(
    _ index: Int, _ move: Double, _ turnover: Double?, isBeyond: Bool
  ) -> Finding {
    let row = sessions.rows[index]
    let start = subject.bars.batch.start[row.row]
    let isTraded = (turnover ?? .infinity) >= thresholds.eventTurnover
    let peers = peersMoved(index, move)
    let found =
      "\(FindingWords.move(move)) on \(row.date), to \(FindingWords.price(row.close)); "
      + words(turnover) + (peers ? "; its peers moved with it" : "")
    if isBeyond, !isTraded, !peers {
      return subject.finding(
        .unconfirmedMove, thresholds.unconfirmedIsError ? .error : .warning, at: start, found)
    }
    return subject.finding(.largeMove, at: start, found)
  }
}
