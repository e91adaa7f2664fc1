import Market
import Numerics
import Runtime

/// The bars that something was tried on.
public struct TrialData: Hashable, Sendable {
  public var symbols: [Symbol]
  /// `1d`.
  public var interval: String
  public var first, last: CivilDate
  /// SHA-256 of the bars, so that the same words with other bars are another data set.
  public var hash: String

  public init(
    symbols: [Symbol], interval: String, first: CivilDate, last: CivilDate, hash: String
  ) {
    self.symbols = symbols.sorted()
    self.interval = interval
    self.first = first
    self.last = last
    self.hash = hash
  }

  /// Whether what was learnt on one is worth something on the other: they share a symbol and a day.
  public func overlaps(_ other: TrialData) -> Bool {
    first <= other.last && other.first <= last && !Set(symbols).isDisjoint(with: other.symbols)
  }
}

/// One evaluation: what was tried, on what, and what came of it.
///
/// A sweep is one entry for all of its settings, with their number and how many independent ones they
/// amount to.
public struct Trial: Hashable, Sendable {
  public enum Kind: String, Sendable, CaseIterable {
    case backtest, sweep, walkforward, tuning, model
  }

  public var kind: Kind
  public var data: TrialData
  /// The resolved configuration, as text: two trials with the same one on the same bars are one.
  public var configuration: String
  /// The settings that were tried.
  public var settings: Int
  /// Independent ones they amount to: from 1 to `settings`.
  public var effective: Double
  /// The best one's Sharpe ratio of one bar.
  public var sharpe: Double
  /// The mean and the deviation of all their Sharpe ratios of one bar; of one setting, its own and 0.
  public var sharpeMean, sharpeDeviation: Double
  public var bars: Int
  /// The whole of the settings, as text, from which it can be run again; where it was kept.
  public var source: String?
  /// The probability of overfitting of the choice among its settings, where that was estimated.
  public var overfitting: Double?

  /// One setting.
  public init(
    kind: Kind, data: TrialData, configuration: String, sharpe: Double, bars: Int
  ) {
    self.init(
      kind: kind, data: data, configuration: configuration, settings: 1, effective: 1,
      sharpe: sharpe, sharpeMean: sharpe, sharpeDeviation: 0, bars: bars)
  }

  /// Many settings, by their Sharpe ratios of one bar; what never moved has 0.
  public init(
    kind: Kind, data: TrialData, configuration: String, sharpes: [Double], effective: Double,
    bars: Int
  ) {
    let moments = StreamingMoments(sharpes.span)
    self.init(
      kind: kind, data: data, configuration: configuration, settings: sharpes.count,
      effective: effective, sharpe: sharpes.max() ?? 0, sharpeMean: moments.mean,
      sharpeDeviation: sharpes.count > 1 ? moments.deviation() : 0, bars: bars)
  }

  public init(
    kind: Kind, data: TrialData, configuration: String, settings: Int, effective: Double,
    sharpe: Double, sharpeMean: Double, sharpeDeviation: Double, bars: Int
  ) {
    precondition(
      settings >= 1 && effective >= 1 && effective <= Double(settings), "at least one trial")
    precondition(
      sharpe.isFinite && sharpeMean.isFinite && sharpeDeviation >= 0 && sharpeDeviation.isFinite,
      "figures are numbers; what never moved has a Sharpe ratio of 0 here")
    self.kind = kind
    self.data = data
    self.configuration = configuration
    self.settings = settings
    self.effective = effective
    self.sharpe = sharpe
    self.sharpeMean = sharpeMean
    self.sharpeDeviation = sharpeDeviation
    self.bars = bars
  }
}

extension Trial {
  func json(number: Int, at time: Timestamp) -> JSON {
    var json: JSON = [
      "number": JSON(number), "time": JSON(time.description), "kind": JSON(kind.rawValue),
      "symbols": JSON(data.symbols.map { JSON($0.text) }), "interval": JSON(data.interval),
      "first": JSON(data.first.description), "last": JSON(data.last.description),
      "data": JSON(data.hash), "configuration": JSON(configuration), "settings": JSON(settings),
      "effective": JSON(effective), "sharpe": JSON(sharpe), "sharpe_mean": JSON(sharpeMean),
      "sharpe_deviation": JSON(sharpeDeviation), "bars": JSON(bars),
    ]
    // Lines of before know neither, and are written again as they were.
    if let source { json.append("source", JSON(source)) }
    if let overfitting { json.append("overfitting", JSON(overfitting)) }
    return json
  }

  /// `nil` where a member is missing or is not what a trial has.
  init?(_ json: JSON) {
    func text(_ key: String) -> String? { json[key]?.string }
    func number(_ key: String) -> Double? { json[key]?.double }
    let symbols = json["symbols"]?.elements?.compactMap { Symbol($0.string ?? "") }
    guard let kind = text("kind").flatMap({ Kind(rawValue: $0) }), let symbols,
      symbols.count == json["symbols"]?.elements?.count, let interval = text("interval"),
      let first = Self.date(text("first")), let last = Self.date(text("last")),
      let hash = text("data"), let configuration = text("configuration"),
      let settings = json["settings"]?.whole, settings >= 1, let effective = number("effective"),
      effective >= 1, effective <= Double(settings), let sharpe = number("sharpe"),
      let mean = number("sharpe_mean"), let deviation = number("sharpe_deviation"),
      deviation >= 0, let bars = json["bars"]?.whole
    else { return nil }
    self.init(
      kind: kind,
      data: TrialData(symbols: symbols, interval: interval, first: first, last: last, hash: hash),
      configuration: configuration, settings: Int(settings), effective: effective,
      sharpe: sharpe, sharpeMean: mean, sharpeDeviation: deviation, bars: Int(bars))
    source = text("source")
    overfitting = number("overfitting")
  }

  private static func date(_ text: String?) -> CivilDate? {
    guard let text else { return nil }
    do { return try CivilDate(parsing: text) } catch { return nil }
  }
}
