import Market

/// A feature that is a function of one column's last values.
///
/// The definition is written once, over a contiguous window. The batch form slides it over the
/// column, the stream keeps the window itself; each value is computed afresh, so an error or a spike
/// is forgotten as soon as it has left the window.
public struct WindowFeature: Feature {
  public let about: FeatureDescription
  let input: any KeyPath<BarValues, Double> & Sendable
  let source: any KeyPath<BarColumns, Column<Double>> & Sendable
  let value: @Sendable (UnsafeBufferPointer<Double>) -> Double

  var width: Int { about.lookBack + 1 }

  public func stream() -> WindowStream { WindowStream(feature: self) }

  public func column(over bars: BarColumns) -> Column<Double> {
    Column(count: bars.count) { output in
      output.initialize(repeating: .nan)
      guard bars.count >= width else { return }
      bars[keyPath: source].withUnsafeValues { values in
        for end in width...bars.count {
          output[end - 1] =
            value(UnsafeBufferPointer(rebasing: values[end - width..<end])).orMissing
        }
      }
    }
  }
}

/// A window feature's last values, kept twice in a row so that they are always contiguous.
public struct WindowStream: FeatureStream {
  private let feature: WindowFeature
  private var twice: [Double]
  private var next = 0
  private var seen = 0

  init(feature: WindowFeature) {
    self.feature = feature
    twice = [Double](repeating: .nan, count: 2 * feature.width)
  }

  public mutating func update(_ bar: BarValues) -> Double {
    let width = feature.width
    twice[next] = bar[keyPath: feature.input]
    twice[next + width] = twice[next]
    next = (next + 1) % width
    seen = min(seen + 1, width)
    guard seen == width else { return .nan }
    return twice.withUnsafeBufferPointer { values in
      feature.value(UnsafeBufferPointer(rebasing: values[next..<next + width])).orMissing
    }
  }
}
