/// Whole numbers in the order of numbers.
enum SortingKey {
  /// Above every number's.
  static let greatest = UInt32.max - 1

  /// The order of keys is that of numbers; both zeros have one. NaN has none.
  @inline(__always)
  static func of(_ x: Float) -> UInt32 {
    let bits = (x + 0).bitPattern
    return bits ^ (bits >> 31 == 1 ? UInt32.max : 1 << 31)
  }
}

/// What a missing value is taken for where values are compared.
enum MissingRule: Int, CaseIterable {
  /// NaN goes left.
  case isLeast
  /// NaN goes right.
  case isGreatest
  /// Nothing is missing: LightGBM takes NaN for zero where its training data had none.
  case isZero
  /// LightGBM's `zero_as_missing`: zeros and NaN go left.
  case zeroIsLeast
  /// And right.
  case zeroIsGreatest
}

/// The keys of a row that trees compare: one for each feature and rule that some node asks for.
///
/// That way what is missing is decided once a row, and walks know nothing of it.
struct SortingKeys: Sendable {
  /// The feature of each slot.
  private(set) var features: [Int32] = []
  private var rules: [MissingRule] = []
  private var places: [Int: UInt16] = [:]

  var count: Int { features.count }

  /// Where the key of a feature by a rule lies; nil where there is no place left.
  mutating func slot(of feature: Int, _ rule: MissingRule) -> UInt16? {
    let name = feature * MissingRule.allCases.count + rule.rawValue
    if let place = places[name] { return place }
    guard let place = UInt16(exactly: features.count) else { return nil }
    places[name] = place
    features.append(Int32(feature))
    rules.append(rule)
    return place
  }

  /// Writes the keys of a row, `stride` places apart.
  @inline(__always)
  func fill(
    _ keys: UnsafeMutablePointer<UInt32>, stride: Int, from row: UnsafePointer<Float>
  ) {
    features.withUnsafeBufferPointer { features in
      rules.withUnsafeBufferPointer { rules in
        for slot in features.indices {
          let x = row[Int(features[slot])]
          let key = SortingKey.of(x)
          keys[slot * stride] =
            switch rules[slot] {
            case .isLeast: x.isNaN ? 0 : key
            case .isGreatest: x.isNaN ? SortingKey.greatest : key
            case .isZero: x.isNaN ? SortingKey.of(0) : key
            // What LightGBM takes for a zero.
            case .zeroIsLeast: x.magnitude > 1e-35 ? key : 0
            case .zeroIsGreatest: x.magnitude > 1e-35 ? key : SortingKey.greatest
            }
        }
      }
    }
  }
}
