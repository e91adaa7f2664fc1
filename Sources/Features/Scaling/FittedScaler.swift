import Foundation
import Market
import Numerics
import Runtime

/// How a column of numbers is brought to a scale that models learn on.
public enum Scaling: String, CaseIterable, Sendable {
  /// Less the mean, over the standard deviation.
  case standard
  /// Less the median, over the distance between the quartiles.
  case robust
  /// To its place among the values seen, from 0 to 1.
  case quantile
  /// To the normal value at that place.
  case rankGaussian = "rank_gaussian"
}

/// Scales learned from one stretch of time, and that stretch: a scaler that has seen the validation
/// or test part is refused, because it would tell of the future.
public struct FittedScaler: Equatable, Sendable {
  /// What is known of one column.
  public enum Scale: Equatable, Sendable {
    /// `(value − centre) / width`.
    case linear(centre: Double, width: Double)
    /// It never changed: `value − centre`.
    case constant(Double)
    /// Quantiles at even ranks from 0 to 1.
    case places([Double], isGaussian: Bool)
    /// It had no value at all; everything stays missing.
    case empty
  }

  public let scaling: Scaling
  public let names: [String]
  public let scales: [Scale]
  /// From the first to the last instant (`knownAt`, UTC) whose values were seen.
  public let fitted: ClosedRange<Timestamp>

  /// How many quantiles a place is looked up among.
  static let placeCount = 1001

  init(
    scaling: Scaling, names: [String], scales: [Scale], fitted: ClosedRange<Timestamp>
  ) {
    self.scaling = scaling
    self.names = names
    self.scales = scales
    self.fitted = fitted
  }

  /// Learns from the rows given, and from no others.
  ///
  /// - Parameters:
  ///   - columns: all as long as `knownAt`; missing values are passed over.
  ///   - rows: of the training part.
  public init(
    _ scaling: Scaling, columns: [(name: String, values: Column<Double>)],
    knownAt: Column<Int64>, rows: [Int]
  ) throws(ScalingError) {
    guard let first = rows.map({ knownAt[$0] }).min(), let last = rows.map({ knownAt[$0] }).max()
    else { throw .noRows }
    var scales: [Scale] = []
    for column in columns {
      precondition(column.values.count == knownAt.count, "columns are equally long")
      let values = rows.map { column.values[$0] }.filter { !$0.isNaN }
      if values.contains(where: { $0.isInfinite }) { throw .infinite(column: column.name) }
      scales.append(try Self.scale(of: values, scaling, column: column.name))
    }
    self.init(
      scaling: scaling, names: columns.map(\.name), scales: scales,
      fitted: Timestamp(nanoseconds: first)...Timestamp(nanoseconds: last))
  }

  private static func scale(
    of values: [Double], _ scaling: Scaling, column: String
  ) throws(ScalingError) -> Scale {
    guard !values.isEmpty else { return .empty }
    do throws(StatisticsError) {
      switch scaling {
      case .standard:
        let moments = StreamingMoments(values.span)
        let deviation = values.count > 1 ? moments.deviation() : 0
        return linear(moments.mean, deviation)
      case .robust:
        let quartiles = try Quantiles.exact(values, at: [0.25, 0.5, 0.75])
        return linear(quartiles[1], quartiles[2] - quartiles[0])
      case .quantile, .rankGaussian:
        let ranks = (0..<placeCount).map { Double($0) / Double(placeCount - 1) }
        return .places(
          try Quantiles.exact(values, at: ranks), isGaussian: scaling == .rankGaussian)
      }
    } catch {
      throw .statistics(column: column, error.diagnosis.finding)
    }
  }

  private static func linear(_ centre: Double, _ width: Double) -> Scale {
    width.isFinite && width > 0 ? .linear(centre: centre, width: width) : .constant(centre)
  }

  /// Columns that never changed, or had no value, where the scales were learned.
  public var uninformative: [String] {
    zip(names, scales).filter { _, scale in
      switch scale {
      case .empty, .constant: true
      case .linear: false
      case .places(let places, _): places.first == places.last
      }
    }.map(\.0)
  }

