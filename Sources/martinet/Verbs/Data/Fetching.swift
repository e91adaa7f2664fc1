import Market
import MarketData
import Runtime
import Synchronization

/// Fetches series one after the other, shows how far it is, and says what came of each.
struct Fetching {
  let invocation: Invocation
  let store: any BarStore
  let base: String?

  private var console: Console { invocation.console }

  /// A failure of one series does not stop the others.
  func run(_ series: [(key: SeriesKey, days: TimeRange)], verb: String) throws -> [FetchOutcome] {
    let settings = try SettingsFiles.load(for: invocation).value.sources
    let progress = FetchProgress(
      verb, total: series.count, console: console,
      isQuiet: invocation.isQuiet || invocation.wantsJSON)
    var sources: [String: any BarSource] = [:]
    for name in Set(series.map(\.key.source)) {
      sources[name] = try settings.source(
        name, base: base, environment: processEnvironment(), watch: progress.watch)
    }
    var outcomes: [FetchOutcome] = []
    for (key, days) in series {
      guard let source = sources[key.source] else { continue }
      progress.begin(key)
      let fetch = SeriesFetch(source: source, store: store)
      let outcome = try Blocking.wait { await fetch.run(key, days: days) }
      progress.end()
      if invocation.wantsJSON { console.output.write(outcome.json.text() + "\n") }
      outcomes.append(outcome)
    }
    progress.finish()
    return outcomes
  }

  /// The outcomes as a table, and what a person has to know about them.
  func show(_ outcomes: [FetchOutcome]) {
    var table = Table([
      .words("symbol"), .words("interval", importance: 3), .words("source", importance: 1),
      .numbers("added", importance: 5), .numbers("revised", importance: 4),
      .numbers("unchanged", importance: 2), .words("first", importance: 2),
      .words("last", importance: 3), .words("status"),
    ])
    for outcome in outcomes {
      table.add([
        .init(outcome.key.symbol.text), .init("\(outcome.key.interval)"),
        .init(outcome.key.source), .init(NumberText.count(outcome.counts.added)),
        .init(NumberText.count(outcome.counts.revised)),
        .init(NumberText.count(outcome.counts.unchanged)),
        .init(outcome.span.map { "\($0.lowerBound.utcDate)" } ?? "-"),
        .init(outcome.span.map { "\($0.upperBound.utcDate)" } ?? "-"),
        .init(outcome.status.rawValue.replacing("_", with: " ")),
      ])
    }
    console.print(table.text(for: console.traits))
    for outcome in outcomes {
      for note in outcome.notes {
        console.note("\(outcome.key.symbol): \(note.count) rows \(note.words)")
      }
      if let failure = outcome.failure { console.show(failure, asJSON: false) }
    }
  }
}

/// The line of progress: which series, how many are done, how fast, and how much may be asked for.
private final class FetchProgress: Sendable {
  private struct State {
    var done = 0
    var series = ""
    var left: Int?
  }
  private let verb: String
  private let meter: ProgressMeter
  private let state = Mutex(State())

  init(_ verb: String, total: Int, console: Console, isQuiet: Bool) {
    self.verb = verb
    meter = ProgressMeter(verb, total: total, on: console, isQuiet: isQuiet)
  }

  var watch: @Sendable (Int?) -> Void {
    { [self] left in
      state.withLock { $0.left = left }
      show()
    }
  }

  func begin(_ key: SeriesKey) {
    state.withLock { $0.series = "\(key.symbol) \(key.interval)" }
    show()
  }

  func end() {
    state.withLock { $0.done += 1 }
    show()
  }

  func finish() { meter.finish() }

  private func show() {
    let now = state.withLock { $0 }
    let left = now.left.map { ", \($0) requests left" } ?? ""
    meter.update(done: now.done, label: "\(verb) \(now.series)\(left)")
  }
}
