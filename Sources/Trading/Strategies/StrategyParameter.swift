import Runtime

/// A number that a strategy can be set by: settings files, recordings and grids all read this.
public struct StrategyParameter: Hashable, Sendable {
  public let key: String
  public let standard: Double
  public let range: ClosedRange<Double>
  public let isWhole: Bool
  public let unit: String?
  public let meaning: String
  /// Values worth trying where nobody says which.
  let suggestions: [Double]

  private init(
    _ key: String, _ standard: Double, _ range: ClosedRange<Double>, isWhole: Bool, unit: String?,
    suggestions: [Double]? = nil, _ meaning: String
  ) {
    precondition(range.contains(standard), "a default can be chosen")
    self.key = key
    self.standard = standard
    self.range = range
    self.isWhole = isWhole
    self.unit = unit
    self.meaning = meaning
    self.suggestions = suggestions ?? Self.around(standard, in: range, isWhole: isWhole)
  }

  /// A number of bars.
  public static func bars(
    _ key: String, _ standard: Int, in range: ClosedRange<Int> = 1...10_000, _ meaning: String
  ) -> Self {
    Self(
      key, Double(standard), Double(range.lowerBound)...Double(range.upperBound), isWhole: true,
      unit: "bars", meaning)
  }

  /// A number of things.
  public static func count(
    _ key: String, _ standard: Int, in range: ClosedRange<Int>, _ meaning: String
  ) -> Self {
    Self(
      key, Double(standard), Double(range.lowerBound)...Double(range.upperBound), isWhole: true,
      unit: nil, meaning)
  }

  public static func number(
    _ key: String, _ standard: Double, in range: ClosedRange<Double>, _ meaning: String
  ) -> Self {
    Self(key, standard, range, isWhole: false, unit: nil, meaning)
  }

  /// A number of a person's rules: what its range holds is worth trying, in its steps, or in six where it
  /// has none.
  static func of(_ parameter: RuleParameter) -> Self {
    let (value, range) = (parameter.value, parameter.range)
    let ends = [value] + (range.map { [$0.lowerBound, $0.upperBound] } ?? [])
    let isWhole =
      range != nil && (ends + [parameter.step ?? 1]).allSatisfy { $0 == $0.rounded() }
    let suggestions = range.map { range in
      let sixth = (range.upperBound - range.lowerBound) / 6
      let step = parameter.step ?? (isWhole ? max(1, sixth.rounded()) : sixth)
      // More are never tried; a last step that rounding alone puts beyond the end is still meant.
      let count = min(
        ((range.upperBound - range.lowerBound) / step + 1e-9).rounded(.down),
        Double(SweepGrid.mostSettings))
      return (0...Int(count)).map { min(range.lowerBound + Double($0) * step, range.upperBound) }
    }
    let most = Double.greatestFiniteMagnitude
    return Self(
      parameter.name, value, range ?? -most...most, isWhole: isWhole, unit: nil,
      suggestions: suggestions ?? [value], "A number of the rules")
  }

  /// From a quarter of the default to twice as much.
  private static func around(
    _ standard: Double, in range: ClosedRange<Double>, isWhole: Bool
  ) -> [Double] {
    let factors = isWhole ? [0.25, 0.35, 0.5, 0.7, 1, 1.4, 2] : [0.5, 0.75, 1, 1.5, 2]
    let values = factors.map { factor in
      let value = min(max(standard * factor, range.lowerBound), range.upperBound)
      return isWhole ? value.rounded() : value
    }
    // What is 0 or 1 by default is a choice, not a length.
    return standard > 1 || !isWhole ? Set(values).sorted() : [standard]
  }

  /// A value as a person writes it: whole numbers without a point.
  public func json(_ value: Double) -> JSON {
    isWhole && abs(value) < 1e15 ? JSON(Int(value)) : JSON(value)
  }

  /// Refuses what lies outside of the range, and parts of what is whole.
  func check(_ value: Double) throws(BacktestError) {
    guard range.contains(value), !isWhole || value == value.rounded() else {
      let (low, high) = (json(range.lowerBound).text(), json(range.upperBound).text())
      throw .setting(
        key, JSON(value).text(),
        expected: "\(isWhole ? "a whole number" : "a number") from \(low) to \(high)")
    }
  }
}

/// What the parameters of one strategy are set to.
public struct StrategyValues: Hashable, Sendable {
  private var values: [String: Double]

  /// The defaults.
  public init(_ parameters: [StrategyParameter]) {
    values = Dictionary(uniqueKeysWithValues: parameters.map { ($0.key, $0.standard) })
  }

  /// `key` is one of the strategy's own.
  public subscript(key: String) -> Double {
    get {
      guard let value = values[key] else { preconditionFailure("no parameter \(key)") }
      return value
    }
    set {
      precondition(values[key] != nil, "no parameter \(key)")
      values[key] = newValue
    }
  }

  /// The same, of a parameter that is whole.
  public subscript(whole key: String) -> Int {
    get { Int(self[key]) }
    set { self[key] = Double(newValue) }
  }
}
