import Foundation
import Runtime

/// The file of an experiment that makes published tables again.
package struct PublishedSettings: Configured {
  package var papers = Section()
  package init() {}

  package struct Section: Configured {
    package var data = "../shared/data"
    /// All where empty.
    package var tables: [String] = []
    package init() {}

    package static let schema = Schema<Self>("Published tables, made again") {
      Field("data", \.data, "The folder below which the papers' files lie")
      Field("tables", \.tables, "Which tables; all where nothing is said")
    }
  }

  package static let schema = Schema<Self>("Published tables, made again") {
    Field(section: "papers", \.papers)
  }

  /// Whether a file of an experiment is about papers, not models.
  package static func isMeant(by path: String) throws -> Bool {
    let bytes = try SmallFile.read(path, bytesMax: 1 << 20)
    guard
      case .mapping(let entries) = try YAMLDocument.parse(
        String(decoding: bytes, as: UTF8.self), file: path
      ).content
    else { return false }
    return entries.contains { $0.key == "papers" }
  }
}

/// What came of making tables again.
package struct PublishedReport: Sendable {
  package struct Outcome: Sendable {
    package let table: PublishedTable
    package let cells: [PublishedCell]
    /// Files without which it could not be made.
    package let missing: [String]
    package let seconds: Double

    package var compared: Int { cells.count { $0.published != nil } }
    package var reproduced: Int { cells.count { $0.isReproduced == true } }
  }

  package private(set) var outcomes: [Outcome] = []

  /// - Parameter made: told of each table when it is done
  package init(
    _ settings: PublishedSettings, made: (Outcome) -> Void = { _ in }
  ) throws {
    let section = settings.papers
    let tables =
      section.tables.isEmpty ? PublishedTable.all : try section.tables.map(PublishedTable.named)
    for table in tables {
      let missing = table.missing(in: section.data)
      let start = ContinuousClock.now
      let cells = missing.isEmpty ? try table.make(section.data) : []
      let outcome = Outcome(
        table: table, cells: cells, missing: missing,
        seconds: (ContinuousClock.now - start) / .seconds(1))
      outcomes.append(outcome)
      made(outcome)
    }
  }

  /// Whether every figure of every table whose files are here came out as published.
  package var isReproduced: Bool { outcomes.allSatisfy { $0.reproduced == $0.compared } }

  package var verdict: String {
    let compared = outcomes.reduce(0) { $0 + $1.compared }
    let reproduced = outcomes.reduce(0) { $0 + $1.reproduced }
    let absent = outcomes.count { !$0.missing.isEmpty }
    return "\(reproduced) of \(compared) published figures came out as published."
      + (absent > 0 ? " \(absent) of \(outcomes.count) tables lack their files." : "")
  }

  package var json: JSON {
    JSON(
      outcomes.map { outcome in
        [
          "table": JSON(outcome.table.key), "title": JSON(outcome.table.title),
          "lesson": JSON(outcome.table.lesson), "compared": JSON(outcome.compared),
          "reproduced": JSON(outcome.reproduced), "seconds": .number(outcome.seconds),
          "missing": JSON(outcome.missing.map { JSON($0) }),
          "cells": JSON(outcome.cells.map(\.json)),
        ] as JSON
      })
  }

  /// One line a table.
  package func table() -> Table {
    var table = Table([
      .words("table"), .numbers("as published", importance: 9),
      .numbers("seconds", importance: 2), .words("what it shows", importance: 5, mayBeCut: true),
    ])
    for outcome in outcomes {
      table.add([
        .init(outcome.table.key),
        .init(
          outcome.missing.isEmpty
            ? "\(outcome.reproduced) of \(outcome.compared)" : "no data",
          outcome.reproduced == outcome.compared ? nil : .loss),
        .init(NumberText.ratio(outcome.seconds, decimals: 1)), .init(outcome.table.lesson),
      ])
    }
    return table
  }

  package var page: Page {
    var blocks: [Page.Block] = [.verdict(verdict)]
    for outcome in outcomes {
      blocks.append(.heading(outcome.table.title))
      guard outcome.missing.isEmpty else {
        blocks.append(.text("Not made: \(outcome.missing.joined(separator: ", ")) are not here."))
        continue
      }
      blocks.append(.text(outcome.table.lesson + "."))
      blocks.append(
        .table(
          Page.Table(
            caption: "\(outcome.reproduced) of \(outcome.compared) as published",
            columns: [
              .words("figure"), .numbers("ours"), .numbers("published"), .words("as published"),
            ],
            rows: outcome.cells.map { cell in
              [
                cell.name, Self.text(cell.ours), cell.published.map(Self.text) ?? "",
                cell.isReproduced.map { $0 ? "yes" : "no" } ?? "",
              ]
            })))
    }
    return Page(title: "Published tables, made again", blocks: blocks)
  }

  /// Digits enough to see every tolerance.
  private static func text(_ value: Double) -> String { String(format: "%.6f", value) }

  package func write(to folder: String) throws {
    try Folder.make(folder)
    try AtomicFile.write(json.text(pretty: true) + "\n", to: "\(folder)/papers.json")
    try AtomicFile.write(page.html(), to: "\(folder)/report.html")
  }
}
