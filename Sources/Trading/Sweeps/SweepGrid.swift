import Numerics
import Runtime

/// Which settings of a strategy are tried: a value list for each parameter, and which of their
/// combinations.
public struct SweepGrid: Hashable, Sendable {
  public struct Axis: Hashable, Sendable {
    public let key: String
    public let values: [Double]
    /// As it was given.
    let text: String

    fileprivate init(key: String, values: [Double], text: String) {
      self.key = key
      self.values = values
      self.text = text
    }
  }

  public enum Choice: Hashable, Sendable {
    /// Every combination.
    case all
    /// So many different ones, drawn by chance.
    case random(Int)
    /// So many, that each axis is cut into as many strata and each stratum is used once (McKay, Beckman
    /// and Conover 1979).
    case latinHypercube(Int)
  }

  public let searched: Searchable
  public let axes: [Axis]
  public let choice: Choice
  public let seed: UInt64
  /// The settings to try, in the order of the grid or of the draws.
  public let settings: [StrategyValues]
  /// Combinations that were left out because the strategy refuses them: fast at or above slow.
  public let contradictions: Int

  /// More than these nobody waits for.
  public static let mostSettings = 1_000_000

  /// - Parameters:
  ///   - text: `fast=5..50,slow=20..200:10,width=1|1.5|2`
  ///   - base: what parameters outside of the grid are set to
  public init(
    parsing text: String, of searched: Searchable, base: StrategyValues, choice: Choice = .all,
    seed: UInt64
  ) throws(BacktestError) {
    var axes: [Axis] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let axis = try Axis(parsing: String(part), of: searched)
      guard !axes.contains(where: { $0.key == axis.key }) else {
        throw .contradiction(
          "grid", finding: "\(axis.key) is given twice", remedy: "give one range for each parameter"
        )
      }
      axes.append(axis)
    }
    try self.init(axes: axes, of: searched, base: base, choice: choice, seed: seed)
  }

  /// The same of a strategy that comes with the program.
  public init(
    parsing text: String, of type: any ShippedStrategy.Type, base: StrategyValues,
    choice: Choice = .all, seed: UInt64
  ) throws(BacktestError) {
    try self.init(
      parsing: text, of: Searchable(type), base: base, choice: choice, seed: seed)
  }

  /// The values around each default, or those that rules have ranges for, where nobody said which.
  public init(
    around base: StrategyValues, of searched: Searchable, choice: Choice = .all, seed: UInt64
  ) throws(BacktestError) {
    let parameters =
      searched.rules == nil
      ? searched.parameters : searched.parameters.filter { $0.suggestions.count > 1 }
    guard !parameters.isEmpty else {
      throw .contradiction(
        searched.id, finding: "no parameter of these rules has a range to look in",
        remedy: "give one in the file, as in fast: {value: 20, from: 5, to: 50, step: 5}, or "
          + "--grid fast=5..50:5")
    }
    let axes = parameters.map { parameter in
      let values = parameter.suggestions
      let text = values.map { parameter.json($0).text() }.joined(separator: "|")
      return Axis(key: parameter.key, values: values, text: "\(parameter.key)=\(text)")
    }
    try self.init(axes: axes, of: searched, base: base, choice: choice, seed: seed)
  }

  init(
    axes: [Axis], of searched: Searchable, base: StrategyValues, choice: Choice, seed: UInt64
  ) throws(BacktestError) {
    self.searched = searched
    self.axes = axes
    self.choice = choice
    self.seed = seed
    var random = RandomStream(seed: seed, purpose: "sweep")
    let places: [[Int]] =
      switch choice {
      case .all: try Self.everyPlace(axes)
      case .random(let count): try Self.randomPlaces(axes, count, &random)
      case .latinHypercube(let count): try Self.latinPlaces(axes, count, &random)
      }
    var settings: [StrategyValues] = []
    var refusal: BacktestError?
    for place in places {
      var values = base
      for (axis, index) in zip(axes, place) { values[axis.key] = axis.values[index] }
      do throws(BacktestError) {
        _ = try searched.strategy(values)
        settings.append(values)
      } catch {
        // A setting that looks ahead is no contradiction: nothing of it may be tried.
        if error.diagnosis.exitCode == .refused { throw error }
        refusal = error
      }
    }
    guard !settings.isEmpty else {
      let why = refusal.map { "\($0.diagnosis.place): \($0.diagnosis.finding)" } ?? "it is empty"
      throw .contradiction(
        "grid", finding: "no combination of it can be tried; \(why)",
        remedy: "choose ranges that go together")
    }
    self.settings = settings
    contradictions = places.count - settings.count
  }

  public var strategy: String { searched.id }
  /// As it was given, or would have to be.
  public var text: String { axes.map(\.text).joined(separator: ",") }

  /// What the parameters outside of the grid are set to.
  var fixed: JSON {
    let free = Set(axes.map(\.key))
    return .object(
      searched.parameters.filter { !free.contains($0.key) }.map { parameter in
        JSON.Member(parameter.key, parameter.json(settings[0][parameter.key]))
      })
  }

  private static func combinations(_ axes: [Axis]) -> Int {
    axes.reduce(1) { count, axis in
      let (product, isOver) = count.multipliedReportingOverflow(by: axis.values.count)
      return isOver ? .max : product
    }
  }

  private static func checkCount(_ count: Int) throws(BacktestError) {
    guard count <= mostSettings else {
      throw .contradiction(
        "grid", finding: "it has \(NumberText.count(count)) combinations",
        remedy:
          "at most \(NumberText.count(mostSettings)) are tried: widen the steps, as in 5..50:5, "
          + "or draw some of them: --random 10000")
    }
  }

  /// The last axis runs fastest.
  private static func place(_ number: Int, _ axes: [Axis]) -> [Int] {
    var (place, rest) = ([Int](repeating: 0, count: axes.count), number)
    for axis in axes.indices.reversed() {
      (rest, place[axis]) = rest.quotientAndRemainder(dividingBy: axes[axis].values.count)
    }
    return place
  }

  private static func everyPlace(_ axes: [Axis]) throws(BacktestError) -> [[Int]] {
    let count = combinations(axes)
    try checkCount(count)
    return (0..<count).map { place($0, axes) }
  }

  private static func randomPlaces(
    _ axes: [Axis], _ count: Int, _ random: inout RandomStream
  ) throws(BacktestError) -> [[Int]] {
    try checkCount(count)
    let all = combinations(axes)
    guard count < all else { return try everyPlace(axes) }
    var drawn: Set<Int> = []
    var places: [[Int]] = []
    // Fewer than all, so that it ends; where most are wanted, the last few take some draws more.
    while places.count < count {
      let number = random.index(below: all)
      if drawn.insert(number).inserted { places.append(place(number, axes)) }
    }
    return places
  }

  private static func latinPlaces(
    _ axes: [Axis], _ count: Int, _ random: inout RandomStream
  ) throws(BacktestError) -> [[Int]] {
    try checkCount(count)
    let strata = axes.map { axis in
      random.permutation(count).map { stratum in
        let position = (Double(stratum) + random.uniform()) / Double(count)
        return min(axis.values.count - 1, Int(position * Double(axis.values.count)))
      }
    }
    var seen: Set<[Int]> = []
    return (0..<count).map { index in strata.map { $0[index] } }.filter { seen.insert($0).inserted }
  }
}

