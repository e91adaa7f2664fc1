import Market
import MarketData
import Runtime

/// Changes bars as it is told, under a new name, and keeps what undoes it.
let dataCleanVerb = Verb(
  "clean", summary: "Mend bars under a new name, with a sidecar that undoes it exactly",
  discussion: """
    The bars as they are stay where they are. The cleaned ones are written as a source of their own, \
    SOURCE_clean unless --as names another, and beside them a sidecar that says what was changed and \
    can undo it bit for bit. Steps are taken in this order: regular hours, drop, fill, winsorise, adjust.

    Only what is asked for is done, and what each step changed is printed.
    """,
  flags: CleanFlags.all,
  examples: [
    .init(
      "martinet data clean --from sqlite:market.db --drop --fill 2",
      "Drop faulty bars, fill short holes."),
    .init(
      "martinet data clean --from sqlite:market.db --symbols AAPL --adjust splits --factors factor_files",
      "Prices as traded, adjusted for the splits known today."),
    .init("martinet data clean --undo cleaning/AAPL_1d_lean_clean.json", "Back to what it was."),
  ]
) { invocation in
  if let sidecar = try invocation[CleanFlags.undo] {
    try CleanOutput.print(Undoing.run(sidecar, invocation), invocation)
    return .done
  }
  let steps = try CleanFlags.steps(invocation)
  guard !steps.isEmpty else { throw CleanError.noSteps }
  let results = try Cleaning.run(steps, invocation)
  CleanOutput.print(results, invocation)
  return .done
}

enum CleanFlags {
  static let to: Flag<StoreAddress?> = .optional(
    "to", .storeAddress, metavariable: "STORE",
    help: "Where to write; the store read, if not given.")
  static let name: Flag<String?> = .optional(
    "as", .text, metavariable: "NAME",
    help: "Source name of the cleaned bars; SOURCE_clean if not given.")
  static let sidecars: Flag<String> = .value(
    "sidecars", .text, metavariable: "FOLDER", default: "cleaning",
    help: "Where to put what undoes it.")
  static let undo: Flag<String?> = .optional(
    "undo", .text, metavariable: "SIDECAR", help: "Undo what this sidecar was written for.")
  static let regularHours: Flag<Bool> = .toggle(
    "regular-hours", help: "Leave out bars outside the regular session.")
  static let drop: Flag<Bool> = .toggle(
    "drop", help: "Leave out bars without usable prices, or on closed days.")
  static let fill: Flag<Int?> = .optional(
    "fill", .integer(in: 1...1000), metavariable: "BARS",
    help: "Carry the last close into holes, this many bars at most.")
  static let winsorise: Flag<Double?> = .optional(
    "winsorise", aliases: ["winsorize"], .number(in: 1...100, example: "5"),
    metavariable: "DEVIATIONS",
    help: "Bring prices that nobody else saw back to so many deviations.")
  static let adjust: Flag<String?> = .optional(
    "adjust", .oneOf(["splits", "splits_and_dividends"]), metavariable: "FOR",
    help: "Adjust prices as traded.")
  static let unadjust: Flag<String?> = .optional(
    "unadjust", .oneOf(["splits", "splits_and_dividends"]), metavariable: "FOR",
    help: "Make prices as they were traded of adjusted ones.")
  static let asOf: Flag<CivilDate?> = .optional(
    "as-of", .day, metavariable: "DAY",
    help: "Adjust by what was known at that day's end; today if not given.")

  static let all: [any AnyFlag] =
    CheckFlags.ofSeries + [
      to, name, sidecars, undo, regularHours, drop, fill, winsorise, adjust, unadjust, asOf,
      SettingsFiles.environment,
    ]

  static func steps(_ invocation: Invocation) throws -> [CleaningStep] {
    let known =
      try invocation[asOf].map { try Timestamp(startOf: $0.adding(days: 1)) } ?? SystemTime().now
    var steps: [CleaningStep] = []
    if try invocation[regularHours] { steps.append(.regularHours) }
    if try invocation[drop] { steps.append(.drop) }
    if let limit = try invocation[fill] { steps.append(.fill(limit: limit)) }
    if let deviations = try invocation[winsorise] {
      steps.append(.winsorise(deviations: deviations))
    }
    if let kind = try invocation[unadjust] {
      steps.append(.unadjust(dividends: kind != "splits", asOf: known))
    }
    if let kind = try invocation[adjust] {
      steps.append(.adjust(dividends: kind != "splits", asOf: known))
    }
    return steps
  }
}

