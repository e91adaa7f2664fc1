import Runtime

/// `docs/DATA-CHECKS.md`, written from the catalogue and the thresholds, so that they cannot differ.
public enum Handbook {
  public static var text: String {
    """
    # What `martinet data check` finds

    Written by the program from its own catalogue (`Sources/MarketData/Quality/Catalogue`); a test holds
    this page to it. An error makes the verb end with exit code 3. Nothing is changed by a check;
    `martinet data clean` changes what it is told to, under a new name, and writes what undoes it.

    | code | severity | what it is | what to do |
    |---|---|---|---|
    \(FindingCode.allCases.map(row).joined(separator: "\n"))

    Severities are those without a threshold in play: bars missing or outside their range beyond the
    shares below become errors, and so does an unconfirmed move in live use.

    ## How a real move is told from a mistake

    - **A spike** is a price that its neighbours contradict while they agree: a close far from the close
      before and from the next open, an open far from the close before and its own close, a high or low
      far beyond all of them. More than \(FigureText.fixed(training.eventTurnover, decimals: 1)) times the
      usual volume, or peers that moved too, make it an event; halving and doubling never are.
    - **A split** leaves the open at a ratio such as 2, 3/2 or 1/8 to the close before, the level holds,
      and no more money is traded than usual. In a crash much more is: on 2000-09-29 Apple fell by 52%,
      close to a split's half, on 13 times its usual turnover. Ratios below 3/2 are not guessed.
    - **Everything else** beyond three robust deviations (rolling median and MAD) is counted in one note:
      markets have fat tails.

    ## Thresholds

    Settings change them, for each profile by itself: `quality.live.stale_after: 20min` in a settings
    file, or `--set quality.training.move_max=0.8`.

    \(Self.thresholds)
    """
  }

  private static let training = QualityThresholds.training

  private static func row(_ code: FindingCode) -> String {
    let entry = code.entry
    return
      "| `\(code.rawValue)` | \(entry.severity.rawValue) | **\(entry.title)**. \(entry.meaning) | "
      + "\(entry.action) |"
  }

  private static var thresholds: String {
    let described = Configuration<QualityThresholds>.jsonSchema(title: "")
    guard case .object(let fields)? = described["properties"] else { return "" }
    let (training, live) = (Self.training, QualityThresholds.live)
    let schema = QualityThresholds.schema
    let rows = fields.map { field in
      let cells = [
        schema.json(of: training)[field.key], schema.json(of: live)[field.key],
        field.value["description"],
      ].compactMap(\.self)
      return "| `\(field.key)` | \(cells.map(plain).joined(separator: " | ")) |"
    }
    return "| threshold | training | live | meaning |\n|---|---|---|---|\n"
      + rows.joined(separator: "\n") + "\n"
  }

  private static func plain(_ json: JSON) -> String {
    if case .string(let text) = json { return text }
    return json.text()
  }
}
