extension PlanBuilder {
  mutating func window(_ function: WindowFunction, _ x: Operand, _ n: Int) -> Operand {
    precondition(n > 0, "a window has a width")
    switch function {
    case .sum: return sum(x, n)
    case .mean: return mean(x, n)
    case .least: return extreme(.lesser, x, n)
    case .greatest: return extreme(.greater, x, n)
    case .variance(let divisor): return variance(x, n, divisor)
    case .deviation(let divisor): return add(.squareRoot, [variance(x, n, divisor)])
    case .weightedMean:
      return divided(weightedSum(x, n), by: Double(n * (n + 1) / 2))
    case .meanDistance: return add(.meanDistance, [x, mean(x, n)], count: n)
    case .barsSinceLeast: return add(.barsSinceLeast, [x], count: n, numbers: [1, 0])
    case .barsSinceGreatest: return add(.barsSinceLeast, [x], count: n, numbers: [-1, 0])
    case .barsSinceFirstLeast: return add(.barsSinceLeast, [x], count: n, numbers: [1, 1])
    case .barsSinceFirstGreatest: return add(.barsSinceLeast, [x], count: n, numbers: [-1, 1])
    case .slope: return slope(x, n)
    case .lineEnd:
      let rise = add(.multiplyNumber, [slope(x, n)], numbers: [Double(n - 1) / 2])
      return add(.add, [mean(x, n), rise])
    case .lineFit: return lineFit(x, n)
    case .skewness: return add(.skewness, [x, mean(x, n)], count: n)
    case .kurtosis: return add(.kurtosis, [x, mean(x, n)], count: n)
    case .quantile(let share): return add(.quantile, [x], count: n, numbers: [share])
    case .rank: return add(.rank, [x], count: n)
    }
  }

  mutating func pairWindow(
    _ function: PairFunction, _ x: Operand, _ y: Operand, _ n: Int
  ) -> Operand {
    precondition(n > 0, "a window has a width")
    let products = coMoments(x, y, n)
    switch function {
    case .covariance: return divided(products, by: Double(n))
    case .correlation:
      let squares = add(.multiply, [moments(x, n), moments(y, n)])
      return add(.divide, [products, add(.squareRoot, [squares])])
    }
  }

  /// A window as two that lie side by side: how wide the older and the newer one are.
  private func halves(_ n: Int) -> (older: Int, newer: Int) {
    n.isMultiple(of: 2) ? (n / 2, n / 2) : (n - 1, 1)
  }

  private mutating func sum(_ x: Operand, _ n: Int) -> Operand {
    if n == 1 { return x }
    let (older, newer) = halves(n)
    return add(.add, [sum(x, older).earlier(by: newer), sum(x, newer)])
  }

  private mutating func mean(_ x: Operand, _ n: Int) -> Operand {
    n == 1 ? x : divided(sum(x, n), by: Double(n))
  }

  /// From two overlapping windows whose width is a power of two.
  private mutating func extreme(_ code: Opcode, _ x: Operand, _ n: Int) -> Operand {
    if n == 1 { return x }
    var width = 1
    while width * 2 < n { width *= 2 }
    let part = extreme(code, x, width)
    return add(code, [part.earlier(by: n - width), part])
  }

  /// With weights 1, 2, … n: the newer part's weights are its own and the older one's width.
  private mutating func weightedSum(_ x: Operand, _ n: Int) -> Operand {
    if n == 1 { return x }
    let (older, newer) = halves(n)
    let operands = [
      weightedSum(x, older).earlier(by: newer), weightedSum(x, newer), sum(x, newer),
    ]
    return add(.joinWeighted, operands, numbers: [Double(older)])
  }

  /// The sum of squared distances from the mean (Chan, Golub and LeVeque 1983).
  private mutating func moments(_ x: Operand, _ n: Int) -> Operand {
    if n == 1 { return add(.constant, [], numbers: [0]) }
    let (older, newer) = halves(n)
    let operands = [
      moments(x, older).earlier(by: newer), moments(x, newer),
      sum(x, older).earlier(by: newer), sum(x, newer),
    ]
    return add(.joinMoments, operands, numbers: joining(older, newer))
  }

  private mutating func coMoments(_ x: Operand, _ y: Operand, _ n: Int) -> Operand {
    if n == 1 { return add(.constant, [], numbers: [0]) }
    let (older, newer) = halves(n)
    let operands = [
      coMoments(x, y, older).earlier(by: newer), coMoments(x, y, newer),
      sum(x, older).earlier(by: newer), sum(x, newer),
      sum(y, older).earlier(by: newer), sum(y, newer),
    ]
    return add(.joinCoMoments, operands, numbers: joining(older, newer))
  }

  /// What the two parts' sums are multiplied with before they are compared, and what the product of
  /// the differences is. Equal parts are compared as they are, so a constant has no variance at all.
  private func joining(_ older: Int, _ newer: Int) -> [Double] {
    if older == newer { return [1, 1, 1 / Double(older + newer)] }
    let (a, b) = (Double(older), Double(newer))
    return [b, a, 1 / (a * b * (a + b))]
  }

  private mutating func variance(
    _ x: Operand, _ n: Int, _ divisor: WindowFunction.Divisor
  ) -> Operand {
    let count = divisor == .population ? n : n - 1
    return divided(moments(x, n), by: Double(count))
  }

  /// The sum of squared distances of 1 … n from their mean.
  private func squares(_ n: Int) -> Double { Double(n) * Double(n * n - 1) / 12 }

  private mutating func slope(_ x: Operand, _ n: Int) -> Operand {
    let centre = add(.multiplyNumber, [sum(x, n)], numbers: [Double(n + 1) / 2])
    let products = add(.subtract, [weightedSum(x, n), centre])
    return divided(products, by: squares(n))
  }

  private mutating func lineFit(_ x: Operand, _ n: Int) -> Operand {
    let slope = slope(x, n)
    let explained = add(
      .multiplyNumber, [add(.multiply, [slope, slope])], numbers: [squares(n)])
    return add(.divide, [explained, moments(x, n)])
  }
}

extension Operand {
  fileprivate func earlier(by bars: Int) -> Operand { Operand(series: series, lag: lag + bars) }
}
