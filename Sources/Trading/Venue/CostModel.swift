import Foundation
import Market
import Numerics
import Runtime

/// What trading costs, always on: half the spread on each side, slippage, and charges.
public struct CostModel: Hashable, Sendable {
  public var halfSpread: Rate
  public var slippage: Slippage
  /// So many hundredths for one unit besides, but no more than 5 bp of the price each: prices adjusted for
  /// splits are smaller than those that had ticks. Below zero the fill is better.
  public var extraTicks: Int
  public var commission: Commission

  public init(
    halfSpread: Rate = .zero, slippage: Slippage = .none, extraTicks: Int = 0,
    commission: Commission = .none
  ) {
    self.halfSpread = halfSpread
    self.slippage = slippage
    self.extraTicks = extraTicks
    self.commission = commission
  }

  /// What someone who takes what the market offers pays or gets. In an auction all trade at one price.
  func price(
    _ reference: Price, _ side: Side, _ traffic: Traffic, inAuction: Bool = false
  ) throws(FixedPointError) -> Price {
    var worse = inAuction ? .zero : try Price.product(reference, halfSpread).value
    worse = try worse.adding(slippage.amount(reference, traffic))
    if extraTicks != 0 { worse = try worse.adding(ticks(of: reference)) }
    return side == .buy ? try reference.adding(worse) : try reference.subtracting(worse)
  }

  private func ticks(of price: Price) throws(FixedPointError) -> Price {
    let tick = min(Price(steps: Price.stepsPerUnit / 100), try price.scaled(by: 5, over: 10_000))
    return try tick.multiplied(by: Int64(extraTicks))
  }

  /// Whole lots that `cash` pays for at `price`, charges included.
  func affordable(
    _ cash: Cash, _ instrument: Instrument, at price: Price, after traded: TradedSoFar = .init()
  ) throws(FixedPointError) -> Quantity {
    guard cash > .zero, price > .zero else { return .zero }
    let perUnit = try price.multiplied(by: instrument.multiplier)
    var quantity = try Quantity(of: cash, at: perUnit).rounded(toLot: instrument.lotSize)
    // Each round takes off what is missing for the charges; these grow with the quantity, so it ends.
    while quantity > .zero {
      let worth = try instrument.value(of: quantity, at: price, rounding: .up).cash
      let charges = try commission.charges(.buy, quantity, worth, after: traded)
      let missing = try worth.adding(charges.total).subtracting(cash)
      guard missing > .zero else { return quantity }
      let less = try Quantity(of: missing, at: perUnit, rounding: .up)
        .rounded(toLot: instrument.lotSize, rounding: .up)
      quantity = try quantity.subtracting(max(less, instrument.lotSize))
    }
    return .zero
  }
}

/// How much of the market an order takes.
struct Traffic {
  var quantity: Quantity
  /// Traded in the bar, by all; missing where nobody counts.
  var volume: Double
  /// High over low of the bar, minus one.
  var range: Double

  static let none = Traffic(quantity: .zero, volume: .nan, range: 0)
}

/// How much worse than the market's price an order is filled because of its size.
public enum Slippage: Hashable, Sendable {
  case none
  /// So much for one unit.
  case amount(Price)
  /// A part of the price.
  case part(Rate)
  /// `factor` × (quantity / volume)², as a part of the price.
  case volumeShare(factor: Double)
  /// `factor` × the bar's volatility × √(quantity / volume), as a part of the price. The volatility is
  /// Parkinson's: ln(high/low) / (2 √ln 2).
  case squareRoot(factor: Double)

  func amount(_ price: Price, _ traffic: Traffic) throws(FixedPointError) -> Price {
    let share = traffic.volume > 0 ? min(1, Double(traffic.quantity) / traffic.volume) : 0
    switch self {
    case .none: return .zero
    case .amount(let amount): return amount
    case .part(let part): return try Price.product(price, part).value
    case .volumeShare(let factor):
      return try Price.product(price, Rate(nearest: factor * share * share)).value
    case .squareRoot(let factor):
      let volatility = log1p(traffic.range) / (2 * 0.8325546111576977)
      return try Price.product(price, Rate(nearest: factor * volatility * share.squareRoot()))
        .value
    }
  }
}
