import Market
import Numerics
import Runtime

/// An account on paper in a folder: what it is a function of (settings, strategy, the market as it was
/// seen, acts of operators), and the journal that came of it.
public struct PaperFolder: Sendable {
  public let path: String
  public let recipe: StrategyRecipe
  public let settings: BacktestSettings
  public let venue: PaperVenue
  public let symbols: [Symbol]
  public let interval: BarInterval
  /// Sessions after which it is judged.
  public let trialSessions: Int
  let startedAt: Timestamp
  /// Of the program that began it.
  let code: String
  let histories: [BarHistory]

  private static let parts = (
    account: "paper.json", histories: "history.bin", artefact: "artefact.json", stop: "stop",
    model: "model"
  )

  /// Whether an account was begun in a folder.
  public static func isBegun(_ path: String) -> Bool {
    do throws(FileError) {
      return try Folder.names(in: path).contains(parts.account)
    } catch {
      return false
    }
  }

  /// Begins an account: bars before the days asked for serve as history.
  public static func begin(
    at path: String, frames: [Frame], recipe: StrategyRecipe, settings: BacktestSettings,
    venue: PaperVenue = PaperVenue(), trialSessions: Int
  ) throws(PaperError) {
    let market: BacktestMarket
    var settings = settings
    settings.limits = settings.limits.watching(frames.first?.interval ?? .day)
    do throws(BacktestError) {
      try settings.check()
      guard settings.actions.isEmpty, settings.notices.isEmpty else {
        throw .contradiction(
          "venue",
          finding: "an account on paper hears of bars alone, not of splits, dividends or halts",
          remedy: "leave out --actions and --notices, and let it trade prices adjusted for splits")
      }
      market = try BacktestMarket(frames, settings)
      _ = try venue.venue(market.table, settings)
    } catch {
      throw .backtest(error)
    }
    let json: JSON = [
      "format": JSON(RecordedRun.format), "program": JSON(Version.number), "strategy": recipe.json,
      "settings": settings.json, "venue": venue.json,
      "symbols": JSON(frames.map { JSON($0.symbol.text) }),
      "interval": JSON(frames[0].interval.description), "trial_sessions": JSON(trialSessions),
      "started_ns": JSON(market.startedAt.nanoseconds),
    ]
    do throws(FileError) {
      try Folder.make(path)
      try AtomicFile.write(
        RecordedRun.bytes(of: market.histories), to: "\(path)/\(parts.histories)")
      if case .linear(let model) = recipe {
        try AtomicFile.write(model.json.text(), to: "\(path)/\(parts.artefact)")
      }
      if case .model(let source) = recipe { try source.copy(to: "\(path)/\(parts.model)") }
      // Last: an account is begun once this is there.
      try AtomicFile.write(json.text(pretty: true) + "\n", to: "\(path)/\(parts.account)")
    } catch {
      throw .file(error)
    }
  }

  public init(at path: String) throws(PaperError) {
    self.path = path
    let name = Self.parts.account
    guard Self.isBegun(path) else { throw .notBegun(path) }
    let json: JSON
    do {
      json = try JSON(parsing: SmallFile.read("\(path)/\(name)", bytesMax: 1 << 24), source: name)
    } catch let error as FileError {
      throw .file(error)
    } catch {
      throw .malformed(name, "JSON")
    }
    do throws(RecordingError) {
      settings = try BacktestSettings(json["settings"])
      recipe = try StrategyRecipe(json["strategy"], modelFolder: "\(path)/\(Self.parts.model)") {
        () throws(RecordingError) in
        let bytes: [UInt8]
        do throws(FileError) {
          bytes = try SmallFile.read("\(path)/\(Self.parts.artefact)", bytesMax: 1 << 24)
        } catch {
          throw .file(error)
        }
        return try LinearModel(parsing: bytes, source: Self.parts.artefact)
      }
    } catch {
      throw .recording(error)
    }
    guard let venue = PaperVenue(json["venue"]) else {
      throw .malformed(name, "delay_ns, half_spread_bps and commission_bps of its venue")
    }
    self.venue = venue
    let names = json["symbols"]?.elements?.compactMap { $0.string.flatMap { Symbol($0) } } ?? []
    guard !names.isEmpty, let start = json["started_ns"]?.whole,
      let trial = json["trial_sessions"]?.whole, let code = json["program"]?.string,
      let interval = json["interval"]?.string
    else { throw .malformed(name, "symbols, interval, trial_sessions, started_ns and program") }
    (symbols, startedAt) = (names, Timestamp(nanoseconds: start))
    (trialSessions, self.code) = (Int(trial), code)
    do { self.interval = try BarInterval(parsing: interval) } catch {
      throw .malformed(name, "the length of a bar in interval")
    }
    do {
      histories = try RecordedRun.histories(
        from: SmallFile.read("\(path)/\(Self.parts.histories)", bytesMax: .max),
        format: json["format"]?.whole ?? 1)
    } catch let error as FileError {
      throw .file(error)
    } catch {
      throw .malformed(Self.parts.histories, "bars")
    }
  }

