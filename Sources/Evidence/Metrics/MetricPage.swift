import Runtime

extension Metric {
  /// Title, formula, and what others call it and do otherwise.
  public func explanation(for traits: TerminalTraits) -> String {
    var lines = [
      "\(key): \(title)", traits.wrapped("= " + formula, indent: 4),
      "    in \(unit.rawValue)"
        + (direction == .neither ? "" : ", \(direction.rawValue) is better"),
    ]
    for name in names {
      let difference = name.difference.map { ", which \($0)" } ?? ""
      lines.append(traits.wrapped("\(name.peer.rawValue): \(name.name)\(difference)", indent: 4))
    }
    return lines.joined(separator: "\n")
  }

  public var json: JSON {
    [
      "key": JSON(key), "title": JSON(title), "unit": JSON(unit.rawValue),
      "better": JSON(direction.rawValue), "formula": JSON(formula),
      "names": JSON(
        names.map { name in
          [
            "program": JSON(name.peer.rawValue), "name": JSON(name.name),
            "difference": JSON(name.difference),
          ] as JSON
        }),
    ]
  }
}

extension MetricCatalogue {
  /// What the letters in formulas stand for.
  public static func legend(for traits: TerminalTraits) -> String {
    symbols.map { traits.wrapped("\($0.symbol): \($0.meaning)") }.joined(separator: "\n")
  }

  /// docs/METRICS.md; a test holds the file to this.
  public static var page: String {
    let groups: [(String, [Metric])] = [
      ("The run and its account", account), ("Returns", returns),
      ("Returns by the calendar", periods), ("Risk", risk), ("Drawdowns", drawdowns),
      ("Ratios", ratios), ("Bars that gained and lost", bars), ("Beside a benchmark", relative),
      ("Trades", trades), ("Trades' profits", tradeProfits), ("Within trades", tradePaths),
      ("Orders", orders),
    ]
    var lines = [
      "# Every figure and its formula", "",
      "Each is defined once, in `Sources/Evidence/Metrics`, and used by reports, sweeps and model",
      "evaluations alike. This page is printed by `martinet report metrics --markdown`.", "",
      "- JSON has plain numbers: a percent is a ratio there, a drawdown at most zero.",
      "- A figure that is not defined is null, with the reason under `undefined`; never 0, never infinite.",
      "- Bars a year follow from calendar and interval (`Annualisation`), and stand beside the figures.",
      "- Exact values of every figure, made by another hand in exact arithmetic, for anyone to use:",
      "  `Tests/EvidenceTests/Vectors/metrics.json`. Equal to QuantStats 0.0.86 to 1e-9 where the last",
      "  column is silent about it: `Tests/EvidenceTests/Golden/make_quantstats.py`.",
      "- QuantStats looks at days, freqtrade at trades by the day they end, LEAN at days and trades; here",
      "  figures of returns look at bars, whatever their length.", "",
      "| symbol | meaning |", "|---|---|",
    ]
    lines += symbols.map { "| \($0.symbol) | \(escaped($0.meaning)) |" }
    for (title, metrics) in groups {
      lines += [
        "", "## \(title)", "", "| key | figure | unit | better | formula | elsewhere |",
        "|---|---|---|---|---|---|",
      ]
      lines += metrics.map { metric in
        let elsewhere = metric.names.map { name in
          "\(name.peer.rawValue): \(name.name)" + (name.difference.map { " – \($0)" } ?? "")
        }
        let cells = [
          "`\(metric.key)`", metric.title, metric.unit.rawValue,
          metric.direction == .neither ? "" : metric.direction.rawValue, escaped(metric.formula),
          escaped(elsewhere.joined(separator: "; ")),
        ]
        return "| " + cells.joined(separator: " | ") + " |"
      }
    }
    return lines.joined(separator: "\n")
  }

  /// A bar would end the cell of a table.
  private static func escaped(_ text: String) -> String {
    text.replacing("|", with: "\\|")
  }
}
