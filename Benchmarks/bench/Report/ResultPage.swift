import Foundation
import Runtime

/// docs/BENCHMARKS.md: the latest figures of every row, written by this program.
///
/// The JSON lines it ends with are what it was written from. A later run reads them back, replaces
/// the rows it measured and keeps the others, and the notes that a person wrote.
struct ResultPage {
  /// A line and when it was measured.
  struct Entry: Codable {
    var date: String
    /// The largest share of its time that a side waited for a core.
    var waited: Double
    var measurement: Measurement
  }

  private let path: String
  private var entries: [Entry]
  /// What stands under the heading of notes.
  private var notes = ""
  private static let fence = "```"
  private static let notesHeading = "## Notes"

  /// Reads the page that is there, if one is.
  init(path: String) throws {
    self.path = path
    guard FileManager.default.fileExists(atPath: path) else {
      entries = []
      return
    }
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let lines = text.split(separator: "\n").filter { $0.hasPrefix("{\"date\":") }
    entries = try lines.map { try JSONDecoder().decode(Entry.self, from: Data($0.utf8)) }
    notes = Self.section(Self.notesHeading, of: text)
  }

  /// What stands between a heading and the next one.
  private static func section(_ heading: String, of text: String) -> String {
    guard let start = text.range(of: "\n\(heading)\n") else { return "" }
    let rest = text[start.upperBound...]
    let end = rest.range(of: "\n## ")?.lowerBound ?? rest.endIndex
    return rest[..<end].trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Takes a line in, unless it has no peer and the one it would replace has.
  mutating func take(_ measurement: Measurement, date: String, waited: Double) {
    let entry = Entry(
      date: date, waited: (waited * 1000).rounded() / 1000, measurement: measurement)
    guard let index = entries.firstIndex(where: { $0.measurement.path == measurement.path }) else {
      entries.append(entry)
      return
    }
    if measurement.peer != nil || entries[index].measurement.peer == nil { entries[index] = entry }
  }

  func write() throws { try AtomicFile.write(text, to: path) }

  private var text: String {
    let known = Catalogue.rows.compactMap { row in
      entries.first { $0.measurement.path == row.path }.map { (row, $0) }
    }
    let table = known.map { line(of: $0.0, $0.1) }.joined(separator: "\n")
    let formulas = known.map { row, _ in
      "| \(row.path) | \(row.limit.text) | \(row.agreement.text) "
        + "| \(String(format: "%.2g", row.agreement.tolerance)) |"
    }.joined(separator: "\n")
    let lines = known.map { _, entry in
      JSON.object([
        .init("date", .string(entry.date)), .init("waited", .number(entry.waited)),
        .init("measurement", entry.measurement.json),
      ]).text()
    }.joined(separator: "\n")
    return """
      # Benchmarks

      Written by `make bench`; edits are lost, but for the notes. Ours and the peer's runs take turns on the same input and
      the same number of threads. The ratio says how many times better ours is: the median of the pairs,
      and in brackets the least. A row is met when the ratio reaches what it needs, or when our share of
      what the machine allows is 80% or more and the ratio 0.8 or more.

      | row | size | ours | peer | ratio | needs | share of the limit | limited by | verdict | peer is | kernels, threads | measured |
      |---|---|---:|---:|---:|---:|---:|---|---|---|---|---|
      \(table)

      \(Self.notesHeading)

      \(notes)

      ## What the machine allows, and what was compared

      The limit counts only work and bytes that cannot be avoided, at the peak `bench limits` measures in
      the same run. Outputs are compared before anything is timed.

      | row | limit | compared | tolerance |
      |---|---|---|---:|
      \(formulas)

      ## The lines as measured

      \(Self.fence)json
      \(lines)
      \(Self.fence)

      """
  }

  private func line(of row: Row, _ entry: Entry) -> String {
    let measured = entry.measurement
    let ratio =
      measured.ratio.map {
        "\(NumberText.ratio($0)) (\(NumberText.ratio(measured.ratioLeast ?? $0)))"
      } ?? NumberText.absent
    let busy =
      entry.waited > Waiting.tolerated
      ? "; busy: a side waited for a core \(NumberText.percent(entry.waited, decimals: 0)) of the time"
      : ""
    let cells = [
      row.path, measured.size, "\(Figures.text(measured.ours)) \(measured.unit)",
      Figures.text(measured.peer), ratio, Figures.target(row.target),
      NumberText.percent(measured.limitShare, decimals: 0), measured.limitBy,
      Verdict(measured, target: row.target).rawValue, measured.peerName ?? NumberText.absent,
      "\(measured.kernels), \(measured.threads)", "\(entry.date), \(measured.cpu)" + busy,
    ]
    return "| " + cells.joined(separator: " | ") + " |"
  }
}
