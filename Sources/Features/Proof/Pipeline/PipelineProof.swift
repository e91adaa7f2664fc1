import Market
import Numerics
import Runtime

/// The proof of everything between bars and a model: labels, weights, scalers, splits, joins, flags.
public enum PipelineProof {
  /// What was tried, and what came of it.
  public struct Part: Sendable {
    public let name: String
    public let verdict: LookAheadVerdict

    package init(name: String, verdict: LookAheadVerdict) {
      self.name = name
      self.verdict = verdict
    }
  }

  /// Tries the parts on the bars given, each with as many cuts drawn by chance as wanted.
  ///
  /// - Parameters:
  ///   - features: what stands for the features of a training set.
  ///   - calendar: whose sessions longer bars are made of; without one no join is tried.
  public static func run(
    frames: [Frame], features: [any Feature] = Catalogue.starter,
    calendar: TradingCalendar? = .nyse,
    cuts: Int = 16, seed: UInt64 = 1
  ) throws -> [Part] {
    var parts: [Part] = []
    func prove(_ name: String, _ subject: Computation, _ world: World, at: [Int64] = []) throws {
      let drawn = LookAheadProof.drawnCuts(in: world, count: cuts, seed: seed)
      let verdict = try LookAheadProof.run(
        subject, on: world, cuts: Set(drawn + at).sorted(), seed: seed)
      parts.append(Part(name: name, verdict: verdict))
    }
    let world = World(frames)
    for label in try labels() { try prove("label \(label.name)", .label(label), world) }
    for frame in frames {
      for (name, subject, at) in try training(frame, features) {
        try prove("\(name), \(frame.symbol)", subject, World([frame]), at: at)
      }
      if let calendar, frame.interval < .week {
        let window = try ForecastWindow(
          past: 10, ahead: 5, features: Catalogue.starter + CalendarFeatures.all, calendar: calendar
        )
        let rows = (1...8).map { $0 * (frame.count - 1) / 8 }
        try prove(
          "windows, \(frame.symbol)", .windows(window, rows: rows), World([frame]),
          at: rows.dropLast().map { frame.knownAt[$0] })
      }
    }
    if let calendar, let coarse = coarser(than: frames.map(\.interval).max()) {
      try prove("join of \(coarse)", .joined(to: coarse, calendar: calendar), world)
    }
    let symbols = frames.map(\.symbol)
    try prove("panel", .panel(symbols: symbols), world)
    try prove("tradability", .tradability(symbols: symbols), try withUniverse(world))
    return parts
  }

  private static func labels() throws(LabelError) -> [any Label] {
    [
      try ForwardReturn(horizon: 5, band: .fixed(0.01)),
      try ForwardReturn(horizon: 20, band: .volatility(multiple: 0.5, lookBack: 20)),
      try ForwardReturn(horizon: 5),
      try TripleBarrier(horizon: 20, above: 1, below: 1),
    ]
  }

  /// Training parts of every kind of split, and the scales learned from the first.
  private static func training(
    _ frame: Frame, _ features: [any Feature]
  ) throws -> [(String, Computation, [Int64])] {
    let label = try ForwardReturn(horizon: 20, band: .volatility(multiple: 0.5, lookBack: 20))
    let times = SampleTimes(frame, try label.column(over: frame))
    var subjects: [(String, Computation, [Int64])] = []
    let fold = try ChronologicalSplit.standard.fold(of: times)
    let part = TrainingPart(fold, of: frame, label: label)
    subjects.append(("training 70/15/15", .training(features, part), [part.begins]))
    for scaling in Scaling.allCases {
      subjects.append(
        ("scaler \(scaling.rawValue)", .scaled(features, scaling, part), [part.begins]))
    }
    subjects.append(
      ("weights", .weights(label, trainingEnds: part.begins), [part.begins]))
    let quarter = frame.count / 4
    let rolling = try WalkForwardSplit(.rolling, train: quarter, test: quarter)
    let further = [
      ("", try rolling.folds(of: times)),
      ("purged ", try PurgedKFold(folds: 4).folds(of: times)),
      ("combinatorial ", try CombinatorialPurged(groups: 4, testGroups: 2).folds(of: times)),
    ]
    for (kind, folds) in further {
      for fold in folds {
        let part = TrainingPart(fold, of: frame, label: label)
        subjects.append(("training \(kind)\(fold.name)", .training(features, part), part.cuts))
      }
    }
    return subjects
  }

  private static func coarser(than interval: BarInterval?) -> BarInterval? {
    switch interval?.unit {
    case .second, .minute: .hour
    case .hour: .day
    case .day: .week
    case .week, nil: nil
    }
  }

  /// A universe in which every second symbol leaves half way and comes back after three quarters.
  private static func withUniverse(_ world: World) throws(UniverseError) -> World {
    let instants = world.instants
    func day(_ share: Double) -> CivilDate {
      let place = min(instants.count - 1, Int(share * Double(instants.count)))
      return world.zone.date(at: Timestamp(nanoseconds: instants[place]))
    }
    var spans: [Universe.Span] = []
    for (index, frame) in world.frames.enumerated() {
      let leaves = index.isMultiple(of: 2) && day(0.5) > day(0)
      spans.append(.init(symbol: frame.symbol, first: day(0), end: leaves ? day(0.5) : nil))
      if leaves, day(0.75) > day(0.5) {
        spans.append(.init(symbol: frame.symbol, first: day(0.75), end: nil))
      }
    }
    var changed = world
    changed.universe = try Universe(name: "made up", spans: spans)
    return changed
  }
}
