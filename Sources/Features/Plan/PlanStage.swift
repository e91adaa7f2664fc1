import Numerics

/// The block in hand: performs commands on it.
struct PlanStage {
  let memory: UnsafeMutablePointer<Double>
  let cursor: Int
  let rows: Int
  let lanes: Int

  private var count: Int { rows &* lanes }

  @inline(__always)
  private func at(_ place: Place) -> UnsafeMutablePointer<Double> {
    memory + (place.offset &+ place.stride &* cursor)
  }

  @inline(__always)
  private func flat<Operation: FlatOperation>(_ operation: Operation.Type, _ command: Command) {
    Flat.map(operation, at(command.a), at(command.b), at(command.out), count, command)
  }

  @inline(__always)
  func perform(_ command: Command, _ door: some PlanDoor) {
    switch command.code {
    case .input: door.read(command.count, into: at(command.out))
    case .emit: door.write(command.count, from: at(command.a))
    case .constant: break
    case .add: flat(Operations.Add.self, command)
    case .subtract: flat(Operations.Subtract.self, command)
    case .multiply: flat(Operations.Multiply.self, command)
    case .divide: flat(Operations.Divide.self, command)
    case .addNumber: flatOfOne(Operations.AddNumber.self, command)
    case .multiplyNumber: flatOfOne(Operations.MultiplyNumber.self, command)
    case .divideByNumber: flatOfOne(Operations.DivideByNumber.self, command)
    case .subtractFromNumber: flatOfOne(Operations.SubtractFromNumber.self, command)
    case .divideNumberBy: flatOfOne(Operations.DivideNumberBy.self, command)
    case .lesser: flat(Operations.Lesser.self, command)
    case .greater: flat(Operations.Greater.self, command)
    case .ratio: flat(Operations.Ratio.self, command)
    case .magnitude, .squareRoot, .logarithm, .exponential, .sign: unary(command)
    case .isLess, .isLessOrEqual, .isEqual, .whereKnown, .orElse, .choice: conditional(command)
    case .joinWeighted, .joinMoments, .joinCoMoments: join(command)
    case .meanDistance, .barsSinceLeast, .quantile, .rank, .skewness, .kurtosis:
      window(command)
    case .mean, .wilderSum, .total, .weightedStep, .parabolicStop:
      if lanes == 1 { recursion(command, Double.self) } else { recursion(command, SIMD8.self) }
    }
  }

  @inline(__always)
  private func flatOfOne<Operation: FlatOperation>(
    _ operation: Operation.Type, _ command: Command
  ) {
    let a = at(command.a)
    Flat.map(operation, a, a, at(command.out), count, command)
  }

  private func unary(_ command: Command) {
    switch command.code {
    case .magnitude: flatOfOne(Operations.Magnitude.self, command)
    case .squareRoot: flatOfOne(Operations.SquareRoot.self, command)
    case .sign: flatOfOne(Operations.Sign.self, command)
    case .exponential: Vector.applyUnchecked(.exp, at(command.a), at(command.out), count: count)
    default: Vector.applyUnchecked(.log, at(command.a), at(command.out), count: count)
    }
  }

  private func conditional(_ command: Command) {
    switch command.code {
    case .isLess: flat(Operations.IsLess.self, command)
    case .isLessOrEqual: flat(Operations.IsLessOrEqual.self, command)
    case .isEqual: flat(Operations.IsEqual.self, command)
    case .whereKnown: flat(Operations.WhereKnown.self, command)
    case .orElse: flat(Operations.OrElse.self, command)
    default: Flat.choice(at(command.a), at(command.b), at(command.c), at(command.out), count)
    }
  }

  private func join(_ command: Command) {
    let (older, newer, out) = (at(command.a), at(command.b), at(command.out))
    let x = NeighbouringSums(older: at(command.c), newer: at(command.d))
    switch command.code {
    case .joinWeighted: Flat.joinWeighted(older, newer, at(command.c), out, count, command.k)
    case .joinMoments: Flat.joinMoments(older, newer, x, x, out, count, command)
    default:
      let y = NeighbouringSums(older: at(command.e), newer: at(command.f))
      Flat.joinMoments(older, newer, x, y, out, count, command)
    }
  }

  private func window(_ command: Command) {
    let kernels = WindowKernels(width: command.count, lanes: lanes)
    let (a, b, out) = (at(command.a), at(command.b), at(command.out))
    switch command.code {
    case .meanDistance: kernels.meanDistance(a, b, out, count)
    case .barsSinceLeast:
      kernels.barsSinceLeast(a, sign: command.k, takesOldest: command.l == 1, out, count)
    case .rank: kernels.rank(a, out, count)
    case .skewness: kernels.skewness(a, b, out, count)
    case .kurtosis: kernels.kurtosis(a, b, out, count)
    default: kernels.quantile(a, command.k, out, count)
    }
  }

  private func recursion<V: LaneVector & LaneTest>(_ command: Command, _: V.Type) {
    let kernels = RecursionKernels<V>(rows: rows, lanes: lanes, state: memory + command.state)
    let (a, b, c, out) = (at(command.a), at(command.b), at(command.c), at(command.out))
    switch command.code {
    case .mean: kernels.mean(a, out, weight: command.k, seed: command.l, skip: command.m)
    case .wilderSum: kernels.wilderSum(a, out, count: command.k)
    case .total: kernels.total(a, first: command.b.offset == 0 ? a : b, out)
    case .weightedStep: kernels.weightedStep(a, b, c, out)
    default: kernels.parabolicStop(a, b, out, acceleration: command.k, most: command.l)
    }
  }
}
