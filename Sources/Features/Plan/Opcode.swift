/// What one step of a plan does to the block in hand.
enum Opcode: UInt8, Hashable, Sendable {
  case input, constant
  /// Writes a finished column out.
  case emit

  // Element by element: of one series and a number, of one, of two, of more.
  case addNumber, multiplyNumber, divideByNumber, subtractFromNumber, divideNumberBy
  case magnitude, squareRoot, logarithm, exponential, sign
  case add, subtract, multiply, divide, lesser, greater
  case isLess, isLessOrEqual, isEqual, whereKnown, orElse
  case ratio, choice
  /// Joins what two neighbouring windows know into what the window over both knows.
  case joinWeighted, joinMoments, joinCoMoments

  // Each value afresh from its window.
  case meanDistance, barsSinceLeast, quantile, rank, skewness, kurtosis

  // Row after row, with a state for each lane.
  case mean, wilderSum, total, weightedStep, parabolicStop
}

extension Opcode {
  /// How many numbers a lane keeps from row to row.
  var stateCount: Int {
    switch self {
    case .mean, .wilderSum, .total, .weightedStep: 2
    case .parabolicStop: 7
    default: 0
    }
  }

  /// Whether it reads every value of a window of its first operand.
  var isWindow: Bool {
    switch self {
    case .meanDistance, .barsSinceLeast, .quantile, .rank, .skewness, .kurtosis:
      true
    default: false
    }
  }
}

/// A series of a plan, so many bars ago.
struct Operand: Hashable, Sendable {
  var series: Int
  var lag = 0
}

/// One step of a plan: the series it makes, by its position.
struct Step: Hashable, Sendable {
  var code: Opcode
  var operands: [Operand] = []
  /// A window's width, an input's or an output's number.
  var count = 0
  var numbers: [Double] = []
}
