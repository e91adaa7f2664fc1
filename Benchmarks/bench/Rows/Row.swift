/// One line of the table of benchmarks: a piece of work, ours and a peer's, and what it must reach.
struct Row: Sendable {
  let bench: String
  let name: String
  let figure: Figure
  let target: Target
  /// `nil` for a row that is absolute.
  let peer: PeerCase?
  let agreement: Agreement
  let limit: LimitFormula
  /// Whether our side computes with OpenBLAS, whose kernels are then part of the result.
  let usesBLAS: Bool
  /// The work at full size, or at a thousandth of it for a check that the row runs.
  let make: @Sendable (WorkSize) -> Work

  var path: String { "\(bench)/\(name)" }
}

enum WorkSize: Sendable {
  case full, tiny
}

/// How the seconds of one run become the figure of a row.
enum Figure: Sendable {
  /// Seconds times a scale: 1000 for milliseconds.
  case time(unit: String, perSecond: Double)
  /// Items of one run, in the unit's own size, over its seconds.
  case rate(unit: String, perItem: Double)

  var unit: String {
    switch self {
    case .time(let unit, _), .rate(let unit, _): unit
    }
  }

  var better: String {
    switch self {
    case .time: "lower"
    case .rate: "higher"
    }
  }

  func value(seconds: Double, items: Double) -> Double {
    switch self {
    case .time(_, let perSecond): seconds * perSecond
    case .rate(_, let perItem): items * perItem / seconds
    }
  }
}

/// What a row must reach.
enum Target: Sendable {
  /// Times better than the peer.
  case ratio(Double)
  /// Our figure must not exceed this.
  case atMost(Double)

  var value: Double {
    switch self {
    case .ratio(let value), .atMost(let value): value
    }
  }
}

/// A peer: a script of Benchmarks/peers and the environment it runs in.
struct PeerCase: Sendable {
  let name: String
  /// The environment under .deps/peers.
  let group: String
  let script: String
}

/// How both sides' outputs are compared before anything is timed.
struct Agreement: Sendable {
  enum Measure: Sendable {
    /// |a − b| / |b|, with `floor` in place of a smaller |b|.
    case relative(floor: Double)
    case absolute
    /// |a − b| over the greatest |b|.
    case ofGreatest
    /// The same for each run of so many elements by itself.
    case ofGreatestInRun(length: Int)
  }

  let measure: Measure
  let tolerance: Double
  /// What is compared, in words.
  let text: String

  /// The greatest error; infinite where shapes differ or one side alone is not a number.
  func greatestError(ours: [Double], peers: [Double]) -> Double {
    guard ours.count == peers.count, !ours.isEmpty else { return .infinity }
    if case .ofGreatestInRun(let length) = measure, length < ours.count {
      let whole = Agreement(measure: .ofGreatest, tolerance: tolerance, text: text)
      return stride(from: 0, to: ours.count, by: length).reduce(0) { worst, start in
        let run = start..<min(start + length, ours.count)
        return max(worst, whole.greatestError(ours: Array(ours[run]), peers: Array(peers[run])))
      }
    }
    let greatest = peers.reduce(0) { max($0, $1.magnitude) }
    var worst = 0.0
    for (a, b) in zip(ours, peers) where a != b && !(a.isNaN && b.isNaN) {
      let difference = (a - b).magnitude
      let error =
        switch measure {
        case .relative(let floor): difference / max(b.magnitude, floor)
        case .absolute: difference
        case .ofGreatest, .ofGreatestInRun: difference / greatest
        }
      worst = error.isNaN ? .infinity : max(worst, error)
    }
    return worst
  }
}

/// The work of a row at one size.
struct Work {
  /// Shown with the figures: `4096x512`.
  let size: String
  /// What a rate counts.
  let items: Double
  let inputs: [Input]
  /// Reads the inputs, makes room for results and gives the two closures.
  let prepare: ([InputFile]) throws -> Prepared
}

/// Our side, ready to be timed.
struct Prepared {
  let run: () throws -> Void
  /// The result of the latest run, in the order the peer writes it.
  let output: () throws -> [Double]
  /// What is shown with the size of the work once it has run: how large a file became.
  var remark: () throws -> String? = { nil }
}
