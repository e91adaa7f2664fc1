import Market

/// Makes columns out of a world, and can be asked to do it again for one that went another way.
///
/// Whatever is put between bars and a model can be one: features, labels, scaled columns, the rows a
/// model is trained on, joins, flags of what can be traded, decisions.
public protocol Provable: Sendable {
  associatedtype Failure: Error

  var columns: [ProvenColumn] { get }

  /// The tables of each world, always as many and in the same order; each is looked at when it is
  /// made and need not be kept.
  func evaluate(
    _ worlds: [World], _ visit: (_ world: Int, _ table: ProvenTable) -> Void
  ) throws(Failure)

  /// The same tables made bar by bar; none where there is no such form.
  func streamed(_ world: World, _ visit: (_ table: ProvenTable) -> Void) throws(Failure)
}

extension Provable {
  public func streamed(_ world: World, _ visit: (_ table: ProvenTable) -> Void) throws(Failure) {}
}

/// A column under proof.
public struct ProvenColumn: Hashable, Sendable {
  public let name: String
  /// So many first rows must be missing.
  public let lookBack: Int

  public init(_ name: String, lookBack: Int = 0) {
    self.name = name
    self.lookBack = lookBack
  }
}

/// Columns, and from when on each of their rows is used.
public struct ProvenTable: Sendable {
  /// What the rows are of: a symbol, or a part of a split.
  public let name: String
  /// UTC nanoseconds: what becomes known later must not move the row. `Int64.max` for rows that are
  /// never used.
  public let usedAt: Column<Int64>
  /// In the order of the subject's columns.
  public let values: [Column<Double>]

  public init(name: String, usedAt: Column<Int64>, values: [Column<Double>]) {
    precondition(values.allSatisfy { $0.count == usedAt.count }, "columns are equally long")
    self.name = name
    self.usedAt = usedAt
    self.values = values
  }
}

/// Any function of a world, as a subject of the proof.
public struct Computation: Provable {
  public let columns: [ProvenColumn]
  private let tables: @Sendable (World) throws -> [ProvenTable]

  public init(
    _ columns: [ProvenColumn], _ tables: @escaping @Sendable (World) throws -> [ProvenTable]
  ) {
    self.columns = columns
    self.tables = tables
  }

  public func evaluate(
    _ worlds: [World], _ visit: (_ world: Int, _ table: ProvenTable) -> Void
  ) throws {
    for (number, world) in worlds.enumerated() {
      for table in try tables(world) { visit(number, table) }
    }
  }
}
