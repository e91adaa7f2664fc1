import Market
import Numerics
import Runtime

/// What trading costs in a run, as its settings say it.
public struct CostSettings: Configured, Hashable {
  /// What a broker takes.
  public enum Plan: String, ConfigurationChoice {
    /// A part of the value of each fill: `commission_bps`.
    case basisPoints = "basis_points"
    case perShare = "per_share"
    case perOrder = "per_order"
    /// Interactive Brokers' plans for US shares.
    case ibFixed = "ib_fixed"
    case ibTiered = "ib_tiered"
    /// The National Stock Exchange's, taxes and duties included.
    case indiaDelivery = "india_delivery"
    case indiaIntraday = "india_intraday"
  }

  /// How much worse than the market's price an order is filled.
  public enum SlippageModel: String, ConfigurationChoice {
    case none
    case basisPoints = "basis_points"
    case perShare = "per_share"
    /// `impact` × (quantity / volume)² of the price.
    case volumeShare = "volume_share"
    /// `impact` × the bar's volatility × √(quantity / volume) of the price.
    case squareRoot = "square_root"
  }

  public var halfSpread = 2.0
  public var commission = 1.0
  public var plan = Plan.basisPoints
  public var perShare = 0.005
  public var perOrder = 1.0
  public var least = 1.0
  public var mostPart = 0.01
  public var slippageModel = SlippageModel.none
  public var slippage = 1.0
  public var slippagePerShare = 0.01
  public var impact = 0.1
  public var borrowRate = 0.0

  public init() {}

  init(halfSpread: Double, commission: Double) {
    (self.halfSpread, self.commission) = (halfSpread, commission)
  }

  public static let schema = Schema<Self>("What trading costs") {
    Field(
      "half_spread_bps", \.halfSpread, in: 0...1000, unit: "bps", "Half the spread, on each side")
    Field(
      "commission_bps", \.commission, in: 0...1000, unit: "bps",
      "Of the value of each fill, where the plan is basis_points")
    Field("commission", \.plan, "The broker's plan")
    Field("commission_per_share", \.perShare, in: 0...1000, "Of per_share: for each share")
    Field("commission_per_order", \.perOrder, in: 0...100_000, "Of per_order: for each order")
    Field("commission_min", \.least, in: 0...100_000, "Of per_share: at least this an order")
    Field(
      "commission_max_part", \.mostPart, in: 0...1,
      "Of per_share: at most this part of the order's value")
    Field("slippage", \.slippageModel, "How much worse than the market's price an order is filled")
    Field("slippage_bps", \.slippage, in: 0...1000, unit: "bps", "Of basis_points: of the price")
    Field("slippage_per_share", \.slippagePerShare, in: 0...1000, "Of per_share: for each share")
    Field(
      "impact", \.impact, in: 0...100,
      "Of volume_share and square_root: the factor before the share of the bar's volume")
    Field(
      "borrow_rate", \.borrowRate, in: 0...10,
      "A year's charge for what is sold short, as a part of its value; 0.03 is 3%")
  }

  /// Only what a fill itself tells: its price and its value.
  var isPlain: Bool {
    plan == .basisPoints && (slippageModel == .none || slippageModel == .basisPoints)
  }
}

// As the venue takes them; `multiple` times all of it.
extension CostSettings {
  func model(extraTicks: Int, multiple: Int64) throws(BacktestError) -> CostModel {
    CostModel(
      halfSpread: try Self.rate(halfSpread, "half_spread_bps", multiple),
      slippage: try slippage(multiple), extraTicks: extraTicks,
      commission: try commission(multiple))
  }

  private func commission(_ multiple: Int64) throws(BacktestError) -> Commission {
    // Twice the basis points, not the charge twice: it is rounded once.
    if plan == .basisPoints {
      return .part(try Self.rate(commission, "commission_bps", multiple))
    }
    let once = try brokersPlan()
    return multiple == 1 ? once : .multiple(once, multiple)
  }

  private func brokersPlan() throws(BacktestError) -> Commission {
    do throws(FixedPointError) {
      switch plan {
      case .basisPoints: return .none
      case .perShare:
        return .perShare(
          try Price(nearest: perShare), minimum: try Cash(nearest: least),
          most: try Rate(nearest: mostPart))
      case .perOrder: return .perOrder(try Cash(nearest: perOrder))
      case .ibFixed: return .interactiveBrokersFixed
      case .ibTiered: return .interactiveBrokersTiered
      case .indiaDelivery: return .indian(.delivery)
      case .indiaIntraday: return .indian(.intraday)
      }
    } catch {
      throw .amount(error)
    }
  }

  private func slippage(_ multiple: Int64) throws(BacktestError) -> Slippage {
    switch slippageModel {
    case .none: return .none
    case .basisPoints: return .part(try Self.rate(slippage, "slippage_bps", multiple))
    case .perShare:
      do { return .amount(try Price(nearest: slippagePerShare * Double(multiple))) } catch {
        throw .amount(error)
      }
    case .volumeShare: return .volumeShare(factor: impact * Double(multiple))
    case .squareRoot: return .squareRoot(factor: impact * Double(multiple))
    }
  }

  private static func rate(
    _ basisPoints: Double, _ key: String, _ multiple: Int64
  ) throws(BacktestError) -> Rate {
    guard (0...1000).contains(basisPoints) else {
      throw .setting(key, "\(basisPoints)", expected: "basis points from 0 to 1000")
    }
    do { return try Rate(nearest: basisPoints * Double(multiple) / 10_000) } catch {
      throw .amount(error)
    }
  }
}

// For pages.
extension CostSettings {
  /// As in `2.0 bp half-spread and 1.0 bp commission on each fill`.
  var words: String {
    func bp(_ value: Double) -> String { NumberText.fixed(value, decimals: 1) + " bp" }
    var parts = ["\(bp(halfSpread)) half-spread"]
    switch slippageModel {
    case .none: break
    case .basisPoints: parts.append("\(bp(slippage)) slippage")
    case .perShare: parts.append("\(slippagePerShare) slippage a share")
    case .volumeShare: parts.append("impact \(impact) × the squared share of volume")
    case .squareRoot:
      parts.append("impact \(impact) × volatility × the root of the share of volume")
    }
    switch plan {
    case .basisPoints: parts.append("\(bp(commission)) commission on each fill")
    case .perShare: parts.append("\(perShare) commission a share, at least \(least) an order")
    case .perOrder: parts.append("\(perOrder) commission an order")
    case .ibFixed: parts.append("Interactive Brokers' fixed commission")
    case .ibTiered: parts.append("Interactive Brokers' tiered commission")
    case .indiaDelivery: parts.append("charges and taxes of the NSE, delivery")
    case .indiaIntraday: parts.append("charges and taxes of the NSE, intraday")
    }
    if borrowRate > 0 {
      parts.append("\(NumberText.percent(borrowRate)) a year for what is sold short")
    }
    return parts.dropLast().joined(separator: ", ") + " and " + (parts.last ?? "")
  }
}
