/// One page in one file: no network, light and dark, from a phone's width to a desk's, printable.
public struct Page: Sendable {
  /// A part of a page, from top to bottom.
  public enum Block: Sendable {
    case heading(String)
    case text(String)
    /// What this is about, in words and their values.
    case facts([Fact])
    /// The one sentence to take away.
    case verdict(String)
    case figures([Figure])
    case chart(TimeChart)
    case plot(PlotChart)
    case candles(CandleChart)
    case coverage(CoverageChart)
    case heat(HeatChart)
    case histograms(HistogramChart)
    case distribution(DistributionChart)
    case bars(BarsChart)
    case intervals(IntervalsChart)
    case table(Table)
    /// Tables behind a line that opens them.
    case fold(String, [Table])
  }

  public struct Fact: Sendable {
    public var name, value: String
    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// A number with its name and what a reader should know beside it.
  public struct Figure: Sendable {
    public var name, value: String
    /// Where the value may lie as well: `0.4 … 1.8`.
    public var interval: String?
    public var note: String?
    /// Stands right under the figure it concerns.
    public var warning: String?
    /// Why there is no value, where there is none.
    public var missing: String?

    public init(
      _ name: String, _ value: String, interval: String? = nil, note: String? = nil,
      warning: String? = nil, missing: String? = nil
    ) {
      self.name = name
      self.value = value
      self.interval = interval
      self.note = note
      self.warning = warning
      self.missing = missing
    }
  }

  public struct Table: Sendable {
    public enum Column: Sendable {
      case words(String)
      case numbers(String)
    }
    public var caption: String
    public var columns: [Column]
    public var rows: [[String]]

    public init(caption: String, columns: [Column], rows: [[String]]) {
      self.caption = caption
      self.columns = columns
      self.rows = rows
    }
  }

  public var title: String
  public var blocks: [Block]

  public init(title: String, blocks: [Block]) {
    self.title = title
    self.blocks = blocks
  }

  public func html() -> String {
    let body = blocks.enumerated().map { index, block in block.html(id: "block\(index)") }.joined()
    let html: HTML = """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
      style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
      <title>\(title)</title>
      <style>\(HTML(trusted: Stylesheet.text))</style>
      </head>
      <body>
      <main>
      <h1>\(title)</h1>
      \(body)</main>
      \(script)</body>
      </html>

      """
    return html.description
  }

  /// The charting library once, then the page's own lines that use it.
  private var script: HTML {
    let library = blocks.lazy.compactMap { block -> String? in
      guard case .candles(let chart) = block else { return nil }
      return chart.library
    }.first
    guard let library else { return "" }
    return HTML(
      trusted: "<script>\(library)</script>\n<script>\(CandleScript.text)</script>\n")
  }
}

extension Page.Block {
  func html(id: String) -> HTML {
    switch self {
    case .heading(let text): "<h2>\(text)</h2>\n"
    case .text(let text): "<p>\(text)</p>\n"
    case .verdict(let text): "<p class=\"verdict\">\(text)</p>\n"
    case .facts(let facts):
      "<dl class=\"facts\">\(facts.map { "<div><dt>\($0.name)</dt><dd>\($0.value)</dd></div>" as HTML }.joined())</dl>\n"
    case .figures(let figures):
      "<dl class=\"figures\">\(figures.map(\.html).joined())</dl>\n"
    case .chart(let chart): chart.html(id: id)
    case .plot(let chart): chart.html(id: id)
    case .candles(let chart): chart.html(id: id)
    case .coverage(let chart): chart.html(id: id)
    case .heat(let chart): chart.html(id: id)
    case .histograms(let chart): chart.html(id: id)
    case .distribution(let chart): chart.html(id: id)
    case .bars(let chart): chart.html(id: id)
    case .intervals(let chart): chart.html(id: id)
    case .table(let table): table.html
    case .fold(let title, let tables):
      "<details class=\"fold\"><summary>\(title)</summary>\(tables.map(\.html).joined())</details>\n"
    }
  }
}

extension Page.Figure {
  fileprivate var html: HTML {
    let value: HTML =
      if let missing {
        "<dd class=\"missing\" title=\"\(missing)\">\(NumberText.absent)</dd>"
      } else if let interval {
        "<dd>\(value) <span class=\"interval\">(\(interval))</span></dd>"
      } else { "<dd>\(value)</dd>" }
    let note: HTML = (missing ?? note).map { "<dd class=\"note\">\($0)</dd>" } ?? ""
    let warning: HTML = warning.map { "<dd class=\"warning\">! \($0)</dd>" } ?? ""
    return "<div><dt>\(name)</dt>\(value)\(note)\(warning)</div>"
  }
}

extension Page.Table {
  var html: HTML {
    let head = columns.map { column -> HTML in
      switch column {
      case .words(let title): "<th scope=\"col\">\(title)</th>"
      case .numbers(let title): "<th scope=\"col\" class=\"number\">\(title)</th>"
      }
    }.joined()
    let body = rows.map { row -> HTML in
      let cells = zip(columns, row).map { column, cell -> HTML in
        switch column {
        // Sentences wrap; what is looked up in columns does not.
        case .words where cell.utf8.count > 40: "<td class=\"long\">\(cell)</td>"
        case .words: "<td>\(cell)</td>"
        case .numbers: "<td class=\"number\">\(cell)</td>"
        }
      }.joined()
      return "<tr>\(cells)</tr>\n"
    }.joined()
    return """
      <div class="table" tabindex="0" role="region" aria-label="\(caption)"><table>
      <caption>\(caption)</caption>
      <thead><tr>\(head)</tr></thead>
      <tbody>
      \(body)</tbody>
      </table></div>

      """
  }
}
