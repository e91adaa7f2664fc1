import Evidence
import Foundation
import Market
import Runtime
import TestKit
import Testing

/// Vectors/metrics.json has runs and the exact value of every metric, in a form that others can read too.
@Suite("The published vectors") struct VectorTests {
  static let cases: [VectorCase] = {
    do { return try VectorCase.all() } catch {
      Issue.record("Vectors/metrics.json cannot be read: \(error)")
      return []
    }
  }()

  @Test("every metric is what exact arithmetic says", arguments: Self.cases)
  func exact(vector: VectorCase) throws {
    let run = try RunSeries(vector.record)
    for (key, expected) in vector.expected {
      let value = try MetricCatalogue.metric(key)(run)
      switch expected {
      case .nothing:
        guard case .undefined(let reason) = value else {
          Issue.record("\(key) is \(value), and has no value")
          continue
        }
        #expect(!reason.isEmpty)
      case .words(let words):
        #expect(value.json.string == words, "\(key)")
      case .number(let number):
        guard let found = value.number else {
          Issue.record("\(key) is \(value), not \(number)")
          continue
        }
        #expect(
          abs(found - number) <= 1e-12 * max(1, abs(number)), "\(key) is \(found), not \(number)")
      }
    }
  }

  @Test("every metric has a vector with a value, and none is left over")
  func complete() {
    let valued = Set(
      Self.cases.flatMap { vector in
        vector.expected.filter { $0.value != .nothing }.map(\.key)
      })
    #expect(valued == Set(MetricCatalogue.all.map(\.key)))
    let named = Self.cases.flatMap { Array($0.expected.keys) }
    #expect(Set(named) == valued)
  }

  @Test("JSON has every key, plain numbers, and a reason for each null")
  func json() throws {
    for vector in Self.cases {
      let json = MetricCatalogue.json(of: try RunSeries(vector.record))
      for metric in MetricCatalogue.all {
        let value = try #require(json[metric.key], "\(metric.key)")
        if value == .null { #expect(json["undefined"]?[metric.key]?.string?.isEmpty == false) }
      }
      // What is written is read again: no infinity, no NaN.
      #expect(try JSON(parsing: json.text(), source: "test") == json)
    }
  }
}

struct VectorCase: Sendable, CustomTestStringConvertible {
  enum Expected: Equatable, Sendable {
    case nothing
    case words(String)
    case number(Double)
  }

  let name: String
  let record: RunHistory
  let expected: [String: Expected]

  var testDescription: String { name }

  struct Malformed: Error { let place: String }

  static func all() throws -> [VectorCase] {
    let path = Package.path("Tests/EvidenceTests/Vectors/metrics.json")
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    let file = try JSON(parsing: bytes, source: path)
    return try (file["cases"]?.elements ?? []).map(VectorCase.init)
  }

  init(_ json: JSON) throws {
    name = json["name"]?.string ?? ""
    func number(_ key: String) throws -> Double? { try json[key]?.string.map(Self.rational) }
    func numbers(_ key: String) throws -> [Double]? {
      try json[key]?.elements?.map { try Self.rational($0.string ?? "") }
    }
    let days = try (json["days"]?.elements ?? []).map { try CivilDate(parsing: $0.string ?? "") }
    guard let barsPerYear = try number("bars_per_year"), let values = try numbers("values") else {
      throw Malformed(place: name)
    }
    var record = RunHistory(
      annualisation: Annualisation(barsPerYear: barsPerYear, statement: "as the vector says"),
      zone: .utc,
      stamps: try days.map { try Timestamp(startOf: $0).adding(.seconds(16 * 3600)) },
      values: values)
    record.riskFreeRate = try number("risk_free_rate") ?? 0
    record.benchmark = try numbers("benchmark")
    record.exposure = try numbers("exposure")
    record.traded = try numbers("traded")
    record.fees = try number("fees")
    record.trades = try json["trades"]?.elements?.map(Self.trade)
    record.orders = json["orders"].map(Self.orders)
    if let participation = json["participation"] {
      record.participation = Participation(
        symbol: try Self.symbol(participation),
        share: try Self.rational(participation["share"]?.string ?? ""))
    }
    self.record = record
    expected = Dictionary(
      uniqueKeysWithValues: try (json["expected"]?.members ?? []).map {
        ($0.key, try Self.expected($0.value))
      })
  }

  private static func expected(_ json: JSON) throws -> Expected {
    if json == .null { return .nothing }
    if let text = json.string {
      do { return .number(try rational(text)) } catch { return .words(text) }
    }
    let root = try rational(json["root"]?.string ?? "").squareRoot()
    let plus = try json["plus"]?.string.map(rational) ?? 0
    return .number(plus + Double(json["sign"]?.whole ?? 1) * root)
  }

  /// `p` or `p/q`, of any size.
  private static func rational(_ text: String) throws -> Double {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Double($0) }
    guard let first = parts[0], parts.count <= 2 else { throw Malformed(place: text) }
    if parts.count == 1 { return first }
    guard let second = parts[1] else { throw Malformed(place: text) }
    return first / second
  }

  private static func symbol(_ json: JSON) throws -> Symbol {
    guard let symbol = Symbol(json["symbol"]?.string ?? "") else {
      throw Malformed(place: "symbol")
    }
    return symbol
  }

  private static func trade(_ json: JSON) throws -> TradeRecord {
    func number(_ key: String) throws -> Double { try rational(json[key]?.string ?? "") }
    func time(_ key: String) throws -> Timestamp {
      let first = try Timestamp(startOf: CivilDate(parsing: "2024-01-01"))
      return Timestamp(nanoseconds: first.nanoseconds + Int64(try number(key) * 3600e9))
    }
    return TradeRecord(
      symbol: try symbol(json), isShort: json["short"] == .bool(true),
      entry: try time("entry_hour"), exit: try time("exit_hour"), stake: try number("stake"),
      profit: try number("profit"), fees: try number("fees"), isOpen: json["open"] == .bool(true),
      adverse: try json["adverse"].map { try rational($0.string ?? "") },
      favourable: try json["favourable"].map { try rational($0.string ?? "") })
  }

  private static func orders(_ json: JSON) -> OrderCounts {
    func count(_ key: String) -> Int { Int(json[key]?.whole ?? -1) }
    var orders = OrderCounts()
    orders.orders = count("orders")
    orders.rejectedSignals = count("rejected_signals")
    orders.entryTimeouts = count("entry_timeouts")
    orders.exitTimeouts = count("exit_timeouts")
    orders.cancelledEntries = count("cancelled_entries")
    orders.cancelledEntryOrders = count("cancelled_entry_orders")
    orders.replacedEntryOrders = count("replaced_entry_orders")
    orders.hash = json["hash"]?.string
    return orders
  }
}
