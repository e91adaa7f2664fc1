import Numerics

/// Crosses of two averages as research reckons them: all of the account in parts of shares, bought and
/// sold at the close that decides, in `Double`, two orders of magnitude quicker than exact money.
///
/// It ranks settings; what an account would have done is `VectorMarket`'s to say. Averages come from sums
/// over all closes before, so that two that agree to twelve digits may be told apart otherwise than there.
public struct QuickCross: Sendable {
  /// What became of an account that began at 1.
  public struct Growth: Hashable, Sendable {
    public var value: Double
    /// Purchases.
    public var trades: Int

    public init(value: Double, trades: Int) {
      self.value = value
      self.trades = trades
    }
  }

  private let closes: [Double]
  /// Of all closes before each row, and of all of them at the end.
  private let sums: [Double]
  /// A part of the value of each purchase and sale.
  private let fee: Double

  public init(closes: [Double], fee: Double) {
    self.closes = closes
    self.fee = fee
    var sum = 0.0
    sums =
      [0]
      + closes.map { close in
        sum += close
        return sum
      }
  }

  /// Many pairs of lengths, shared out among threads.
  public func growth(
    of pairs: [(fast: Int, slow: Int)], on pool: Pool = .shared
  ) -> [Growth] {
    [Growth](unsafeUninitializedCapacity: pairs.count) { results, count in
      // Safe to share: every part writes places of its own, and all are written when this returns.
      nonisolated(unsafe) let results = results
      pool.forEachChunk(of: pairs.count) { range in
        for pair in range {
          results.initializeElement(
            at: pair, to: growth(fast: pairs[pair].fast, slow: pairs[pair].slow))
        }
      }
      count = pairs.count
    }
  }

  /// The account in the market while the mean of `fast` closes is above that of `slow`.
  public func growth(fast: Int, slow: Int) -> Growth {
    precondition(fast > 0 && fast < slow, "a fast average is shorter than a slow one")
    guard slow <= closes.count else { return Growth(value: 1, trades: 0) }
    var account = QuickAccount(fee: fee)
    sums.withUnsafeBufferPointer { sums in
      closes.withUnsafeBufferPointer { closes in
        guard let sums = sums.baseAddress else { return }
        Crossings.changes(ofMeans: sums, fast: fast, slow: slow, rows: slow - 1..<closes.count) {
          row, isAbove in
          account.trade(at: closes[row], isBuying: isAbove)
        }
        account.end(at: closes[closes.count - 1])
      }
    }
    return Growth(value: account.value, trades: account.trades)
  }
}

/// Buys with all there is and sells all of it.
private struct QuickAccount {
  private let buying, selling: Double
  var value = 1.0
  var trades = 0
  private var boughtAt = 0.0

  init(fee: Double) {
    buying = 1 / (1 + fee)
    selling = 1 - fee
  }

  @inline(__always)
  mutating func trade(at price: Double, isBuying: Bool) {
    if isBuying {
      value *= buying
      boughtAt = price
      trades += 1
    } else {
      value *= price / boughtAt * selling
      boughtAt = 0
    }
  }

  mutating func end(at price: Double) {
    if boughtAt > 0 { value *= price / boughtAt }
  }
}
