import Market
import Numerics

/// What a broker and the state take of a trade.
public enum Commission: Hashable, Sendable {
  case none
  /// A part of the value of each fill.
  case part(Rate)
  case perOrder(Cash)
  /// So much a share: at least `minimum` an order, at most `most` of its value.
  case perShare(Price, minimum: Cash, most: Rate)
  /// Interactive Brokers' tiered plan: what a share costs falls with the shares of the month.
  case tiers([Tier], minimum: Cash, most: Rate)
  case indian(IndianCharges)
  /// Another, so many times over.
  indirect case multiple(Commission, Int64)

  /// Shares of the month up to `upTo` cost `perShare` each.
  public struct Tier: Hashable, Sendable {
    public var upTo: Quantity
    public var perShare: Price

    public init(upTo: Quantity, perShare: Price) {
      self.upTo = upTo
      self.perShare = perShare
    }
  }

  /// What a further fill of an order is charged: what the order costs with it, less what was charged.
  func charges(
    _ side: Side, _ quantity: Quantity, _ worth: Cash, after traded: TradedSoFar
  ) throws(FixedPointError) -> Charges {
    let value = try traded.value.adding(worth.magnitude())
    let shares = try traded.quantity.adding(quantity)
    let whole: Charges
    switch self {
    case .none: return Charges()
    case .part(let rate):
      whole = Charges(commission: try CashAmount(value, times: rate, rounding: .up).cash)
    case .perOrder(let amount): whole = Charges(commission: amount)
    case .perShare(let price, let minimum, let most):
      let plain = try CashAmount(price: price, quantity: shares).cash
      whole = try Self.bounded(plain, minimum, most, of: value)
    case .tiers(let tiers, let minimum, let most):
      let plain = try Self.cost(of: shares, after: traded.monthBefore, tiers)
      whole = try Self.bounded(plain, minimum, most, of: value)
    case .indian(let rules): whole = try rules.charges(side, value)
    case .multiple(let once, let count):
      var before = traded
      before.charges = Charges()
      whole = try once.charges(side, quantity, worth, after: before).multiplied(by: count)
    }
    return try whole.subtracting(traded.charges)
  }

  /// As Interactive Brokers has it: where the most allowed is less than the minimum, it is the most.
  private static func bounded(
    _ plain: Cash, _ minimum: Cash, _ most: Rate, of value: Cash
  ) throws(FixedPointError) -> Charges {
    Charges(commission: min(max(plain, minimum), try CashAmount(value, times: most).cash))
  }

  /// Each share at the price of the tier in which the month's count stands.
  private static func cost(
    of shares: Quantity, after month: Quantity, _ tiers: [Tier]
  ) throws(FixedPointError) -> Cash {
    var (cost, from, left) = (Cash.zero, month, shares)
    for (index, tier) in tiers.enumerated() where left > .zero {
      let isLast = index == tiers.count - 1
      let room = isLast ? left : min(left, max(.zero, try tier.upTo.subtracting(from)))
      cost = try cost.adding(CashAmount(price: tier.perShare, quantity: room).cash)
      from = try from.adding(room)
      left = try left.subtracting(room)
    }
    return cost
  }
}

extension Commission {
  /// Interactive Brokers' fixed plan for US shares: half a cent each, at least a dollar, at most 1%.
  public static let interactiveBrokersFixed = Commission.perShare(
    Price(steps: Price.stepsPerUnit / 200), minimum: Cash(steps: Cash.stepsPerUnit),
    most: Rate(steps: Rate.stepsPerUnit / 100))

  /// Interactive Brokers' tiered plan for US shares, without the exchanges' own fees.
  public static let interactiveBrokersTiered = Commission.tiers(
    [
      (300_000, 35), (3_000_000, 20), (20_000_000, 15), (100_000_000, 10),
      (Quantity.max.steps / Quantity.stepsPerUnit, 5),
    ].map { shares, tenThousandths in
      Tier(
        upTo: Quantity(steps: shares * Quantity.stepsPerUnit),
        perShare: Price(steps: tenThousandths * Price.stepsPerUnit / 10_000))
    },
    minimum: Cash(steps: 35 * Cash.stepsPerUnit / 100),
    most: Rate(steps: Rate.stepsPerUnit / 100))
}

