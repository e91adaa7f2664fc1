/// The words of a line of progress; pure, so that every width and state can be tested.
struct ProgressLine {
  var label: String
  var done: Int
  /// How many there will be, where that is known.
  var total: Int?
  /// Items a second.
  var rate: Double?
  var isUTF8: Bool

  private static let barCells = 10

  /// `fetch NVDA 5min  ███████░░░  68%  1.2k/s  ETA 14s`, without what does not fit in `width`.
  func terminal(width: Int) -> String {
    var columns = [label]
    if let fraction {
      columns.append(bar(fraction))
      columns.append(percent(fraction))
    } else {
      columns.append(Self.amount(Double(done)))
    }
    columns += timing
    // From the least wanted on: ETA, rate, bar.
    while columns.count > 2, Self.count(columns) > width { columns.removeLast() }
    let line = columns.joined(separator: "  ")
    return line.count <= width ? line : String(line.prefix(max(0, width)))
  }

  /// The same without a bar, for files.
  var plain: String {
    var columns = [label]
    if let fraction, let total {
      columns += [percent(fraction).trimmedFront, "\(done)/\(total)"]
    } else {
      columns.append("\(done)")
    }
    return (columns + timing).joined(separator: "  ")
  }

  private var timing: [String] {
    guard let rate, rate > 0, rate.isFinite else { return [] }
    let speed = "\(Self.amount(rate))/s"
    guard let total, done < total else { return [speed] }
    return [speed, "ETA " + Self.seconds(Double(total - done) / rate)]
  }

  private var fraction: Double? {
    guard let total, total > 0 else { return nil }
    return min(1, max(0, Double(done) / Double(total)))
  }

  private func bar(_ fraction: Double) -> String {
    // Rounded down: the bar is full only when all is done.
    let full = Int(fraction * Double(Self.barCells))
    return String(repeating: isUTF8 ? "█" : "#", count: full)
      + String(repeating: isUTF8 ? "░" : "-", count: Self.barCells - full)
  }

  private func percent(_ fraction: Double) -> String {
    let text = "\(Int(fraction * 100))%"
    return String(repeating: " ", count: max(0, 3 - text.utf8.count)) + text
  }

  private static func count(_ columns: [String]) -> Int {
    columns.reduce(0) { $0 + $1.count } + 2 * (columns.count - 1)
  }

  /// `999`, `1.2k`, `68k`, `1.5M`.
  static func amount(_ value: Double) -> String {
    var scaled = value
    for suffix in ["", "k", "M", "G"] {
      if scaled < 999.5 {
        // One digit after the point below ten, where there is one.
        let isShort = scaled >= 9.95 || scaled == scaled.rounded()
        return isShort
          ? "\(Int(scaled.rounded()))\(suffix)" : "\((scaled * 10).rounded() / 10)\(suffix)"
      }
      scaled /= 1000
    }
    return "\(Int(min(scaled, 1e15).rounded()))T"
  }

  /// `14s`, `3min20s`, `1h05min`, `2d03h`.
  static func seconds(_ value: Double) -> String {
    guard value < 1e9 else { return "years" }
    let total = Int(value.rounded(.up))
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return switch total {
    case ..<60: "\(total)s"
    case ..<3600: "\(total / 60)min\(two(total % 60))s"
    case ..<86_400: "\(total / 3600)h\(two(total / 60 % 60))min"
    default: "\(total / 86_400)d\(two(total / 3600 % 24))h"
    }
  }
}

extension String {
  fileprivate var trimmedFront: String { String(drop { $0 == " " }) }
}
