import Features
import Market
import Runtime

/// The rules of all series of a run, as far as their bars are known.
struct RuleStreams {
  private var live: LiveExpressions?
  /// Bars that were taken, by series.
  private var taken: [Int] = []

  /// With the bars that are known already.
  init(_ rules: Rules, _ desk: inout Desk) {
    taken = Array(repeating: 0, count: desk.histories.count)
    do throws(FeatureError) {
      let symbols = desk.histories.map { desk.account.table[$0.instrument].symbol }
      live = try LiveExpressions(rules.expressions.map(\.read), symbols: symbols)
    } catch {
      stop(&desk, rules, error)
    }
    follow(rules, &desk)
  }

  init() {}

  /// Takes what became known since, instant by instant. The first bar of an instant brings those of all
  /// series: they are known by then.
  mutating func follow(_ series: SeriesID, _ rules: Rules, _ desk: inout Desk) {
    guard taken[series.place] < desk.histories[series.place].count else { return }
    follow(rules, &desk)
  }

  private mutating func follow(_ rules: Rules, _ desk: inout Desk) {
    do throws(FeatureError) {
      while let instant = nextInstant(desk.histories) {
        for place in taken.indices {
          while let bar = next(place, desk.histories), bar.knownAt == instant {
            try live?.update(bar, of: place)
            taken[place] += 1
          }
        }
        live?.endInstant()
      }
    } catch {
      stop(&desk, rules, error)
    }
  }

  private func next(_ place: Int, _ histories: [BarHistory]) -> Bar? {
    taken[place] < histories[place].count ? histories[place].bar(taken[place]) : nil
  }

  private func nextInstant(_ histories: [BarHistory]) -> Timestamp? {
    var least: Timestamp?
    for place in taken.indices {
      guard let bar = next(place, histories) else { continue }
      least = min(least ?? bar.knownAt, bar.knownAt)
    }
    return least
  }

  private func stop(_ desk: inout Desk, _ rules: Rules, _ error: FeatureError) {
    let diagnosis = error.diagnosis
    desk.stop(StrategyFailure(rules.source.file, diagnosis.finding, diagnosis.remedy))
  }

  /// Of a series' last bar.
  subscript(series: Int, output: Int) -> Double { live?[series, output] ?? .nan }
}
