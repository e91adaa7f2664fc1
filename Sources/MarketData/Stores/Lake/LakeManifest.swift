import Market
import Runtime

/// What a lake knows of one series without opening its Parquet files; lies beside them as `_series`,
/// a line for each thing.
struct LakeManifest: Equatable {
  /// The bars that start in one month of UTC.
  struct Month: Equatable {
    var name: String
    var barCount: Int
    var versionCount: Int
    var firstStart: Int64
    var lastStart: Int64
    var lastEnd: Int64
  }

  var declaration: BarDeclaration
  var recordedAt: Int64?
  /// In order.
  var months: [Month] = []

  private static let title = "martinet series 1"

  /// Absent words are a dash; zones and the like have no spaces in them.
  var text: String {
    var lines = [Self.title]
    lines.append("stamp \(declaration.stamp?.rawValue ?? "-")")
    lines.append("zone \(declaration.zone.map(LakePath.escaped) ?? "-")")
    lines.append("adjustment \(declaration.adjustment?.rawValue ?? "-")")
    // Series of lakes that an earlier program wrote have no such line.
    if let calendar = declaration.calendar { lines.append("calendar \(calendar)") }
    lines.append("recorded \(recordedAt.map { String($0) } ?? "-")")
    for month in months {
      lines.append(
        "month \(month.name) \(month.barCount) \(month.versionCount) \(month.firstStart) "
          + "\(month.lastStart) \(month.lastEnd)")
    }
    return lines.joined(separator: "\n") + "\nend\n"
  }

  /// `nil` where the text is not what `text` writes, whole.
  init?(text: String, key: SeriesKey) {
    var lines = text.split(separator: "\n")[...]
    guard lines.popFirst() == Self.title[...], lines.popLast() == "end" else { return nil }
    var words: [Substring: Substring] = [:]
    for name in ["stamp", "zone", "adjustment", "calendar", "recorded"] {
      guard let line = lines.first else { return nil }
      guard line.hasPrefix(name + " ") else {
        if name == "calendar" { continue }
        return nil
      }
      lines.removeFirst()
      let value = line.dropFirst(name.utf8.count + 1)
      if value != "-" { words[name[...]] = value }
    }
    declaration = BarDeclaration(
      source: key.source, interval: key.interval,
      words: [
        words["stamp"].map(String.init), words["zone"].flatMap { LakePath.unescaped(String($0)) },
        words["adjustment"].map(String.init), words["calendar"].map(String.init),
      ])
    recordedAt = words["recorded"].flatMap { Int64($0) }
    for line in lines {
      let fields = line.split(separator: " ")
      guard fields.count == 7, fields[0] == "month", let bars = Int(fields[2]),
        let versions = Int(fields[3]), let first = Int64(fields[4]), let last = Int64(fields[5]),
        let end = Int64(fields[6])
      else { return nil }
      months.append(
        Month(
          name: String(fields[1]), barCount: bars, versionCount: versions, firstStart: first,
          lastStart: last, lastEnd: end))
    }
  }

  init(declaration: BarDeclaration) { self.declaration = declaration }

  func summary(_ key: SeriesKey) -> SeriesSummary {
    var span: Range<Timestamp>?
    if let first = months.first, let last = months.last {
      let start = Timestamp(nanoseconds: first.firstStart)
      span = start..<max(start, Timestamp(nanoseconds: last.lastEnd))
    }
    return SeriesSummary(
      key: key, declaration: declaration, barCount: months.reduce(0) { $0 + $1.barCount },
      revisedCount: months.reduce(0) { $0 + $1.versionCount }, span: span,
      recordedAt: recordedAt.map { Timestamp(nanoseconds: $0) })
  }

  /// Puts a month in its place.
  mutating func set(_ month: Month) {
    if let index = months.firstIndex(where: { $0.name >= month.name }) {
      if months[index].name == month.name {
        months[index] = month
      } else {
        months.insert(month, at: index)
      }
    } else {
      months.append(month)
    }
  }
}

/// How names stand in a lake's folders.
enum LakePath {
  /// `2024-03`, by UTC.
  static func month(of start: Int64) -> String {
    String(Timestamp(nanoseconds: start).description.prefix(7))
  }

  /// Letters, digits and `.`, `_`, `-` stay; other bytes are written as in URLs, which programs that
  /// read such folders undo.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "-"):
        escaped.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        escaped += (byte < 16 ? "%0" : "%") + digits
      }
    }
    return escaped
  }

  /// `nil` where the text is not what `escaped` writes.
  static func unescaped(_ text: String) -> String? {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard rest.count >= 2,
        let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      else { return nil }
      bytes.append(value)
      rest = rest.dropFirst(2)
    }
    return String(validating: bytes, as: UTF8.self)
  }
}
