import Market
import MarketData
import Numerics
import Runtime

/// A column that is worked out over whole frames before a plan runs, because it needs more than the
/// bars so far of one symbol: bars of another length, other symbols, or what is not known yet.
///
/// What looks ahead can be written and evaluated so that proofs can catch it and labels be made;
/// whoever builds or trades asks `looksAhead` and refuses.
public struct DerivedColumn: Hashable, Sendable {
  /// A number made of a whole column.
  public enum Statistic: Hashable, Sendable {
    case mean, sum, deviation, variance, least, greatest
    case quantile(Double)
    /// How many standard deviations (of the sample) each value is above the column's mean.
    case score
  }

  public enum Making: Hashable, Sendable {
    /// The value so many bars later.
    case later(Int)
    case whole(Statistic)
    /// Of longer bars: the last one that was over, or the one that was still being made.
    case coarse(BarInterval, isFinished: Bool)
    /// The rank among the symbols whose bars became known at the same instant, from 0 to 1.
    case amongSymbols
  }

  public let making: Making
  public let operand: Expression
  /// As it would be written; also the column's name in a frame.
  public let name: String

  init(_ making: Making, of operand: Expression) {
    self.making = making
    self.operand = operand
    let text = operand.text
    name =
      switch making {
      case .later(let bars): "ref(\(text), -\(bars))"
      case .whole(let statistic): statistic.call(text)
      case .coarse(let interval, true): "timeframe(\(text), '\(interval)')"
      case .coarse(let interval, false): "timeframe(\(text), '\(interval)', 'unfinished')"
      case .amongSymbols: "rank(\(text))"
      }
  }

  public var looksAhead: Bool {
    switch making {
    case .later, .whole, .coarse(_, isFinished: false): true
    case .coarse(_, isFinished: true), .amongSymbols: false
    }
  }

  /// Why it cannot be known at its bar, in words.
  public var words: String {
    switch making {
    case .later(let bars): "it reads \(bars == 1 ? "the next bar" : "\(bars) bars ahead")"
    case .whole: "it is a statistic of the whole column, bars that come later included"
    case .coarse(let interval, _): "it reads a bar of \(interval) that is not over yet"
    case .amongSymbols: "it reads other symbols at the same instant"
    }
  }

  func lookAhead(at place: String) -> ExpressionError {
    let remedy =
      switch making {
      case .later: "give a number of bars that is not negative: ref(close, 1) is the bar before"
      case .whole: "give it a number of bars, as in mean(close, 20)"
      default: "leave out 'unfinished': then the last bar that is over is read"
      }
    return ExpressionError(
      .looksAhead, at: place, "\(Excerpt.bare(name, longest: 100)) looks ahead: \(words)", remedy)
  }
}

// How it is worked out.
extension DerivedColumn {
  /// The column over `bars`, in which those it is derived from are already.
  func column(over bars: BarColumns) throws(FeatureError) -> Column<Double> {
    if case .coarse(let interval, let isFinished) = making {
      return try coarse(interval, isFinished: isFinished, over: bars)
    }
    // Ranks need the other symbols: `FeatureChoice.joined` has put them there.
    if making == .amongSymbols { return try bars.column(name) }
    let values = try FeaturePlan([operand]).columns(over: [bars])[0][0]
    switch making {
    case .later(let bars):
      return Column(
        values.indices.map { $0 + bars < values.count ? values[$0 + bars] : .nan })
    case .whole(let statistic): return statistic.column(of: values)
    default: return values
    }
  }

  private func coarse(
    _ interval: BarInterval, isFinished: Bool, over bars: BarColumns
  ) throws(FeatureError) -> Column<Double> {
    let fine = bars.frame
    guard let calendar = TradingCalendar.all.first(where: { $0.zone == bars.zone }) else {
      throw .noCalendar(symbol: fine.symbol, column: name)
    }
    let coarse: Frame
    do throws(FrameError) {
      // The bar in the making is wanted too where its end is to be read before it is over.
      coarse = try fine.resampled(
        to: interval, calendar: calendar,
        completeThrough: isFinished ? nil : Timestamp(nanoseconds: .max))
    } catch { throw .frame(error) }
    let values = try FeaturePlan([operand]).columns(
      over: [BarColumns(coarse, zone: bars.zone)])[0][0]
    return Column(
      (0..<fine.count).map { row in
        let after =
          isFinished
          ? coarse.knownAt.firstRow(from: fine.knownAt[row] &+ 1)
          : coarse.start.firstRow(from: fine.start[row] &+ 1)
        return after > 0 ? values[after - 1] : .nan
      })
  }
}

extension DerivedColumn.Statistic {
  fileprivate func call(_ text: String) -> String {
    switch self {
    case .mean: "mean(\(text))"
    case .sum: "sum(\(text))"
    case .deviation: "std(\(text))"
    case .variance: "var(\(text))"
    case .least: "min(\(text))"
    case .greatest: "max(\(text))"
    case .quantile(let share): share == 0.5 ? "med(\(text))" : "quantile(\(text), \(share))"
    case .score: "zscore(\(text))"
    }
  }

  /// Over all rows at once, wherever they lie in time.
  fileprivate func column(of values: Column<Double>) -> Column<Double> {
    let known = values.filter { !$0.isNaN }
    let moments = StreamingMoments(known.span)
    let number: Double
    switch self {
    case .mean: number = moments.mean
    case .sum: number = known.reduce(0, +)
    case .deviation: number = moments.deviation()
    case .variance: number = moments.deviation() * moments.deviation()
    case .least: number = known.min() ?? .nan
    case .greatest: number = known.max() ?? .nan
    case .quantile(let share):
      // Of no values there is no quantile, and no other reason to fail.
      do { number = try Quantiles.exact(known, at: [share])[0] } catch { number = .nan }
    case .score:
      let (mean, deviation) = (moments.mean, moments.deviation())
      return Column(values.map { (($0 - mean) / deviation).orMissing })
    }
    return Column(repeating: known.isEmpty ? .nan : number.orMissing, count: values.count)
  }
}