extension SweepGrid.Axis {
  /// `fast=5..50`, `width=0.5..3:0.25` or `bars=10|20|50`.
  init(parsing text: String, of searched: Searchable) throws(BacktestError) {
    let halves = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard halves.count == 2, !halves[0].isEmpty, !halves[1].isEmpty else {
      throw Self.refusal(text, "is not of the form parameter=values")
    }
    let key = halves[0].trimmingSpaces
    guard let parameter = searched.parameters.first(where: { $0.key == key }) else {
      throw .unknownParameter(key, of: searched.id, known: searched.parameters.map(\.key))
    }
    self.key = key
    self.text = text
    let values = try Self.values(halves[1].trimmingSpaces, text, isWhole: parameter.isWhole)
    for value in values { try parameter.check(value) }
    guard Set(values).count == values.count else {
      throw Self.refusal(text, "has a value twice")
    }
    self.values = values
  }

  private static func values(
    _ text: String, _ whole: String, isWhole: Bool
  ) throws(BacktestError) -> [Double] {
    guard let dots = text.firstRange(of: "..") else {
      var values: [Double] = []
      for part in text.split(separator: "|", omittingEmptySubsequences: false) {
        values.append(try number(part, whole))
      }
      return values
    }
    let first = text[..<dots.lowerBound]
    let rest = text[dots.upperBound...].split(
      separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard !first.isEmpty else { throw refusal(whole, "has a range without a beginning") }
    guard let last = rest.first, !last.isEmpty else {
      throw refusal(whole, "has a range without an end")
    }
    let (low, high) = (try number(first, whole), try number(last, whole))
    guard low <= high else { throw refusal(whole, "has a range that ends before it begins") }
    guard rest.count == 2 || isWhole else {
      throw refusal(whole, "has a range without a step, and its values are not whole")
    }
    let step = rest.count == 2 ? try number(rest[1], whole) : 1
    guard step > 0 else { throw refusal(whole, "has a step that is not above zero") }
    // A last step that rounding alone puts beyond the end is still meant.
    let count = ((high - low) / step + 1e-9).rounded(.down)
    guard count < Double(SweepGrid.mostSettings) else {
      throw refusal(whole, "has more than \(NumberText.count(SweepGrid.mostSettings)) values")
    }
    return (0...Int(count)).map { low + Double($0) * step }
  }

  private static func number(_ text: some StringProtocol, _ whole: String) throws(BacktestError)
    -> Double
  {
    let plain = text.utf8.allSatisfy { "+-.0123456789eE".utf8.contains($0) }
    guard plain, let value = Double(String(text)), value.isFinite else {
      throw refusal(whole, "has \(Excerpt.quoted(String(text), longest: 20)), which is no number")
    }
    return value
  }

  private static func refusal(_ text: String, _ finding: String) -> BacktestError {
    .contradiction(
      "grid \(Excerpt.quoted(text, longest: 60))", finding: finding,
      remedy: "write parameter=first..last, first..last:step or value|value, as in "
        + "fast=5..50,slow=20..200:10")
  }
}

extension Substring {
  fileprivate var trimmingSpaces: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