extension Reading<CivilDate> {
  static var day: Self {
    Reading(expecting: "a day", example: "2024-06-30") { text in try CivilDate(parsing: text) }
  }
}

/// What became of one series.
struct CleanResult {
  var key: SeriesKey
  var cleaned: SeriesKey
  var counts: [CleaningCount]
  /// `nil` where nothing had to be changed, and nothing was written.
  var sidecar: String?
}

enum Cleaning {
  static func run(_ steps: [CleaningStep], _ invocation: Invocation) throws -> [CleanResult] {
    let thresholds = try SettingsFiles.load(for: invocation).value.quality.training
    let (set, place) = try CheckedSet.load(invocation)
    let target = try target(invocation)
    let store = try target.open()
    let folder = try invocation[CleanFlags.sidecars]
    let present = Set(try store.series().map(\.key))
    let named = try invocation[CleanFlags.name]
    var results: [CleanResult] = []
    for member in set.members {
      let key = SeriesKey(
        symbol: member.batch.symbol, interval: member.batch.interval, source: member.source)
      let cleaned = SeriesKey(
        symbol: key.symbol, interval: key.interval, source: named ?? key.source + "_clean")
      guard cleaned.source != key.source, !present.contains(cleaned) else {
        throw CleanError.nameTaken(series: cleaned.description, place: place)
      }
      results.append(
        try clean(
          member, steps, by: thresholds, from: key, to: cleaned, in: store, sidecars: folder))
    }
    return results
  }

  private static func target(_ invocation: Invocation) throws -> StoreAddress {
    if let to = try invocation[CleanFlags.to] { return to }
    return try invocation[CheckFlags.from] ?? .standard
  }

  private static func clean(
    _ member: CheckedSet.Member, _ steps: [CleaningStep], by thresholds: QualityThresholds,
    from key: SeriesKey,
    to cleaned: SeriesKey, in store: any BarStore, sidecars folder: String
  ) throws -> CleanResult {
    let context = QualityContext(
      calendar: member.calendar, zone: try member.zone, adjustment: member.declaration.adjustment,
      actions: member.actions, thresholds: thresholds)
    let result = try Cleaner(steps, in: context).clean(member.batch)
    guard !result.changes.isNothing else {
      return CleanResult(key: key, cleaned: cleaned, counts: result.counts, sidecar: nil)
    }
    let now = SystemTime().now
    let sidecar = Sidecar(
      of: result, raw: member.batch, source: key.source, cleanedSource: cleaned.source,
      declaration: member.declaration, madeAt: now)
    try UserFolder.makeFolder(folder)
    let path = "\(folder)/\(fileName(cleaned)).json"
    // The way back is on the disk before there is anything to come back from.
    try AtomicFile.write(sidecar.json(), to: path)
    var declaration = member.declaration
    declaration.adjustment = result.adjustment
    try store.declare(cleaned, as: declaration)
    _ = try store.write(result.bars, to: cleaned, recordedAt: now)
    return CleanResult(key: key, cleaned: cleaned, counts: result.counts, sidecar: path)
  }

  /// Symbols may have marks in them that would be folders.
  private static func fileName(_ key: SeriesKey) -> String {
    "\(key.symbol)_\(key.interval)_\(key.source)".split(separator: "/").joined(separator: "-")
  }
}

enum Undoing {
  /// What was undone, in words.
  struct Result {
    var key: SeriesKey
    var bars: Int
    /// The bars were there already, exactly so.
    var wasThere: Bool
  }

