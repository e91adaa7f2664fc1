import Foundation
import Market
import Runtime

/// What a cleaner writes beside its bars: what was done, and how to undo it exactly.
public struct Sidecar: Sendable {
  public let symbol: Symbol
  public let interval: BarInterval
  /// The source of the bars as they were, and the name of the cleaned ones.
  public let source, cleanedSource: String
  /// Of the bars as they were; with theirs the cleaned ones are stored.
  public let declaration: BarDeclaration
  public let madeAt: Timestamp
  /// Each step in words with what it changed.
  public let steps: [(words: String, dropped: Int, inserted: Int, changed: Int)]
  public let fingerprintBefore, fingerprintAfter: String
  public let changes: BarChanges

  public init(
    of cleaned: Cleaner.Cleaned, raw: BarBatch, source: String, cleanedSource: String,
    declaration: BarDeclaration, madeAt: Timestamp
  ) {
    symbol = raw.symbol
    interval = raw.interval
    self.source = source
    self.cleanedSource = cleanedSource
    self.declaration = declaration
    self.madeAt = madeAt
    steps = cleaned.counts.map { ($0.step.description, $0.dropped, $0.inserted, $0.changed) }
    fingerprintBefore = raw.fingerprint
    fingerprintAfter = cleaned.bars.fingerprint
    changes = cleaned.changes
  }

  /// The bars as they were, bit for bit.
  public func undo(_ cleaned: BarBatch, path: String) throws(CleaningError) -> BarBatch {
    guard cleaned.fingerprint == fingerprintAfter else {
      throw .otherBars(sidecar: path, symbol: symbol)
    }
    guard let raw = changes.undone(cleaned), raw.fingerprint == fingerprintBefore else {
      throw .damagedSidecar(path: path, finding: "what it undoes does not give the bars it names")
    }
    return raw
  }
}

// As a file.
extension Sidecar {
  static let format = 1

  /// Numbers of rows as their stretches, values as their bits in base64.
  private struct Text: Codable {
    struct Step: Codable {
      let step: String
      let dropped, inserted, changed: Int
    }
    struct Values: Codable {
      let column: String
      let rows: [Int]
      let bits: String
    }
    let format: Int
    let symbol, interval, source, cleaned_source: String
    let declared_source, stamp, zone, calendar, adjustment: String?
    let made_at: String
    let steps: [Step]
    let sha256_before, sha256_after: String
    let count_before: Int
    let inserted, removed: [Int]
    let removed_times: String
    let values: [Values]
  }

  public func json() throws -> [UInt8] {
    let text = Text(
      format: Self.format, symbol: symbol.text, interval: interval.description, source: source,
      cleaned_source: cleanedSource, declared_source: declaration.source,
      stamp: declaration.stamp?.rawValue, zone: declaration.zone, calendar: declaration.calendar,
      adjustment: declaration.adjustment?.rawValue, made_at: madeAt.description,
      steps: steps.map {
        Text.Step(step: $0.words, dropped: $0.dropped, inserted: $0.inserted, changed: $0.changed)
      },
      sha256_before: fingerprintBefore, sha256_after: fingerprintAfter,
      count_before: changes.countBefore, inserted: Self.stretches(changes.inserted),
      removed: Self.stretches(changes.removed),
      removed_times: Self.base64(changes.removedTimes.flatMap { $0.map(UInt64.init(bitPattern:)) }),
      values: changes.values.map {
        Text.Values(
          column: $0.column, rows: Self.stretches($0.rows), bits: Self.base64($0.bits))
      })
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(text)) + [UInt8(ascii: "\n")]
  }

  /// Reads what `json()` wrote.
  public init(_ bytes: [UInt8], path: String) throws(CleaningError) {
    func damaged(_ finding: String) -> CleaningError {
      .damagedSidecar(path: path, finding: finding)
    }
    let text: Text
    do { text = try JSONDecoder().decode(Text.self, from: Data(bytes)) } catch {
      throw damaged("this is no sidecar of a cleaner, or a damaged one")
    }
    guard text.format == Self.format else {
      throw damaged("it has format \(text.format), and this program knows \(Self.format)")
    }
    do {
      symbol = try Symbol(parsing: text.symbol)
      interval = try BarInterval(parsing: text.interval)
      madeAt = try Timestamp(parsing: text.made_at)
    } catch {
      throw damaged("its symbol, interval or time cannot be read")
    }
    source = text.source
    cleanedSource = text.cleaned_source
    declaration = BarDeclaration(
      source: text.declared_source, interval: interval,
      stamp: text.stamp.flatMap(BarDeclaration.Stamp.init(rawValue:)), zone: text.zone,
      calendar: text.calendar,
      adjustment: text.adjustment.flatMap(BarDeclaration.Adjustment.init(rawValue:)))
    steps = text.steps.map { ($0.step, $0.dropped, $0.inserted, $0.changed) }
    fingerprintBefore = text.sha256_before
    fingerprintAfter = text.sha256_after
    guard let inserted = Self.rows(text.inserted), let removed = Self.rows(text.removed),
      let times = Self.words(text.removed_times), times.count == removed.count * 3
    else { throw damaged("its rows cannot be read") }
    var values: [BarChanges.Values] = []
    for value in text.values {
      guard let rows = Self.rows(value.rows), let bits = Self.words(value.bits),
        rows.count == bits.count
      else { throw damaged("its values of column \"\(value.column)\" cannot be read") }
      values.append(BarChanges.Values(column: value.column, rows: rows, bits: bits))
    }
    changes = BarChanges(
      countBefore: text.count_before, inserted: inserted, removed: removed,
      removedTimes: removed.indices.map { row in
        (0..<3).map { Int64(bitPattern: times[row * 3 + $0]) }
      }, values: values)
  }

  /// `[first, count, first, count, …]`.
  private static func stretches(_ rows: [Int]) -> [Int] {
    Stretch.of(rows).flatMap { [$0.lowerBound, $0.count] }
  }

  /// The rows of stretches; `nil` where those are no stretches of a file anyone could have.
  private static func rows(_ stretches: [Int]) -> [Int]? {
    guard stretches.count.isMultiple(of: 2) else { return nil }
    var rows: [Int] = []
    for place in stride(from: 0, to: stretches.count, by: 2) {
      let (first, count) = (stretches[place], stretches[place + 1])
      guard first >= rows.last ?? 0, count > 0, count <= 1 << 28, first <= 1 << 40 else {
        return nil
      }
      rows += first..<first + count
    }
    return rows
  }

  private static func base64(_ words: [UInt64]) -> String {
    words.map(\.littleEndian).withUnsafeBytes { Data($0).base64EncodedString() }
  }

  private static func words(_ text: String) -> [UInt64]? {
    guard let data = Data(base64Encoded: text), data.count.isMultiple(of: 8) else { return nil }
    return data.withUnsafeBytes { bytes in
      stride(from: 0, to: data.count, by: 8).map {
        UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: $0, as: UInt64.self))
      }
    }
  }
}
