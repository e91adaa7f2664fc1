import Numerics

/// Sums of each setting's returns and of their squares in each block of neighbouring bars, from which the
/// Sharpe ratio of any union of blocks follows without another look at the bars: a sweep keeps these and
/// not the returns of all its settings.
public struct BlockSums: Hashable, Sendable {
  public let blocks: Int
  /// Bars of a block; what is left at the end belongs to none.
  public let length: Int
  /// Of the first setting's blocks, then of the second's.
  public private(set) var sums: [Double] = []
  public private(set) var squares: [Double] = []

  /// - Parameter blocks: an even number
  public init(bars: Int, blocks: Int = 16) throws(EvidenceError) {
    guard blocks >= 2, blocks % 2 == 0, blocks <= 20 else {
      throw .parameter("blocks", "\(blocks)", expected: "an even number from 2 to 20")
    }
    guard bars / blocks >= 2 else {
      throw .parameter("bars", "\(bars)", expected: "at least \(2 * blocks) for the blocks")
    }
    self.blocks = blocks
    length = bars / blocks
  }

  /// How many settings were added.
  public var count: Int { sums.count / blocks }

  /// Adds settings by their returns: rows are bars, columns are settings.
  public mutating func add(_ returns: Matrix<Double>) {
    let first = sums.count
    sums += Array(repeating: 0, count: blocks * returns.columns)
    squares += Array(repeating: 0, count: blocks * returns.columns)
    for row in 0..<blocks * length {
      let place = first + row / length
      returns.withRow(row) { values in
        for column in values.indices {
          sums[place + column * blocks] += values[column]
          squares[place + column * blocks] += values[column] * values[column]
        }
      }
    }
  }

  /// Adds settings whose sums were made elsewhere.
  public mutating func add(sums: [Double], squares: [Double]) {
    precondition(
      sums.count == squares.count && sums.count % blocks == 0, "two numbers for each block")
    self.sums += sums
    self.squares += squares
  }

  /// Of each setting over the blocks of the mask; 0 where it never moved.
  func sharpe(_ mask: Int) -> [Double] {
    let n = Double(mask.nonzeroBitCount * length)
    return (0..<count).map { setting in
      var (sum, square) = (0.0, 0.0)
      for block in 0..<blocks where mask >> block & 1 == 1 {
        sum += sums[setting * blocks + block]
        square += squares[setting * blocks + block]
      }
      let variance = (square - sum * sum / n) / (n - 1)
      return variance > 1e-30 ? sum / n / variance.squareRoot() : 0
    }
  }
}