  var market: String { path + "/market" }
  var journal: String { path + "/journal" }

  // MARK: Stopping

  /// Asks whoever trades the account to stop after the bar under way.
  public func askToStop() throws(PaperError) {
    do { try AtomicFile.write("stop\n", to: "\(path)/\(Self.parts.stop)") } catch {
      throw .file(error)
    }
  }

  var isAskedToStop: Bool {
    do throws(FileError) {
      return try Folder.names(in: path).contains(Self.parts.stop)
    } catch {
      return true
    }
  }

  func forgetStop() throws(PaperError) {
    guard isAskedToStop else { return }
    do { try Folder.remove("\(path)/\(Self.parts.stop)") } catch { throw .file(error) }
  }

  /// Whether a process trades the account now.
  public var isRunning: Bool {
    do throws(JournalError) {
      _ = try FolderDisk(journal)
      return false
    } catch {
      if case .inUse = error { return true }
      return false
    }
  }
}

extension RiskLimits {
  /// On paper prices always have an age above which nothing is entered.
  func watching(_ interval: BarInterval) -> RiskLimits {
    guard data.oldest == nil else { return self }
    var limits = self
    limits.data.oldest = interval.isIntraday ? interval.length * 2 : .seconds(43_200)
    return limits
  }
}

/// Why an account on paper does not go on.
public enum PaperError: DiagnosedError, Equatable {
  case notBegun(String)
  case otherAccount(String)
  case otherSymbols(missing: [Symbol])
  case malformed(String, String)
  /// What the market led to is not what the journal has.
  case differs(record: Int)
  case marketMissing(record: Int)
  case file(FileError)
  case recording(RecordingError)
  case backtest(BacktestError)
  case engine(EngineError)
  case journal(JournalError)

  public var diagnosis: Diagnosis {
    switch self {
    case .notBegun(let path):
      Diagnosis(
        place: path, finding: "there is no account on paper here",
        remedy: "begin one: martinet paper run --folder \(path)", exitCode: .wrongUsage)
    case .otherAccount(let path):
      Diagnosis(
        place: path, finding: "the account there has another strategy or other settings",
        remedy: "leave out what it was begun with, or choose another folder", exitCode: .wrongUsage)
    case .otherSymbols(let missing):
      Diagnosis(
        place: missing.map(\.text).joined(separator: ", "),
        finding: "the account trades it, and there are no bars of it",
        remedy: "bring its file back into the folder of bars")
    case .malformed(let file, let expected):
      Diagnosis(
        place: file, finding: "it lacks \(expected)", remedy: "restore the file from a copy",
        exitCode: .refused)
    case .differs(let record):
      Diagnosis(
        place: "journal record \(record)",
        finding: "the market and the strategy now lead to another one",
        remedy: "was the account begun with another martinet? go on with that one",
        exitCode: .refused)
    case .marketMissing(let record):
      Diagnosis(
        place: "journal record \(record)", finding: "the bars that led to it are not there",
        remedy: "restore the folder market from a copy", exitCode: .refused)
    case .file(let error): error.diagnosis
    case .recording(let error): error.diagnosis
    case .backtest(let error): error.diagnosis
    case .engine(let error): error.diagnosis
    case .journal(let error): error.diagnosis
    }
  }
}