  /// Refuses a scaler whose stretch of time touches one it must not have seen.
  public func check(unseen part: String, _ range: ClosedRange<Timestamp>) throws(ScalingError) {
    guard !fitted.overlaps(range) else {
      throw .sawTheFuture(part: part, fitted: fitted, range: range)
    }
  }

  /// The column on its new scale.
  public func scaled(_ name: String, _ values: Column<Double>) throws(ScalingError) -> Column<
    Double
  > {
    guard let index = names.firstIndex(of: name) else {
      throw .unknownColumn(name, known: names)
    }
    let scale = scales[index]
    return Column(values.map { scale.applied(to: $0) })
  }
}

extension FittedScaler.Scale {
  public func applied(to value: Double) -> Double {
    guard !value.isNaN else { return .nan }
    switch self {
    case .empty: return .nan
    case .linear(let centre, let width): return (value - centre) / width
    case .constant(let centre): return value - centre
    case .places(let places, let isGaussian):
      let place = Self.place(of: value, in: places)
      return isGaussian ? Self.gaussian(place) : place
    }
  }

  /// Between 0 and 1; the middle of its stretch for a value that many samples share.
  private static func place(of value: Double, in places: [Double]) -> Double {
    let last = places.count - 1
    if value < places[0] { return 0 }
    if value > places[last] { return 1 }
    let first = firstIndex(in: places) { $0 >= value }
    let after = firstIndex(in: places) { $0 > value }
    if after > first { return Double(first + after - 1) / 2 / Double(last) }
    let below = places[first - 1]
    let part = (value - below) / (places[first] - below)
    return (Double(first - 1) + part) / Double(last)
  }

  private static func firstIndex(in places: [Double], where holds: (Double) -> Bool) -> Int {
    var (low, high) = (0, places.count)
    while low < high {
      let middle = (low + high) / 2
      if holds(places[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }

  /// Ranks at the ends are drawn in, so that no value becomes infinite (5.2 at most).
  private static func gaussian(_ place: Double) -> Double {
    let drawn = min(max(place, 1e-7), 1 - 1e-7)
    // Of a number between 0 and 1 the quantile always exists.
    do { return try NormalDistribution.standard.quantile(drawn) } catch { return .nan }
  }
}

/// Why columns cannot be scaled.
public enum ScalingError: DiagnosedError, Equatable {
  case noRows
  case infinite(column: String)
  case statistics(column: String, String)
  case unknownColumn(String, known: [String])
  /// No scaler that this program saved.
  case unreadable(source: String)
  case sawTheFuture(part: String, fitted: ClosedRange<Timestamp>, range: ClosedRange<Timestamp>)

  public var diagnosis: Diagnosis {
    switch self {
    case .noRows:
      Diagnosis(
        place: "scaler", finding: "the training part has no rows",
        remedy: "give more bars, or a larger share to train")
    case .infinite(let column):
      Diagnosis(
        place: "column \(column)", finding: "holds an infinite value",
        remedy: "leave the column out, or make it missing where it is not finite")
    case .statistics(let column, let finding):
      Diagnosis(
        place: "column \(column)", finding: finding, remedy: "look at the column, or leave it out")
    case .unknownColumn(let name, let known):
      Diagnosis(
        place: "scaler", finding: "was not fitted on column \(Excerpt.quoted(name))",
        remedy: Words.suggestion(for: name, among: known)
          ?? "fit it again with that column")
    case .unreadable(let source):
      Diagnosis(
        place: source, finding: "is no scaler that was saved",
        remedy: "build the training set again: martinet features build --config FILE")
    case .sawTheFuture(let part, let fitted, let range):
      Diagnosis(
        place: "scaler",
        finding: "was fitted on \(fitted.lowerBound) to \(fitted.upperBound), which touches "
          + "\(part) (\(range.lowerBound) to \(range.upperBound))",
        remedy: "fit it on the training part only", exitCode: .refused)
    }
  }
}