  /// Makes the bars as they were of the cleaned ones; they are written only where they are not there.
  static func run(_ path: String, _ invocation: Invocation) throws -> Result {
    let sidecar = try Sidecar(SmallFile.read(path, bytesMax: 1 << 30), path: path)
    let from = try invocation[CheckFlags.from] ?? .standard
    let source = try from.open(creating: false)
    let cleaned = SeriesKey(
      symbol: sidecar.symbol, interval: sidecar.interval, source: sidecar.cleanedSource)
    let raw = try sidecar.undo(source.bars(BarQuery(cleaned)).bars, path: path)
    let key = SeriesKey(
      symbol: sidecar.symbol, interval: sidecar.interval, source: sidecar.source)
    let store = try (try invocation[CleanFlags.to] ?? from).open()
    if try store.series().contains(where: { $0.key == key }) {
      guard try store.bars(BarQuery(key)).bars.fingerprint == raw.fingerprint else {
        throw CleanError.rawDiffers(series: key.description)
      }
      return Result(key: key, bars: raw.count, wasThere: true)
    }
    try store.declare(key, as: sidecar.declaration)
    _ = try store.write(raw, to: key, recordedAt: SystemTime().now)
    return Result(key: key, bars: raw.count, wasThere: false)
  }
}

enum CleanOutput {
  static func print(_ results: [CleanResult], _ invocation: Invocation) {
    let console = invocation.console
    if invocation.wantsJSON {
      for result in results { console.output.write(result.json.text() + "\n") }
      return
    }
    var table = Table([
      .words("series"), .words("step", importance: 2), .numbers("dropped"), .numbers("inserted"),
      .numbers("changed"), .words("now", importance: 1),
    ])
    for result in results {
      for count in result.counts {
        table.add([
          .init(result.key.description), .init(count.step.description),
          .init(NumberText.count(count.dropped)), .init(NumberText.count(count.inserted)),
          .init(NumberText.count(count.changed)),
          .init(result.sidecar == nil ? "as it was" : result.cleaned.source),
        ])
      }
    }
    console.print(table.text(for: console.traits) + "\n")
    let written = results.compactMap(\.sidecar)
    if let first = written.first {
      console.printResult(
        written.count == 1 ? "sidecar" : "sidecars",
        at: written.count == 1 ? first : "\(written.count)",
        next:
          "martinet data check --source \(results.first { $0.sidecar != nil }?.cleaned.source ?? "")"
      )
    } else {
      console.print("nothing had to be changed, and nothing was written")
    }
  }

  static func print(_ result: Undoing.Result, _ invocation: Invocation) {
    let console = invocation.console
    if invocation.wantsJSON {
      console.print([
        "symbol": JSON(result.key.symbol.text), "interval": JSON(result.key.interval.description),
        "source": JSON(result.key.source), "bars": JSON(result.bars),
        "status": JSON(result.wasThere ? "unchanged" : "restored"),
      ])
      return
    }
    console.print(
      "\(result.key): \(NumberText.count(result.bars)) bars "
        + (result.wasThere ? "are there, bit for bit as they were" : "restored, bit for bit"))
  }
}

extension CleanResult {
  fileprivate var json: JSON {
    [
      "symbol": JSON(key.symbol.text), "interval": JSON(key.interval.description),
      "source": JSON(key.source),
      "cleaned_source": JSON(sidecar == nil ? nil : cleaned.source), "sidecar": JSON(sidecar),
      "steps": JSON(
        counts.map { count -> JSON in
          [
            "step": JSON(count.step.description), "dropped": JSON(count.dropped),
            "inserted": JSON(count.inserted), "changed": JSON(count.changed),
          ]
        }),
    ]
  }
}

enum CleanError: DiagnosedError {
  case noSteps
  case nameTaken(series: String, place: String)
  case rawDiffers(series: String)

  var diagnosis: Diagnosis {
    switch self {
    case .noSteps:
      Diagnosis(
        place: "data clean", finding: "nothing was asked for",
        remedy:
          "name what to do: --regular-hours, --drop, --fill, --winsorise, --adjust or --unadjust",
        exitCode: .wrongUsage)
    case .nameTaken(let series, let place):
      Diagnosis(
        place: place, finding: "\(series) is there already, and is not written over",
        remedy: "choose another name with --as NAME", exitCode: .refused)
    case .rawDiffers(let series):
      Diagnosis(
        place: series, finding: "the bars stored there are others than those that were cleaned",
        remedy: "write the restored ones to another store with --to", exitCode: .refused)
    }
  }
}
