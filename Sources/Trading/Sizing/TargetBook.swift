import Market
import Numerics

/// What to aim for where a wanted book is not allowed: the nearest one that is, by the squares of what
/// differs, reached at the turnover of a day.
///
/// Books are weights, parts of what the account is worth, below zero where sold short. The order of
/// precedence is that of the limits: cash and no leverage, greatest position, turnover, least position.
public struct TargetBook: Hashable, Sendable {
  /// Names that together come to so much at most, either side counted.
  private struct Ceiling: Hashable, Sendable {
    var places: [Int]
    var most: Double
  }

  private let names: Int
  private let most, least, turnover, spendable, gross: Double
  private let isLongOnly: Bool
  private let sectors: [Ceiling]

  /// - Parameter equity: what the account is worth, for limits that are amounts
  public init(_ limits: RiskLimits, _ table: InstrumentTable, equity: Cash) {
    func part(_ rate: Rate?) -> Double { rate.map { Double($0) } ?? .infinity }
    names = table.count
    let amount = limits.position.mostAmount.map { Double($0) / Double(equity) } ?? .infinity
    most = min(part(limits.position.most), amount)
    least = limits.position.least.map { Double($0) } ?? 0
    turnover = part(limits.turnover.most)
    spendable = limits.cash.reserve.map { 1 - Double($0) } ?? .infinity
    gross = part(limits.leverage.gross)
    isLongOnly = !limits.leverage.shortSelling
    let ofSector = part(limits.sector.most)
    let sectorOf = Dictionary(
      limits.sector.members.map { ($0.symbol, $0.sector) }, uniquingKeysWith: { first, _ in first })
    let places = Dictionary(grouping: 0..<table.count) {
      sectorOf[table.instruments[$0].symbol] ?? ""
    }
    sectors =
      ofSector.isFinite
      ? places.sorted { $0.key < $1.key }.map { Ceiling(places: $0.value, most: ofSector) } : []
  }

  /// Where a day may lead: first back to where limits hold, then on towards what is wanted.
  ///
  /// - Parameter traded: of the day's turnover what has been used
  public func step(from held: [Double], to wanted: [Double], traded: Double = 0) -> [Double] {
    let allowed = max(0, turnover - traded)
    let mended = projected(held)
    let (first, used) = Self.move(held, to: mended, atMost: allowed)
    guard used < allowed else { return first }
    return Self.move(first, to: nearest(to: wanted), atMost: allowed - used).0
  }

  /// The nearest book that keeps all limits.
  public func nearest(to wanted: [Double]) -> [Double] {
    var book = projected(wanted)
    guard least > 0 else { return book }
    let small = book.indices.filter { book[$0] != 0 && abs(book[$0]) < least - 1e-12 }
      .sorted { abs(book[$0]) > abs(book[$1]) }
    for place in small {
      // Up to the least where that is nearer and there is room; else out.
      let weight = book[place]
      book[place] = weight < 0 ? -least : least
      if abs(weight) < least / 2 || !isAllowed(book) { book[place] = 0 }
    }
    return book
  }

  /// Whether a book keeps every limit but the least position.
  public func isAllowed(_ book: [Double], tolerance: Double = 1e-9) -> Bool {
    let sizes = book.map(abs)
    if isLongOnly, book.contains(where: { $0 < -tolerance }) { return false }
    if sizes.contains(where: { $0 > most + tolerance }) { return false }
    return ceilings(book).allSatisfy { ceiling in
      ceiling.places.reduce(0) { $0 + sizes[$1] } <= ceiling.most + tolerance
    }
  }

  private func ceilings(_ book: [Double]) -> [Ceiling] {
    var all = sectors
    if gross.isFinite { all.append(Ceiling(places: Array(book.indices), most: gross)) }
    if spendable.isFinite {
      all.append(Ceiling(places: book.indices.filter { book[$0] > 0 }, most: spendable))
    }
    return all.filter { !$0.places.isEmpty }
  }

  /// Dykstra's projections (1983) onto each limit in turn, which end at the nearest point of all.
  private func projected(_ wanted: [Double]) -> [Double] {
    let book = wanted.map { isLongOnly ? max(0, $0) : $0 }
    if isAllowed(book, tolerance: 0) { return book }
    let ceilings = ceilings(book)
    var sizes = book.map(abs)
    var box = [Double](repeating: 0, count: sizes.count)
    var shifts = [Double](repeating: 0, count: ceilings.count)
    for _ in 0..<5000 {
      // Points may stand still while what is taken off still moves: both have to rest.
      var change = 0.0
      for place in sizes.indices {
        let moved = sizes[place] + box[place]
        sizes[place] = min(most, max(0, moved))
        change = max(change, abs(moved - sizes[place] - box[place]))
        box[place] = moved - sizes[place]
      }
      for (index, ceiling) in ceilings.enumerated() {
        let count = Double(ceiling.places.count)
        let sum = ceiling.places.reduce(0) { $0 + sizes[$1] } + shifts[index] * count
        let shift = max(0, (sum - ceiling.most) / count)
        for place in ceiling.places { sizes[place] += shifts[index] - shift }
        change = max(change, abs(shift - shifts[index]))
        shifts[index] = shift
      }
      if change < 1e-13 { break }
    }
    return zip(book, inside(sizes, ceilings)).map { $0 < 0 ? -$1 : $1 }
  }

  /// The last rounding taken off: nothing is above a limit.
  private func inside(_ sizes: [Double], _ ceilings: [Ceiling]) -> [Double] {
    var sizes = sizes.map { min(most, max(0, $0)) }
    for ceiling in ceilings {
      let sum = ceiling.places.reduce(0) { $0 + sizes[$1] }
      guard sum > ceiling.most else { continue }
      for place in ceiling.places { sizes[place] *= ceiling.most / sum }
    }
    return sizes
  }

  private static func move(
    _ from: [Double], to target: [Double], atMost most: Double
  ) -> (book: [Double], used: Double) {
    let distance = zip(from, target).reduce(0) { $0 + abs($1.1 - $1.0) }
    guard distance > most else { return (target, distance) }
    return (zip(from, target).map { $0 + ($1 - $0) * most / distance }, most)
  }
}
