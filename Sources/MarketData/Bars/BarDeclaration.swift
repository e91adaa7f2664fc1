import Market
import Runtime

/// What a source says about its bars: nothing here can be told from the numbers alone.
///
/// A folder of bars says it in `source.yaml`; a person says it with flags.
public struct BarDeclaration: Equatable, Sendable {
  /// Which moment of a bar its stamp names.
  public enum Stamp: String, CaseIterable, Sendable {
    /// The date of the exchange's session.
    case session
    case start
    case end
  }

  /// What prices were multiplied by.
  public enum Adjustment: String, CaseIterable, Sendable {
    case none
    case splits
    case splitsAndDividends = "splits_and_dividends"
  }

  public var source: String?
  public var interval: BarInterval?
  public var stamp: Stamp?
  /// The exchange's zone by its name in the IANA database: `America/New_York`.
  public var zone: String?
  /// The calendar by its name, where it is not that of the zone's stock exchange: `CBOE` for the VIX.
  public var calendar: String?
  public var adjustment: Adjustment?

  public init(
    source: String? = nil, interval: BarInterval? = nil, stamp: Stamp? = nil,
    zone: String? = nil, calendar: String? = nil, adjustment: Adjustment? = nil
  ) {
    self.source = source
    self.interval = interval
    self.stamp = stamp
    self.zone = zone
    self.calendar = calendar
    self.adjustment = adjustment
  }

  /// The declaration with what `other` says put over it.
  public func overlaid(with other: BarDeclaration) -> BarDeclaration {
    BarDeclaration(
      source: other.source ?? source, interval: other.interval ?? interval,
      stamp: other.stamp ?? stamp, zone: other.zone ?? zone,
      calendar: other.calendar ?? calendar, adjustment: other.adjustment ?? adjustment)
  }

  /// The sessions by which bars are judged: those of the calendar, or of the zone's stock exchange,
  /// New York's where nothing is said; `nil` for a zone without one.
  public var sessions: TradingCalendar? {
    TradingCalendar.all.first { known in
      calendar.map { known.name == $0 } ?? (known.zone.name == zone ?? Zone.newYork.name)
    }
  }
}

extension BarDeclaration {
  /// The name of the file in which a folder declares its bars.
  public static let fileName = "source.yaml"

  private static let keys = ["source", "interval", "stamp", "zone", "calendar", "adjustment"]

  /// What the text of a `source.yaml` says.
  public init(yaml bytes: [UInt8], file: String) throws(DataError) {
    let document: YAMLNode
    do {
      document = try YAMLDocument.parse(bytes, file: file)
    } catch {
      let diagnosis = error.diagnosis
      throw .badDeclaration(
        place: diagnosis.place, finding: diagnosis.finding, remedy: diagnosis.remedy)
    }
    self.init()
    guard case .mapping(let entries) = document.content else {
      throw .badDeclaration(
        place: file, finding: "holds no keys", remedy: "write lines such as: stamp: end")
    }
    for entry in entries { try set(entry, file: file) }
    try settleZone(place: file)
  }

  private mutating func set(_ entry: YAMLNode.Entry, file: String) throws(DataError) {
    let place = "\(file):\(entry.value.mark.line):\(entry.value.mark.column)"
    guard case .scalar(let text, _) = entry.value.content else {
      throw .badDeclaration(
        place: place, finding: "\"\(entry.key)\" is not one word", remedy: "write one value")
    }
    switch entry.key {
    case "source": source = text
    case "zone": zone = text
    case "calendar":
      let known = TradingCalendar.all.map(\.name)
      guard known.contains(text) else { throw Self.unknown(text, "calendar", known, place) }
      calendar = text
    case "interval":
      do {
        interval = try BarInterval(parsing: text)
      } catch {
        throw Self.unknown(text, "interval", BarInterval.common, place)
      }
    case "stamp":
      guard let known = Stamp(rawValue: text) else {
        throw Self.unknown(text, "stamp", Stamp.allCases.map(\.rawValue), place)
      }
      stamp = known
    case "adjustment":
      guard let known = Adjustment(rawValue: text) else {
        throw Self.unknown(text, "adjustment", Adjustment.allCases.map(\.rawValue), place)
      }
      adjustment = known
    default:
      let keyPlace = "\(file):\(entry.keyMark.line):\(entry.keyMark.column)"
      throw Self.unknown(entry.key, "key", Self.keys, keyPlace)
    }
  }

  /// A calendar has its exchange's zone, which then need not be named.
  mutating func settleZone(place: String) throws(DataError) {
    guard calendar != nil, let its = sessions?.zone.name else { return }
    guard zone == nil || zone == its else {
      throw .badDeclaration(
        place: place,
        finding: "the calendar \(calendar ?? "") belongs to \(its), not to \(zone ?? "")",
        remedy: "leave the zone out, or name another calendar")
    }
    zone = its
  }

  private static func unknown(
    _ text: String, _ what: String, _ known: [String], _ place: String
  ) -> DataError {
    let nearest = Words.nearest(to: text, among: known)
    return .badDeclaration(
      place: place, finding: "unknown \(what) \(Excerpt.quoted(text, longest: 40))",
      remedy: nearest.map { "did you mean \($0)?" }
        ?? "choose one of: \(known.joined(separator: ", "))")
  }
}
