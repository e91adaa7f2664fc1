import Market

/// Features as a subject of the proof: with the cross-section they read, in batch and in stream form.
public struct FeatureComputation: Provable {
  public let columns: [ProvenColumn]
  private let suite: FeatureSuite
  private let join: Join

  /// Adds to frames the columns that several symbols make together.
  public typealias Join = @Sendable ([Frame]) throws(FeatureError) -> [Frame]

  public init(_ features: [any Feature], join: @escaping Join) {
    columns = features.map { ProvenColumn($0.about.name, lookBack: $0.about.lookBack) }
    suite = FeatureSuite(features)
    self.join = join
  }

  /// What a person chose, with the columns it is derived from.
  public init(_ choice: FeatureChoice) {
    self.init(choice.features) { (frames) throws(FeatureError) in try choice.joined(frames) }
  }

  /// With the cross-section and the ranks among symbols that features read.
  public init(_ features: [any Feature]) {
    let planned = features.compactMap { $0 as? any PlannedFeature }
    let readsOthers = planned.contains {
      !$0.expression.columns.isDisjoint(with: CrossSection.columns)
    }
    self.init(features) { (frames) throws(FeatureError) in
      try CrossSection.ranked(readsOthers ? CrossSection.joined(frames) : frames, for: planned)
    }
  }

  public func evaluate(
    _ worlds: [World], _ visit: (_ world: Int, _ table: ProvenTable) -> Void
  ) throws(FeatureError) {
    var joined: [[Frame]] = []
    for world in worlds { joined.append(try join(world.frames)) }
    // A symbol's bars of all worlds stand side by side, as symbols do.
    for place in 0..<(joined.map(\.count).max() ?? 0) {
      let numbers = joined.indices.filter { place < joined[$0].count }
      var bars: [BarColumns] = []
      for number in numbers { bars.append(try BarColumns(joined[number][place])) }
      let values = try suite.columns(over: bars)
      for (index, number) in numbers.enumerated() {
        visit(number, table(joined[number][place], values[index]))
      }
    }
  }

  public func streamed(
    _ world: World, _ visit: (_ table: ProvenTable) -> Void
  ) throws(FeatureError) {
    for frame in try join(world.frames) {
      visit(table(frame, try suite.streamed(over: BarColumns(frame))))
    }
  }

  private func table(_ frame: Frame, _ values: [Column<Double>]) -> ProvenTable {
    ProvenTable(name: frame.symbol.text, usedAt: frame.knownAt, values: values)
  }
}
