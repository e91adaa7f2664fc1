import Glibc
import Market
import MarketData
import Runtime

/// The series that a verb was asked to look at, with what is known about them.
struct CheckedSet {
  struct Member {
    var batch: BarBatch
    var source: String
    var declaration: BarDeclaration
    var actions: [CorporateAction]
    /// The same series from the source to compare with.
    var other: BarBatch?
  }

  var members: [Member]
  var against: String?

  /// The series of a store, or of a folder with `--data`; and what to call the place.
  static func load(_ invocation: Invocation) throws -> (set: CheckedSet, place: String) {
    let symbols = Set(try invocation[DataFlags.symbols])
    let interval = try invocation[DataFlags.interval]
    let against = try invocation[CheckFlags.against]
    var set: CheckedSet
    let place: String
    if let folder = try invocation[CheckFlags.data] {
      guard try invocation[CheckFlags.from] == nil else { throw CheckError.twoPlaces }
      set = try ofFolder(folder, symbols: symbols, interval: interval, against: against)
      place = folder
    } else {
      let address = try invocation[CheckFlags.from] ?? .standard
      set = try ofStore(
        address.open(creating: false), symbols: symbols, interval: interval,
        source: try invocation[CheckFlags.source], against: against)
      place = address.description
    }
    for symbol in symbols.sorted() where !set.members.contains(where: { $0.batch.symbol == symbol })
    {
      throw CheckError.unknown(symbol: symbol, place: place)
    }
    guard !set.members.isEmpty else { throw CheckError.nothing(place: place) }
    if let factors = try invocation[CheckFlags.factors] { try set.addFactors(of: factors) }
    return (set, place)
  }

  static func ofFolder(
    _ path: String, symbols: Set<Symbol>, interval: BarInterval? = nil, against: String? = nil
  ) throws -> CheckedSet {
    let folder = try DataFolder(path: path)
    let other = try against.map { try DataFolder(path: $0) }
    var members: [Member] = []
    for symbol in folder.symbols where symbols.isEmpty || symbols.contains(symbol) {
      let (bars, declaration) = try folder.unchecked(symbol)
      guard interval == nil || bars.interval == interval else { continue }
      let second = try other.flatMap { other in
        other.symbols.contains(symbol) ? try other.unchecked(symbol).bars : nil
      }
      members.append(
        Member(
          batch: bars, source: declaration.source ?? path, declaration: declaration, actions: [],
          other: second))
    }
    return CheckedSet(members: members, against: against)
  }

  private static func ofStore(
    _ store: any BarStore, symbols: Set<Symbol>, interval: BarInterval?, source: String?,
    against: String?
  ) throws -> CheckedSet {
    let all = try store.series()
    if let against, !all.contains(where: { $0.key.source == against }) {
      throw CheckError.unknownSource(
        name: against, known: Array(Set(all.map(\.key.source))).sorted())
    }
    let wanted = all.filter { summary in
      let key = summary.key
      return (symbols.isEmpty || symbols.contains(key.symbol))
        && (interval == nil || key.interval == interval)
        && (source == nil || key.source == source) && (source != nil || key.source != against)
    }
    let members = try wanted.map { summary in
      let key = summary.key
      let second = try against.flatMap { name in
        let other = SeriesKey(symbol: key.symbol, interval: key.interval, source: name)
        return all.contains { $0.key == other } ? try store.bars(BarQuery(other)).bars : nil
      }
      return Member(
        batch: try store.bars(BarQuery(key)).bars, source: key.source,
        declaration: summary.declaration, actions: try store.actions(of: key.symbol), other: second)
    }
    return CheckedSet(members: members, against: against)
  }

  /// Adds the events of `aapl.csv` and the like; a symbol without such a file has none there.
  private mutating func addFactors(of folder: String) throws {
    guard access(folder, R_OK) == 0 else { throw CheckError.noFactors(folder: folder) }
    for index in members.indices {
      let symbol = members[index].batch.symbol
      let names = [symbol.text.lowercased(), symbol.text].map { "\(folder)/\($0).csv" }
      guard let path = names.first(where: { access($0, R_OK) == 0 }) else { continue }
      guard let calendar = members[index].calendar else { continue }
      members[index].actions += try FactorFile(path: path).actions(of: symbol, calendar: calendar)
    }
  }

  /// Every series with its findings.
  func checked(by thresholds: QualityThresholds, now: Timestamp) throws -> [CheckedSeries] {
    let peers = try peerMoves()
    return try members.map { member in
      let context = QualityContext(
        calendar: member.calendar, zone: try member.zone, adjustment: member.declaration.adjustment,
        actions: member.actions, peers: peers[member.kind] ?? PeerMoves(), now: now,
        thresholds: thresholds)
      var findings = Quality.check(member.batch, in: context)
      if let other = member.other, let against {
        findings += CrossSource.findings(
          of: member.batch, against: other, named: against, in: context)
      }
      return CheckedSeries(member.batch, source: member.source, in: context, findings: findings)
    }
  }

  /// Of series of one length and source: the others' crash explains one here.
  private func peerMoves() throws -> [String: PeerMoves] {
    try Dictionary(grouping: members, by: \.kind).compactMapValues { peers in
      guard let first = peers.first else { return nil }
      return PeerMoves(peers.map(\.batch), calendar: first.calendar, zone: try first.zone)
    }
  }
}

extension CheckedSet.Member {
  var zone: Zone {
    get throws { try Zone(named: declaration.zone ?? Zone.newYork.name) }
  }

  var kind: String {
    "\(batch.interval) \(source) \(declaration.zone ?? "") \(declaration.calendar ?? "")"
  }

  var calendar: TradingCalendar? { declaration.sessions }
}

/// What is wrong with the choice of series.
enum CheckError: DiagnosedError {
  case twoPlaces
  case nothing(place: String)
  case unknown(symbol: Symbol, place: String)
  case unknownSource(name: String, known: [String])
  case noFactors(folder: String)

  var diagnosis: Diagnosis {
    switch self {
    case .twoPlaces:
      Diagnosis(
        place: "--data", finding: "a store was named too, with --from",
        remedy: "name one of the two", exitCode: .wrongUsage)
    case .nothing(let place):
      Diagnosis(
        place: place, finding: "there are no bars of that kind",
        remedy: "see what there is: martinet data list --from STORE")
    case .unknown(let symbol, let place):
      Diagnosis(
        place: place, finding: "there are no bars of \(symbol)",
        remedy: "see what there is: martinet data list --from STORE", exitCode: .wrongUsage)
    case .unknownSource(let name, let known):
      Diagnosis(
        place: "--against \(Excerpt.quoted(name))", finding: "the store has no such source",
        remedy: "choose one of: \(known.joined(separator: ", "))", exitCode: .wrongUsage)
    case .noFactors(let folder):
      Diagnosis(
        place: folder, finding: "this folder cannot be read",
        remedy: "name one with files such as aapl.csv, as LEAN has them", exitCode: .wrongUsage)
    }
  }
}
