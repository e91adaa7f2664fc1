/// What trading costs, as research reckons it: parts of the value that changes hands, plain ratios.
///
/// The engine fills orders and books money exactly; this is the same in `Double`, for sweeps, models
/// and agents, where 10⁵ runs are computed and none is booked.
public struct CostRates: Hashable, Sendable {
  /// Half the spread, paid on each side.
  public var halfSpread: Double
  public var commission: Double
  /// Of the value sold only: taxes and levies.
  public var saleTax: Double
  /// Of the value of short holdings, a year.
  public var borrow: Double
  /// Square-root impact: `impact` × √(value traded ÷ the bar's traded value), a part of the value. Tóth and
  /// others, Anomalous Price Impact and the Critical Nature of Liquidity in Financial Markets (Physical
  /// Review X 1, 2011), find the root; Almgren, Thum, Hauptmann and Li, Direct Estimation of Equity
  /// Market Impact (Risk, July 2005), a power of 3/5, which is less for small parts of the volume. 0 where
  /// the volume is not given.
  public var impact: Double

  public init(
    halfSpread: Double = 0, commission: Double = 0, saleTax: Double = 0, borrow: Double = 0,
    impact: Double = 0
  ) throws(EvidenceError) {
    let parts = [
      ("half_spread", halfSpread), ("commission", commission), ("sale_tax", saleTax),
      ("borrow", borrow), ("impact", impact),
    ]
    for (name, value) in parts where !(0..<1).contains(value) {
      throw .parameter(name, "\(value)", expected: "a ratio from 0 to below 1")
    }
    self.halfSpread = halfSpread
    self.commission = commission
    self.saleTax = saleTax
    self.borrow = borrow
    self.impact = impact
  }

  public static func basisPoints(
    halfSpread: Double, commission: Double
  ) throws(EvidenceError) -> CostRates {
    try CostRates(halfSpread: halfSpread / 10_000, commission: commission / 10_000)
  }

  private init() {
    halfSpread = 0
    commission = 0
    saleTax = 0
    borrow = 0
    impact = 0
  }

  public static let free = CostRates()

  /// Everything `factor` times as dear; parts stay below 1.
  public func scaled(by factor: Double) -> CostRates {
    func times(_ part: Double) -> Double { min(part * max(factor, 0), 0.999_999) }
    var scaled = self
    scaled.halfSpread = times(halfSpread)
    scaled.commission = times(commission)
    scaled.saleTax = times(saleTax)
    scaled.borrow = times(borrow)
    scaled.impact = times(impact)
    return scaled
  }

  public var doubled: CostRates { scaled(by: 2) }

  /// What a change of position costs, as a part of the account: positive `change` buys.
  /// - Parameter share: of the bar's traded value that the change would take, where it is known
  @inlinable
  public func cost(ofChange change: Double, share: Double = 0) -> Double {
    var rate = halfSpread + commission
    if change < 0 { rate += saleTax }
    if share > 0 { rate += impact * share.squareRoot() }
    return abs(change) * rate
  }
}
