import Market
import Numerics
import Runtime

/// A way to replace what is not yet known at a cut; nothing known by then is touched.
public enum Alteration: String, CaseIterable, Sendable {
  case noise, missing, reversed, scaled, removed
  /// Only the bar right after the cut is replaced: a leak of one bar is the commonest.
  case nextBar = "next_bar"
}

/// A world as it might have been, had the time after an instant gone differently.
///
/// Of what follows the cut the nearest bars are replaced and the rest is removed: a value that looks
/// further ahead misses what it looked at, and a value that looks nearer finds something else.
struct AlteredFuture {
  /// An instant at which something became known, UTC nanoseconds.
  let cut: Int64
  /// The last nanosecond before something becomes known again: what is used by then must not move.
  let until: Int64
  let alteration: Alteration
  let seed: UInt64

  /// How many bars after the cut are replaced rather than removed.
  static let replacedBars = 64

  func world(of truth: World) -> World {
    var world = truth
    world.frames = truth.frames.map(altered)
    world.universe = truth.universe.map { altered($0, zone: truth.zone) }
    return world
  }

  private func altered(_ whole: Frame) -> Frame {
    let known = cut == .max ? whole.count : whole.knownAt.firstRow(from: cut + 1)
    if alteration == .removed { return whole.slice(0..<known) }
    let frame = whole.slice(0..<min(whole.count, known + Self.replacedBars))
    var altered = frame
    for (position, name) in frame.names.enumerated() {
      guard let column = frame[name] else { continue }
      var random = RandomStream(seed: seed, purpose: "alteration").split(position)
      altered = altered.adding(replaced(column, from: known, &random), as: name)
    }
    return altered
  }

  private func replaced(
    _ column: Column<Double>, from first: Int, _ random: inout RandomStream
  ) -> Column<Double> {
    Column(count: column.count) { out in
      _ = column.withUnsafeValues { values in
        out[..<first].initialize(fromContentsOf: values[..<first])
      }
      for row in first..<column.count {
        let value = column[row]
        let replacement =
          switch alteration {
          case .noise: value * (0.5 + random.uniform()) + random.uniform()
          case .missing, .removed: Double.nan
          case .reversed: column[column.count - 1 + first - row]
          case .scaled: value * 1024
          case .nextBar: row == first ? value * (1.5 + random.uniform()) + 1 : value
          }
        out.initializeElement(at: row, to: replacement)
      }
    }
  }

  /// Changes of membership after the cut's day do not happen; or, as noise, every symbol's happens on
  /// the very next day.
  private func altered(_ universe: Universe, zone: Zone) -> Universe {
    let today = zone.date(at: Timestamp(nanoseconds: cut))
    let tomorrow = today.advanced(by: 1)
    var spans: [Universe.Span] = []
    for symbol in universe.symbols {
      var isMember = false
      for span in universe.spans(of: symbol) where span.first <= today {
        isMember = span.contains(today)
        let end = isMember ? (alteration == .noise ? tomorrow : nil) : span.end
        spans.append(Universe.Span(symbol: symbol, first: span.first, end: end))
      }
      if alteration == .noise, !isMember {
        spans.append(Universe.Span(symbol: symbol, first: tomorrow, end: nil))
      }
    }
    // Spans cut short neither overlap nor end before they begin, as the whole ones did not.
    do { return try Universe(name: universe.name, spans: spans) } catch { return universe }
  }
}