/// What an order has cost so far.
public struct Charges: Hashable, Sendable, BitwiseCopyable {
  public var commission = Cash.zero
  /// Duties and levies of state and exchange.
  public var taxes = Cash.zero

  var total: Cash { get throws(FixedPointError) { try commission.adding(taxes) } }

  func subtracting(_ other: Charges) throws(FixedPointError) -> Charges {
    Charges(
      commission: try commission.subtracting(other.commission),
      taxes: try taxes.subtracting(other.taxes))
  }

  func multiplied(by count: Int64) throws(FixedPointError) -> Charges {
    Charges(
      commission: try commission.multiplied(by: count), taxes: try taxes.multiplied(by: count))
  }

  func adding(_ other: Charges) throws(FixedPointError) -> Charges {
    Charges(
      commission: try commission.adding(other.commission), taxes: try taxes.adding(other.taxes))
  }
}

/// What has been filled of an order, as charges are reckoned.
struct TradedSoFar: Hashable, Sendable, BitwiseCopyable {
  var quantity = Quantity.zero
  var value = Cash.zero
  var charges = Charges()
  /// Shares that the account had traded in the month before the order.
  var monthBefore = Quantity.zero
}

/// Charges on shares at India's National Stock Exchange: the broker's, and what the state and the exchange
/// take of each order's value.
public struct IndianCharges: Hashable, Sendable {
  public var brokerage: Rate
  /// At most this an order.
  public var brokerageMost: Cash
  /// Securities transaction tax.
  public var taxOnBuys, taxOnSales: Rate
  public var exchangeFee: Rate
  /// Of the securities board.
  public var boardFee: Rate
  public var stampDutyOnBuys: Rate
  /// On brokerage and both fees.
  public var goodsAndServicesTax: Rate

  /// Shares kept over night, at a discount broker's: no brokerage.
  public static let delivery = IndianCharges(
    brokerage: .zero, brokerageMost: .zero, taxOnBuys: Rate(steps: 100_000),
    taxOnSales: Rate(steps: 100_000), stampDutyOnBuys: Rate(steps: 15_000))
  /// Bought and sold on one day: 0.03% or ₹20, whichever is less.
  public static let intraday = IndianCharges(
    brokerage: Rate(steps: 30_000), brokerageMost: Cash(steps: 20 * Cash.stepsPerUnit),
    taxOnBuys: .zero, taxOnSales: Rate(steps: 25_000), stampDutyOnBuys: Rate(steps: 3000))

  public init(
    brokerage: Rate, brokerageMost: Cash, taxOnBuys: Rate, taxOnSales: Rate,
    exchangeFee: Rate = Rate(steps: 2970), boardFee: Rate = Rate(steps: 100), stampDutyOnBuys: Rate,
    goodsAndServicesTax: Rate = Rate(steps: 18_000_000)
  ) {
    self.brokerage = brokerage
    self.brokerageMost = brokerageMost
    self.taxOnBuys = taxOnBuys
    self.taxOnSales = taxOnSales
    self.exchangeFee = exchangeFee
    self.boardFee = boardFee
    self.stampDutyOnBuys = stampDutyOnBuys
    self.goodsAndServicesTax = goodsAndServicesTax
  }

  func charges(_ side: Side, _ value: Cash) throws(FixedPointError) -> Charges {
    func part(_ rate: Rate) throws(FixedPointError) -> Cash {
      try CashAmount(value, times: rate).cash
    }
    let fee = min(try part(brokerage), brokerageMost)
    let fees = try part(exchangeFee).adding(part(boardFee))
    let tax = try part(side == .buy ? taxOnBuys : taxOnSales)
    let stamp = side == .buy ? try part(stampDutyOnBuys) : .zero
    let services = try CashAmount(fee.adding(fees), times: goodsAndServicesTax).cash
    return Charges(
      commission: fee, taxes: try fees.adding(tax).adding(stamp).adding(services))
  }
}
