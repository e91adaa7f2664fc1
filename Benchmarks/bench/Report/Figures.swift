import Runtime

/// Figures of rows as people read them.
enum Figures {
  /// About four digits, whatever the size of the value.
  static func text(_ value: Double) -> String {
    let decimals =
      switch value.magnitude {
      case 100...: 0
      case 10..<100: 1
      case 1..<10: 2
      default: 4
      }
    return NumberText.fixed(value, decimals: decimals)
  }

  static func text(_ value: Double?) -> String { value.map { text($0) } ?? NumberText.absent }

  static func target(_ target: Target) -> String {
    switch target {
    case .ratio(let value): NumberText.ratio(value)
    case .atMost(let value): "≤ \(text(value))"
    }
  }
}

/// The table on the terminal.
struct ResultTable {
  private var table = Table([
    .words("row"), .numbers("ours", importance: 9), .words("unit", importance: 4),
    .numbers("peer", importance: 8), .numbers("ratio", importance: 10),
    .numbers("least", importance: 3), .numbers("needs", importance: 7),
    .numbers("limit", unit: "%", importance: 6), .words("verdict", importance: 9),
    .words("against", importance: 2, mayBeCut: true),
    .words("limited by", importance: 1, mayBeCut: true),
  ])

  /// What the figures were measured on.
  private(set) var machine = ""

  mutating func add(_ measurement: Measurement, row: Row) {
    let line =
      "on \(measurement.cpu); kernels: \(measurement.kernels); threads: \(measurement.threads)"
    // Rows that leave OpenBLAS alone do not name its kernels.
    if line.count > machine.count { machine = line }
    let verdict = Verdict(measurement, target: row.target)
    table.add([
      .init(measurement.path), .init(Figures.text(measurement.ours)), .init(measurement.unit),
      .init(Figures.text(measurement.peer)),
      .init(measurement.ratio.map { NumberText.ratio($0) } ?? NumberText.absent),
      .init(measurement.ratioLeast.map { NumberText.ratio($0) } ?? NumberText.absent),
      .init(Figures.target(row.target)),
      .init(NumberText.percent(measurement.limitShare, decimals: 0, withSign: false)),
      .init(verdict.rawValue, verdict.paint), .init(measurement.peerName ?? NumberText.absent),
      .init(measurement.limitBy),
    ])
  }

  func text(for traits: TerminalTraits) -> String { table.text(for: traits) }
}
