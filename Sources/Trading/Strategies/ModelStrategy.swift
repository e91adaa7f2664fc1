import Features
import Learning
import Market
import Numerics
import Runtime

/// Trades what a trained model foresees: its share of the account while the model sees a symbol rise, none
/// otherwise, or short where that is allowed and it sees it fall.
///
/// Until the end of its training the model only looks on: what it learned from is no test of it.
public struct ModelStrategy: Strategy {
  /// The model's identity: the hash of its card, which has the hash of every file.
  public let modelID: String
  public let name: String
  public let warmUp = 1
  package let artefact: Artefact
  private let registry: ModelRegistry
  private let allowsShort: Bool
  private let featureVersion: SHA256Digest
  private let certificate: ModelCertificate?
  private var seat: Seat?
  private var decisions: [Decision] = []

  /// What was last decided about an instrument, and whether anything came of it.
  private struct Decision: Sendable {
    var wanted: Int
    var isFilled: Bool
  }

  /// A forecaster of one run. Safe to share because a run has one thread, and each makes its own at its
  /// start.
  private final class Seat: @unchecked Sendable {
    let forecaster: BarForecaster
    /// Symbols of which a bar has come.
    var seen: Set<Symbol> = []
    init(_ forecaster: BarForecaster) { self.forecaster = forecaster }
  }

  /// Makes the model ready once, so that whatever is wrong with it is found before anything is traded.
  package init(_ artefact: Artefact, _ registry: ModelRegistry, allowsShort: Bool = false) throws {
    self.artefact = artefact
    self.registry = registry
    self.allowsShort = allowsShort
    modelID = artefact.id
    name = "model \(artefact.kind) \(artefact.id.prefix(8))"
    let forecaster = try BarForecaster(artefact, registry)
    featureVersion = forecaster.featureVersion
    certificate = try ModelCertificate(of: artefact, as: forecaster)
  }

  /// What its orders say stands behind them.
  public var model: ModelCredentials? {
    ModelCredentials(
      id: modelID, artefact: artefact.digest, trainedUntil: artefact.trainedTo,
      features: featureVersion,
      scaler: SHA256.hash(artefact.scaler.json.text()), interval: artefact.interval,
      symbols: artefact.symbols, certificate: certificate)
  }

  public mutating func onStart(_ desk: inout Desk) {
    // It may come upon what another strategy left.
    decisions = (0..<desk.account.table.count).map { place in
      let held = Int(desk.account.position(InstrumentID(place)).sign)
      return Decision(wanted: held, isFilled: held != 0)
    }
    do { seat = Seat(try BarForecaster(artefact, registry)) } catch {
      desk.stop(StrategyFailure(Diagnosis(describing: error, place: artefact.folder)))
    }
  }

  public mutating func onBar(_ bar: BarOfSeries, _ desk: inout Desk) {
    guard let seat else { return }
    let symbol = desk.account.table[bar.instrument].symbol
    let output: PredictionOutput?
    do {
      if seat.seen.insert(symbol).inserted {
        try look(seat, back: desk.histories[bar.series.place], before: bar.bar, symbol)
      }
      output = try seat.forecaster.take(bar.bar.frame(of: symbol))
    } catch {
      desk.stop(StrategyFailure(Diagnosis(describing: error, place: artefact.folder)))
      return
    }
    guard let output, bar.bar.knownAt > artefact.trainedTo else { return }
    let choice = output.choice(0)
    let wanted = allowsShort ? choice : max(0, choice)
    guard isNews(wanted, bar.instrument, desk.account) else { return }
    decisions[bar.instrument.place] = Decision(wanted: wanted, isFilled: false)
    desk.hold(signal(output, wanted, of: bar, at: desk.now))
  }

  public mutating func onFill(_ fill: Fill, _ desk: inout Desk) {
    decisions[fill.instrument.place].isFilled = true
  }

  /// Another decision than the last; or the same where nothing has come of it, because it was not sure
  /// enough for the gate, as it may be now. What a stop has sold is not bought again.
  private func isNews(_ wanted: Int, _ id: InstrumentID, _ account: Account) -> Bool {
    let last = decisions[id.place]
    guard last.wanted == wanted else { return true }
    return wanted != 0 && !last.isFilled
      && !account.orders.open.contains {
        account.orders[$0]?.order.intent.instrument == id
      }
  }

  /// With the calibrated probability of its class, or the interval that split conformal gives its point.
  private func signal(
    _ output: PredictionOutput, _ wanted: Int, of bar: BarOfSeries, at now: Timestamp
  ) -> Signal {
    var signal = Signal(
      bar.instrument, target: Double(wanted), timeframe: artefact.interval ?? .day, at: now)
    if !output.probabilities.isEmpty {
      signal.confidence = output.probabilities[output.choice(0) + 1]
    } else if let point = output.points.first {
      let radius = artefact.calibration.conformal.first?.radius ?? .infinity
      let close = bar.bar.close
      signal.interval = Signal.Interval(
        low: close * (1 + point - radius), middle: close * (1 + point),
        high: close * (1 + point + radius))
    }
    return signal
  }

  /// Shows the model the bars that were known before the run. Histories keep no times: they count as a day
  /// apart, and a model whose features need the calendar begins without them.
  private func look(
    _ seat: Seat, back history: BarHistory, before first: Bar, _ symbol: Symbol
  ) throws {
    guard seat.forecaster.needsNoTimes else { return }
    let day = Timestamp.nanosecondsPerDay
    for row in 0..<max(0, history.count - 1) {
      let end = first.end.nanoseconds - Int64(history.count - 1 - row) * day
      let known = Timestamp(nanoseconds: min(end, first.knownAt.nanoseconds - 1))
      let values = history[row]
      _ = try seat.forecaster.take(
        Bar(
          start: Timestamp(nanoseconds: end - 1), end: known, knownAt: known, open: values.open,
          high: values.high, low: values.low, close: values.close, volume: values.volume
        ).frame(of: symbol))
    }
  }
}

/// Where a model lies, and which one it must be: what a recording keeps of a strategy that trades one.
public struct ModelSource: Hashable, Sendable {
  public let folder: String
  public let id: String
  public let allowsShort: Bool

  /// Of a folder with `model.json`, as runs and the production registry have it.
  package init(folder: String, allowsShort: Bool = false) throws {
    self.folder = folder
    id = try Artefact.open(folder).id
    self.allowsShort = allowsShort
  }

  /// The model's files, byte for byte.
  func copy(to target: String) throws(FileError) {
    try Folder.make(target)
    for name in try Folder.names(in: folder) {
      try AtomicFile.write(
        SmallFile.read("\(folder)/\(name)", bytesMax: .max), to: "\(target)/\(name)")
    }
  }

  /// Refuses another model than the one that was named.
  package func strategy() throws -> ModelStrategy {
    let artefact = try Artefact.open(folder)
    guard artefact.id == id else {
      throw ModelFileError(
        path: folder, finding: "holds the model \(artefact.id.prefix(12)), not \(id.prefix(12))")
    }
    return try ModelStrategy(artefact, .standard(), allowsShort: allowsShort)
  }
}

extension Bar {
  /// The bar alone, as a frame. Features do not depend on the interval; a frame must have one.
  fileprivate func frame(of symbol: Symbol) -> Frame {
    Frame(
      symbol: symbol, interval: .day, start: Column([start.nanoseconds]),
      end: Column([end.nanoseconds]), knownAt: Column([knownAt.nanoseconds]),
      columns: [
        "open": Column([open]), "high": Column([high]), "low": Column([low]),
        "close": Column([close]), "volume": Column([volume]),
      ])
  }
}
