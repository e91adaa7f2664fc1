import Evidence
import Glibc
import Market
import Numerics
import Runtime

/// Many settings of one strategy over the same bars, in a folder: what is done is kept there, so that
/// whoever starts the same sweep again goes on with the rest, and several programs share the work.
public struct Sweep: Sendable {
  public let runner: SweepRunner
  /// What was swept over what: the folder belongs to it alone.
  public let configuration: JSON
  public let folder: String
  private let partSize: Int
  private let blocks: BlockSums?
  private let luck: LuckDraws

  static let blockCount = 16

  /// - Parameter data: the bars, which the folder is bound to
  public init(_ runner: SweepRunner, data: TrialData, folder: String) throws(SweepError) {
    self.runner = runner
    self.folder = folder
    configuration = Self.configuration(runner)
    partSize = SweepPart.size(bars: runner.bars)
    do throws(EvidenceError) {
      // Too few bars for blocks leave the probability of overfitting unsaid.
      let hasBlocks = runner.bars >= 2 * Self.blockCount
      blocks = hasBlocks ? try BlockSums(bars: runner.bars, blocks: Self.blockCount) : nil
    } catch { throw .backtest(.evidence(error)) }
    do throws(BacktestError) { luck = try runner.luckDraws(seed: runner.grid.seed) } catch {
      throw .backtest(error)
    }
    try claim(data)
  }

  public var grid: SweepGrid { runner.grid }

  private static func configuration(_ runner: SweepRunner) -> JSON {
    let grid = runner.grid
    let choice =
      switch grid.choice {
      case .all: "all"
      case .random(let count): "\(count) at random, seed \(grid.seed)"
      case .latinHypercube(let count): "\(count) of a Latin hypercube, seed \(grid.seed)"
      }
    var configuration: JSON = [
      "strategy": JSON(grid.strategy), "grid": JSON(grid.text),
      "choice": JSON(choice), "fixed": grid.fixed, "settings": runner.settings.json,
    ]
    if let digest = grid.searched.digest { configuration.append("rules_sha256", JSON(digest)) }
    return configuration
  }

  /// A folder that is this sweep's alone, whose name tells people what it is.
  public static func folderName(
    _ runner: SweepRunner, data: TrialData, under parent: String
  ) -> String {
    let identity = configuration(runner).text() + data.hash
    let names = runner.frames.prefix(3).map(\.symbol.text).joined(separator: "-")
    let strategy = runner.grid.strategy.prefix(40).map { character in
      character.isASCII && (character.isLetter || character.isNumber) ? character : "_"
    }
    return "\(parent)/\(String(strategy))-\(names)-\(SHA256.hash(identity).description.prefix(12))"
  }

  private var parts: Int { (grid.settings.count + partSize - 1) / partSize }
  private func range(_ part: Int) -> Range<Int> {
    part * partSize..<min((part + 1) * partSize, grid.settings.count)
  }

  /// Writes what the folder is for, or finds that it is for this.
  private func claim(_ data: TrialData) throws(SweepError) {
    var wanted = configuration
    wanted.append("data", JSON(data.hash))
    let text = wanted.text(pretty: true) + "\n"
    let path = "\(folder)/sweep.json"
    let found: [UInt8]?
    do throws(FileError) {
      try Folder.make(folder)
      found = try Self.bytes(of: path)
      if found == nil { try AtomicFile.write(text, to: path) }
    } catch { throw .file(error) }
    if let found, !found.elementsEqual(text.utf8) { throw .otherSweep(folder: folder) }
  }

  private static func bytes(of path: String) throws(FileError) -> [UInt8]? {
    do throws(FileError) {
      return try SmallFile.read(path, bytesMax: 1 << 28)
    } catch {
      if case .missing = error { return nil }
      throw error
    }
  }
}

// Running.
extension Sweep {
  /// Runs what nobody has run yet, waits for what others are running, and judges all of it.
  ///
  /// - Parameter progress: is told how many settings are done, of all
  public func run(progress: (Int, Int) -> Void) throws(SweepError) -> SweepResult {
    var done: [Int: SweepPart] = [:]
    while done.count < parts {
      var hasAdvanced = false
      for part in 0..<parts where done[part] == nil {
        guard let finished = try finish(part) else { continue }
        done[part] = finished
        hasAdvanced = true
        progress(done.keys.reduce(0) { $0 + range($1).count }, grid.settings.count)
      }
      // Another program is at the rest; should it die, its locks are free again.
      if !hasAdvanced { usleep(20_000) }
    }
    return try judge((0..<parts).compactMap { done[$0] })
  }

  /// What is kept of a part, or has just been computed; `nil` while another program computes it.
  private func finish(_ part: Int) throws(SweepError) -> SweepPart? {
    let path = "\(folder)/part-\(part).json"
    let computed: Result<SweepPart, BacktestError>
    do throws(FileError) {
      if let kept = try kept(part, at: path) { return kept }
      let lock = try FileDescriptor(path: "\(path).lock", flags: O_RDWR | O_CREAT, mode: 0o644)
      guard try lock.lockIfFree() else { return nil }
      if let kept = try kept(part, at: path) { return kept }
      computed = Result { () throws(BacktestError) in
        try SweepPart(grid.settings[range(part)], runner, luck, blocks: blocks)
      }
      if case .success(let fresh) = computed { try AtomicFile.write(fresh.json.text(), to: path) }
      try Folder.remove("\(path).lock")
    } catch { throw .file(error) }
    do { return try computed.get() } catch { throw .backtest(error) }
  }

  private func kept(_ part: Int, at path: String) throws(FileError) -> SweepPart? {
    guard let bytes = try Self.bytes(of: path) else { return nil }
    // What was damaged is computed again.
    let json: JSON
    do { json = try JSON(parsing: bytes, source: path) } catch { return nil }
    return SweepPart(
      json, settings: range(part).count, blocks: blocks?.blocks ?? 0,
      draws: luck.greatest.count)
  }

  private func judge(_ parts: [SweepPart]) throws(SweepError) -> SweepResult {
    var (luck, blocks) = (luck, blocks)
    for part in parts {
      luck.merge(trials: part.outcomes.count, greatest: part.greatest)
      blocks?.add(sums: part.sums, squares: part.squares)
    }
    do throws(BacktestError) {
      return try SweepResult(
        runner, outcomes: parts.flatMap(\.outcomes), effective: luck.effectiveTrials, blocks)
    } catch { throw .backtest(error) }
  }
}

/// Why a sweep does not end.
public enum SweepError: DiagnosedError, Equatable {
  case backtest(BacktestError)
  case file(FileError)
  case otherSweep(folder: String)

  public var diagnosis: Diagnosis {
    switch self {
    case .backtest(let error): error.diagnosis
    case .file(let error): error.diagnosis
    case .otherSweep(let folder):
      Diagnosis(
        place: folder, finding: "another sweep, or one over other bars, is kept in this folder",
        remedy: "choose another folder with --out, or remove this one", exitCode: .refused)
    }
  }
}
