/// A still chart of values over time.
public struct TimeChart: Sendable {
  public struct Series: Sendable {
    public enum Role: String, Sendable {
      case subject, benchmark, loss
      /// Further subjects beside the first.
      case second, third, fourth
    }
    public var label: String
    public var role: Role
    /// One for each time; NaN shows as a gap.
    public var values: [Double]
    /// Filled down from zero instead of drawn as a line.
    public var isArea: Bool

    public init(_ label: String, _ role: Role, _ values: [Double], isArea: Bool = false) {
      self.label = label
      self.role = role
      self.values = values
      self.isArea = isArea
    }
  }

  /// Something that happened at a point: a triangle that points up or down.
  public struct Mark: Sendable {
    public var index: Int
    public var value: Double
    public var pointsUp: Bool

    public init(index: Int, value: Double, pointsUp: Bool) {
      self.index = index
      self.value = value
      self.pointsUp = pointsUp
    }
  }

  public enum Format: Sendable {
    case percent, ratio, compact

    func text(_ value: Double) -> String {
      switch self {
      case .percent: NumberText.percent(value)
      case .ratio: NumberText.ratio(value)
      case .compact: NumberText.compact(value)
      }
    }

    /// On an axis round values need no decimals.
    func ticks(_ values: [Double]) -> [String] {
      switch self {
      case .percent:
        // A tick such as −0.6 is not whole percent to the last bit.
        NumberText.ticks(values.map { ($0 * 1e6).rounded() / 1e4 }).map { $0 + "%" }
      case .ratio, .compact: NumberText.ticks(values)
      }
    }
  }

  /// States what the chart shows.
  public var title: String
  /// One sentence.
  public var caption: String
  public var times: [Timestamp]
  public var series: [Series]
  public var marks: [Mark]
  public var format: Format
  /// On a logarithmic axis when the largest value is more than three times the smallest.
  public var growsByFactors: Bool
  /// Of the drawing, in pixels of a wide screen.
  public var height: Int
  /// The point whose value is written beside it.
  public var labelledIndex: Int?
  /// Times have a time of day that matters.
  public var showsTimeOfDay: Bool

  public init(
    title: String, caption: String, times: [Timestamp], series: [Series], marks: [Mark] = [],
    format: Format, growsByFactors: Bool = false, height: Int = 320, labelledIndex: Int? = nil,
    showsTimeOfDay: Bool = false
  ) {
    precondition(series.allSatisfy { $0.values.count == times.count }, "a value for each time")
    self.title = title
    self.caption = caption
    self.times = times
    self.series = series
    self.marks = marks
    self.format = format
    self.growsByFactors = growsByFactors
    self.height = height
    self.labelledIndex = labelledIndex
    self.showsTimeOfDay = showsTimeOfDay
  }

  func html(id: String) -> HTML {
    figure(id: id, title, caption, table: table.html, drawing: drawings(id: id))
  }

  /// Three drawings of which the page shows the one that fits, so that letters keep their size.
  func drawings(id: String) -> HTML {
    [("narrow", 344, 0.8), ("medium", 700, 0.9), ("wide", 1080, 1.0)].map { name, width, share in
      Drawing(chart: self, width: width, height: Int(Double(height) * share))
        .svg(name: name, titleID: id)
    }.joined()
  }

  /// `2024-03-08 09:30`.
  static func minute(_ time: Timestamp) -> String {
    String(time.description.prefix(16)).replacing("T", with: " ")
  }

  /// Every point, or of many the last of each month.
  var table: Page.Table {
    let isLong = times.count > 400
    let rows = times.indices.filter { row in
      guard isLong, row + 1 < times.count else { return true }
      let date = times[row].utcDate.yearMonthDay
      let next = times[row + 1].utcDate.yearMonthDay
      return (date.year, date.month) != (next.year, next.month)
    }
    return Page.Table(
      caption: isLong ? "\(title), at the end of each month" : title,
      columns: [.words("date")] + series.map { .numbers($0.label) },
      rows: rows.map { row in
        [showsTimeOfDay ? Self.minute(times[row]) : times[row].utcDate.description]
          + series.map { format.text($0.values[row]) }
      })
  }
}
