import Features
import Foundation
import Market
import Testing

/// A feature that cheats in its batch form, with a stream that knows only the close.
struct Planted: Feature, CustomTestStringConvertible {
  let about: FeatureDescription
  let value: @Sendable (Column<Double>, Int) -> Double

  init(
    _ name: String, lookBack: Int = 0,
    value: @escaping @Sendable (Column<Double>, Int) -> Double
  ) {
    about = FeatureDescription(
      name: name, formula: name, lookBack: lookBack, family: .trend, unit: .price,
      documentation: "A planted leak.")
    self.value = value
  }

  var testDescription: String { about.name }

  struct Stream: FeatureStream {
    func update(_ bar: BarValues) -> Double { bar.close }
  }
  func stream() -> Stream { Stream() }
  func column(over bars: BarColumns) -> Column<Double> {
    Column((0..<bars.count).map { value(bars.close, $0) })
  }

  static let shift = Planted("shift") { closes, row in
    row + 1 < closes.count ? closes[row + 1] : .nan
  }
  static let random = Planted("random") { _, _ in Double.random(in: 0...1) }
}
