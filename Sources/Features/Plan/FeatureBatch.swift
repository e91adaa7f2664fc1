import Market
import Numerics

/// Runs a plan over the whole history of many symbols.
///
/// Symbols stand side by side in lanes, groups of them on threads. Everything is allocated when the
/// batch is made; a run allocates nothing. Symbols do not touch each other: values do not depend on
/// which others are there, nor on the number of threads.
public final class FeatureBatch {
  public let plan: FeaturePlan
  private let groups: [LaneGroup]
  private let memories: [PlanMemory]
  private let partition: Partition
  private let pool: Pool

  /// - Parameters:
  ///   - columns: for each symbol the plan's inputs, in its order
  ///   - table: where the values go
  public init(
    _ plan: FeaturePlan, columns: [[Column<Double>]], into table: FeatureTable,
    pool: Pool = .shared
  ) {
    precondition(
      columns.count == table.counts.count && table.outputCount == plan.outputCount,
      "the table fits the plan and its symbols")
    self.plan = plan
    self.pool = pool
    let count = columns.count
    let groupCount = max(1, (count + 7) / 8, min(pool.threads, count))
    let lanes = max(1, (count + groupCount - 1) / groupCount)
    // Symbols of like length together, so that few lanes run empty.
    let order = columns.indices.sorted { (table.counts[$0], $1) > (table.counts[$1], $0) }
    groups = stride(from: 0, to: count, by: lanes).map { start in
      LaneGroup(
        Array(order[start..<min(start + lanes, count)]), lanes: lanes, columns: columns,
        table: table)
    }
    let rows = max(8, Self.blockSize / lanes / 8 * 8)
    let layout = Layout(plan.steps, lanes: lanes, blockRows: rows, slackRows: rows)
    partition = Partition(count: max(1, groups.count), threads: pool.threads)
    memories = (0..<partition.parts).map { _ in PlanMemory(layout) }
  }

  /// Numbers of a block: a few hundred series of them stay in the second level of the cache.
  private static let blockSize = 768

  public func run() {
    guard !groups.isEmpty else { return }
    pool.forEachPart(of: partition) { part, range in
      for group in range { groups[group].run(memories[part]) }
    }
  }
}

/// Symbols that are computed side by side.
private final class LaneGroup {
  private let lanes: Int
  private let lengths: [Int]
  private let sources: [UnsafePointer<Double>]
  private let targets: [UnsafeMutablePointer<Double>]
  /// What keeps the memory of sources and targets.
  private let owners: [Column<Double>.Handle]
  private let table: FeatureTable
  /// What an empty lane points to; it has no rows, so nothing is read or written there.
  private let nothing = UnsafeMutablePointer<Double>.allocate(capacity: 1)

  init(_ members: [Int], lanes: Int, columns: [[Column<Double>]], table: FeatureTable) {
    self.lanes = lanes
    self.table = table
    nothing.initialize(to: .nan)
    lengths = (0..<lanes).map { $0 < members.count ? table.counts[members[$0]] : 0 }
    let inputCount = columns.first?.count ?? 0
    var handles: [Column<Double>.Handle] = []
    var sources: [UnsafePointer<Double>] = []
    for input in 0..<inputCount {
      for lane in 0..<lanes {
        guard lane < members.count else {
          sources.append(UnsafePointer(nothing))
          continue
        }
        let column = columns[members[lane]][input]
        precondition(column.count == lengths[lane], "inputs are as long as their table")
        handles.append(column.handle)
        sources.append(column.handle.values.baseAddress ?? UnsafePointer(nothing))
      }
    }
    var targets: [UnsafeMutablePointer<Double>] = []
    for output in 0..<table.outputCount {
      for lane in 0..<lanes {
        let column =
          lane < members.count ? table.target(symbol: members[lane], output: output) : nil
        targets.append(column?.baseAddress ?? nothing)
      }
    }
    owners = handles
    self.sources = sources
    self.targets = targets
  }

  deinit { nothing.deallocate() }

  func run(_ memory: PlanMemory) {
    memory.restart()
    let (most, least) = (lengths.max() ?? 0, lengths.min() ?? 0)
    lengths.withUnsafeBufferPointer { lengths in
      sources.withUnsafeBufferPointer { sources in
        targets.withUnsafeBufferPointer { targets in
          var row = 0
          while row < most {
            let rows = min(memory.layout.blockRows, most - row)
            memory.run(
              rows: rows,
              BatchDoor(
                lanes: lanes, lengths: lengths, sources: sources, targets: targets, row: row,
                rows: rows, isWhole: row + rows <= least,
                passesCaches: table.byteCount > FeatureTable.cachedBytes))
            row += rows
          }
        }
      }
    }
    finishStores()
  }
}
