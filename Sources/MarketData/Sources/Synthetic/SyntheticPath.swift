import Foundation
import Market
import Numerics
import Runtime

/// The price of one symbol, minute by minute and session after session.
///
/// Randomness is drawn apart for each session, so that what happens within one never shifts the next.
struct SyntheticPath {
  /// Of the rows it makes.
  static let columns = BarRow.plainColumns + ["vwap", "trade_count"]
  private static let sessionsPerYear = 252.0
  /// The part of a day's variance that falls between close and open.
  private static let nightShare = 0.2
  private static let quarter = 63

  private let settings: SyntheticSettings
  private let symbol: Symbol
  private let market, own: RandomStream
  private let minuteVolume: Double
  /// What is paid each quarter, as a part of the price.
  private let payout: Double
  private let payoutOffset: Int
  private var logPrice: Double
  private var regime: MarketRegime?
  /// Where the price was when the regime began.
  private var anchor = 0.0

  init(_ settings: SyntheticSettings, symbol: Symbol) {
    self.settings = settings
    self.symbol = symbol
    market = RandomStream(seed: settings.seed, purpose: "synthetic market")
    own = RandomStream(seed: settings.seed, purpose: "synthetic symbol").split(symbol.text)
    var character = own.split("character")
    logPrice = log(20 + 280 * character.uniform())
    minuteVolume = exp(log(2000) + character.uniform() * log(30))
    payout = character.uniform() < 0.6 ? 0.001 + 0.007 * character.uniform() : 0
    payoutOffset = character.index(below: Self.quarter)
  }

  /// The bars of a session's minutes, and what the company did before its open.
  mutating func next(
    _ session: Session, index: Int, regime now: MarketRegime
  ) -> (minutes: [BarRow], actions: [CorporateAction]) {
    if now != regime {
      regime = now
      anchor = logPrice
    }
    let actions = settings.hasActions ? act(session, index: index) : []
    let common = market.split(index)
    var (night, mine) = (common.split("night"), own.split(index).split("night"))
    let day = now.volatility / Self.sessionsPerYear.squareRoot()
    logPrice += day * Self.nightShare.squareRoot() * mixed(night.normal(), mine.normal())
    return (minutes(session, index: index, now, day: day), actions)
  }

  /// One normal number out of the market's and the symbol's own.
  private func mixed(_ common: Double, _ own: Double) -> Double {
    settings.correlation.squareRoot() * common + (1 - settings.correlation).squareRoot() * own
  }

  private mutating func act(_ session: Session, index: Int) -> [CorporateAction] {
    var actions: [CorporateAction] = []
    func action(_ kind: CorporateAction.Kind) -> CorporateAction {
      CorporateAction(symbol: symbol, date: session.date, knownAt: session.open, kind: kind)
    }
    if payout > 0, index > 0, index % Self.quarter == payoutOffset {
      let amount = (exp(logPrice) * payout * 100).rounded() / 100
      if amount > 0 {
        actions.append(action(.dividend(amount: amount)))
        logPrice = log(exp(logPrice) - amount)
      }
    }
    var stream = own.split(index).split("split")
    // About once in two years, where the price asks for it.
    if index > 0, stream.uniform() < 0.002 {
      let price = exp(logPrice)
      let ratio: Double? =
        price > 400
        ? [4, 10][stream.index(below: 2)]
        : price > 60 ? [2, 3][stream.index(below: 2)] : price < 8 ? 0.125 : nil
      if let ratio {
        actions.append(action(.split(ratio: ratio)))
        logPrice -= log(ratio)
        anchor -= log(ratio)
      }
    }
    return actions
  }

  private mutating func minutes(
    _ session: Session, index: Int, _ regime: MarketRegime, day: Double
  ) -> [BarRow] {
    var common = market.split(index).split("minutes")
    let streams = own.split(index)
    var (mine, extremes) = (streams.split("minutes"), streams.split("extremes"))
    var (jumps, volumes) = (streams.split("jumps"), streams.split("volumes"))
    let places = session.bars(.minute)
    let weights = Self.shape(places.count)
    // A half day has half a day's variance, not a whole one in less time.
    let part = Double(places.count) / 390
    let drift =
      (regime.drift / Self.sessionsPerYear + regime.reversion * (anchor - logPrice)) * part
    let jumpChance = settings.jumpsPerYear / (Self.sessionsPerYear * 390)
    return places.indices.map { minute in
      let sigma = day * ((1 - Self.nightShare) * part * weights[minute]).squareRoot()
      let from = logPrice
      logPrice += drift / Double(places.count) + sigma * mixed(common.normal(), mine.normal())
      var swing = 1.0
      if jumps.uniform() < jumpChance {
        logPrice += 3 * day * jumps.normal()
        swing = 8
      }
      let traded =
        minuteVolume * Double(places.count) * weights[minute] * swing
        * exp(0.5 * volumes.normal() - 0.125) * (0.6 + 2.5 * regime.volatility)
      return Self.row(
        places[minute], from: from, to: logPrice, sigma: sigma,
        extremes: (extremes.exponential(), extremes.exponential()), volume: traded.rounded())
    }
  }

  /// A minute's bar: its extremes are those of a Brownian bridge from open to close, prices are whole
  /// cents.
  private static func row(
    _ place: Range<Timestamp>, from: Double, to: Double, sigma: Double,
    extremes: (Double, Double), volume: Double
  ) -> BarRow {
    func extreme(_ sign: Double, _ exponential: Double) -> Double {
      let reach = ((to - from) * (to - from) + 2 * sigma * sigma * exponential).squareRoot()
      return (from + to + sign * reach) / 2
    }
    func cents(_ logPrice: Double) -> Double { max(1, (exp(logPrice) * 100).rounded()) / 100 }
    let (open, close) = (cents(from), cents(to))
    let (high, low) = (cents(extreme(1, extremes.0)), cents(extreme(-1, extremes.1)))
    let mean = ((open + high + low + close) * 2500).rounded() / 10_000
    let traded = max(1, volume)
    return BarRow(
      start: place.lowerBound, end: place.upperBound, knownAt: place.upperBound,
      values: [open, high, low, close, traded, mean, max(1, (traded / 120).rounded())])
  }

  /// How a session's trading is spread over its minutes: much at the open and the close.
  private static func shape(_ count: Int) -> [Double] {
    let raw = (0..<count).map { minute -> Double in
      let x = 2 * (Double(minute) + 0.5) / Double(count) - 1
      return 0.5 + 2 * x * x * x * x
    }
    let total = raw.reduce(0, +)
    return raw.map { $0 / total }
  }
}
