/// The baseline of every portfolio: the same part of the account in each symbol.
public enum EqualWeight {
  /// The account's returns, one a bar, after costs.
  ///
  /// As with `PositionReturns`, the weights of a bar's close are decided by what is known then: a symbol
  /// counts once it has a return, and one without a return in a bar (NaN) is held through that bar at
  /// its last price and given up at its close. Weights drift with prices and are made equal again every
  /// `rebalance` bars and where a symbol comes or goes.
  ///
  /// - Parameters:
  ///   - assetReturns: for each symbol what it returned in each bar, NaN where it is not there
  ///   - rebalance: how many bars lie between two rebalances
  public static func returns(
    assetReturns: [[Double]], rebalance: Int = 1, costs: CostRates
  ) throws(EvidenceError) -> [Double] {
    guard let bars = assetReturns.first?.count, bars > 0 else { throw .noBars }
    guard rebalance > 0 else {
      throw .parameter("rebalance", "\(rebalance)", expected: "a number of bars from 1 up")
    }
    for column in assetReturns where column.count != bars {
      throw .lengths("asset returns", column.count, bars: bars)
    }
    var weights = [Double](repeating: 0, count: assetReturns.count)
    var results = [Double](repeating: 0, count: bars)
    for row in 0..<bars {
      var gross = 0.0
      for symbol in weights.indices where weights[symbol] != 0 {
        gross += weights[symbol] * moved(assetReturns[symbol][row])
      }
      results[row] = gross
      guard 1 + gross > 0 else { continue }
      for symbol in weights.indices where weights[symbol] != 0 {
        weights[symbol] *= (1 + moved(assetReturns[symbol][row])) / (1 + gross)
      }
      let present = assetReturns.map { !$0[row].isNaN }
      let hasChanged = zip(present, weights).contains { $0 != ($1 != 0) }
      if row % rebalance == 0 || hasChanged {
        results[row] -= Self.rebalance(&weights, to: present, costs)
      }
    }
    return results
  }

  private static func moved(_ value: Double) -> Double { value.isNaN ? 0 : value }

  /// What it costs, as a part of the account.
  private static func rebalance(
    _ weights: inout [Double], to present: [Bool], _ costs: CostRates
  ) -> Double {
    let count = present.count { $0 }
    let share = count > 0 ? 1 / Double(count) : 0
    var cost = 0.0
    for symbol in weights.indices {
      let wanted = present[symbol] ? share : 0
      cost += costs.cost(ofChange: wanted - weights[symbol])
      weights[symbol] = wanted
    }
    return cost
  }
}
