import CSweepLanes
import Market
import Numerics

/// One run without events: the states of the account, the engine's to the step.
public struct VectorRun: Hashable, Sendable {
  /// What the account has from a bar on until the next state.
  struct State: Hashable, Sendable, BitwiseCopyable {
    /// Counted from the first bar that is traded.
    let place: Int
    /// In steps, and whole.
    let cash, shares: Int64
  }

  /// The capital first, then what each fill left.
  let states: [State]
  /// What the account is worth at the last bar.
  public let finalEquity: Cash

  init(states: [State], lastClose: Int64) {
    self.states = states
    finalEquity = Cash(
      steps: states.last.map { VectorTerms.worth($0.shares, at: lastClose, and: $0.cash) } ?? 0)
  }

  public var isIdle: Bool { states.count == 1 }

  /// Times that something was bought; all of it is sold again before the next.
  public var purchases: Int { states.count / 2 }

  public struct Fill: Hashable, Sendable, BitwiseCopyable {
    /// The bar at whose open it happened.
    public var row: Int
    /// Below zero where sold.
    public var quantity: Quantity
    public var price: Price
    public var commission: Cash

    public init(row: Int, quantity: Quantity, price: Price, commission: Cash) {
      self.row = row
      self.quantity = quantity
      self.price = price
      self.commission = commission
    }
  }
}

extension VectorMarket {
  /// What a run traded.
  public func fills(of run: VectorRun) -> [VectorRun.Fill] {
    guard let terms else { return [] }
    return zip(run.states, run.states.dropFirst()).map { before, after in
      let shares = after.shares - before.shares
      let price = shares > 0 ? terms.bars[after.place].buying : terms.bars[after.place].selling
      let worth = VectorTerms.worth(abs(shares), at: price)
      return VectorRun.Fill(
        row: rows.lowerBound + after.place,
        quantity: Quantity(steps: shares * Quantity.stepsPerUnit), price: Price(steps: price),
        commission: Cash(
          steps: before.cash - after.cash + (shares > 0 ? -worth : worth)))
    }
  }

  /// What the account of a run was worth when each traded bar became known.
  public func equity(of run: VectorRun) -> [Cash] {
    var equity: [Cash] = []
    equity.reserveCapacity(count)
    guard let terms else { return equity }
    for (state, places) in stretches(of: run) {
      guard state.shares != 0 else {
        equity.append(contentsOf: repeatElement(Cash(steps: state.cash), count: places.count))
        continue
      }
      for place in places {
        let worth = VectorTerms.worth(state.shares, at: terms.bars[place].close, and: state.cash)
        equity.append(Cash(steps: worth))
      }
    }
    return equity
  }

  /// The states of the account, each with the places of the bars at whose close it was in it.
  func stretches(of run: VectorRun) -> [(state: VectorRun.State, places: Range<Int>)] {
    run.states.indices.map { index in
      let end = index + 1 < run.states.count ? run.states[index + 1].place : count
      return (run.states[index], run.states[index].place..<end)
    }
  }
}
