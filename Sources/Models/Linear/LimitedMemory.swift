/// Finds the least value of a smooth function by limited-memory BFGS (Nocedal and Wright, Numerical
/// Optimization, algorithm 7.5).
enum LimitedMemory {
  struct Point {
    var place: [Double]
    var value: Double
    var gradient: [Double]
  }

  /// How many steps the curvature is learned from.
  private static let memory = 10

  /// - Parameters:
  ///   - tolerance: of the gradient's largest element
  ///   - evaluate: value and gradient; not finite where the function is not defined
  static func minimum<Failure: Error>(
    from start: [Double], steps: Int, tolerance: Double,
    _ evaluate: ([Double]) throws(Failure) -> (value: Double, gradient: [Double])
  ) throws(Failure) -> Point {
    let first = try evaluate(start)
    var point = Point(place: start, value: first.value, gradient: first.gradient)
    var history: [(step: [Double], change: [Double])] = []
    for _ in 0..<steps where point.gradient.contains(where: { $0.magnitude > tolerance }) {
      var direction = downhill(point.gradient, history)
      var slope = dot(direction, point.gradient)
      if slope >= 0 {
        // Rounding has used up what the history says: begin anew.
        history = []
        direction = point.gradient.map { -$0 }
        slope = dot(direction, point.gradient)
      }
      // Without a history the gradient's length says nothing about how far to go.
      let length = history.isEmpty ? min(1, 1 / (-slope).squareRoot()) : 1
      guard let next = try search(from: point, direction, slope, length: length, evaluate) else {
        break
      }
      let step = zip(next.place, point.place).map { $0 - $1 }
      let change = zip(next.gradient, point.gradient).map { $0 - $1 }
      if dot(step, change) > 1e-12 * dot(change, change) {
        history.append((step, change))
        if history.count > memory { history.removeFirst() }
      }
      point = next
    }
    return point
  }

  /// The negative gradient times the inverse curvature that the history tells.
  private static func downhill(
    _ gradient: [Double], _ history: [(step: [Double], change: [Double])]
  ) -> [Double] {
    var q = gradient
    var factors: [Double] = []
    for (step, change) in history.reversed() {
      let factor = dot(step, q) / dot(step, change)
      factors.append(factor)
      for i in q.indices { q[i] -= factor * change[i] }
    }
    if let (step, change) = history.last {
      let scale = dot(step, change) / dot(change, change)
      for i in q.indices { q[i] *= scale }
    }
    for ((step, change), factor) in zip(history, factors.reversed()) {
      let back = dot(change, q) / dot(step, change)
      for i in q.indices { q[i] += (factor - back) * step[i] }
    }
    return q.map { -$0 }
  }

  /// Halves the step until the value falls by enough of what the slope promises; nil where it never
  /// does, which is when rounding hides the rest.
  private static func search<Failure: Error>(
    from point: Point, _ direction: [Double], _ slope: Double, length: Double,
    _ evaluate: ([Double]) throws(Failure) -> (value: Double, gradient: [Double])
  ) throws(Failure) -> Point? {
    var length = length
    for _ in 0..<40 {
      let place = zip(point.place, direction).map { $0 + length * $1 }
      let (value, gradient) = try evaluate(place)
      if value <= point.value + 1e-4 * length * slope, gradient.allSatisfy(\.isFinite) {
        return Point(place: place, value: value, gradient: gradient)
      }
      length /= 2
    }
    return nil
  }

  private static func dot(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for i in a.indices { sum += a[i] * b[i] }
    return sum
  }
}
