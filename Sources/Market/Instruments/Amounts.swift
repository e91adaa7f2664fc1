import Numerics

public enum PriceUnit: FixedUnit {
  public static var fractionDigits: Int { 8 }
  public static var name: String { "price" }
}

public enum QuantityUnit: FixedUnit {
  public static var fractionDigits: Int { 8 }
  public static var name: String { "quantity" }
}

public enum CashUnit: FixedUnit {
  public static var fractionDigits: Int { 4 }
  public static var name: String { "cash" }
}

/// Units of currency for one unit of an instrument, exact to 10⁻⁸.
public typealias Price = FixedPoint<PriceUnit>
/// Shares, contracts or coins, exact to 10⁻⁸; negative when sold.
public typealias Quantity = FixedPoint<QuantityUnit>
/// Money of one currency, exact to 10⁻⁴ of its unit.
public typealias Cash = FixedPoint<CashUnit>
