import Market
import Numerics

/// What was bought (or sold short) at one time and is still held.
public struct Lot: Hashable, Sendable, BitwiseCopyable {
  public var quantity: Quantity
  /// What it cost; negative for what was sold short.
  public var cost: Cash
}

/// The lots of one position, oldest first. All have the sign of the position.
struct LotQueue: Hashable, Sendable {
  private(set) var lots: [Lot] = []
  private var head = 0

  var open: ArraySlice<Lot> { lots[head...] }

  static func == (a: Self, b: Self) -> Bool { a.open.elementsEqual(b.open) }
  func hash(into hasher: inout Hasher) { for lot in open { hasher.combine(lot) } }

  mutating func add(_ lot: Lot) { lots.append(lot) }

  /// What the oldest `quantity` cost; it has the sign of the lots, and no more than they are.
  func cost(of quantity: Quantity) throws(FixedPointError) -> Cash {
    var rest = quantity.steps
    var cost: Int64 = 0
    var place = head
    while rest != 0, place < lots.count {
      let lot = lots[place]
      place += 1
      if rest.magnitude >= lot.quantity.steps.magnitude {
        rest -= lot.quantity.steps
        cost += lot.cost.steps
      } else {
        cost += try lot.cost.scaled(by: rest, over: lot.quantity.steps).steps
        rest = 0
      }
    }
    return Cash(steps: cost)
  }

  /// Takes the oldest `quantity` out.
  mutating func remove(_ quantity: Quantity) throws(FixedPointError) {
    var rest = quantity.steps
    while rest != 0, head < lots.count {
      let lot = lots[head]
      if rest.magnitude >= lot.quantity.steps.magnitude {
        rest -= lot.quantity.steps
        head += 1
      } else {
        let part = try lot.cost.scaled(by: rest, over: lot.quantity.steps)
        lots[head].quantity.steps -= rest
        lots[head].cost.steps -= part.steps
        rest = 0
      }
    }
    if head == lots.count {
      lots.removeAll(keepingCapacity: true)
      head = 0
    } else if head > 16, head * 2 > lots.count {
      lots.removeFirst(head)
      head = 0
    }
  }

  /// Makes the whole another whole, each lot in proportion, and to the step in all.
  mutating func split(from before: Lot, to after: Lot) throws(FixedPointError) {
    var seen = Lot(quantity: .zero, cost: .zero)
    var given = seen
    for place in head..<lots.count {
      // Of running sums, so that what rounding leaves in one lot goes to the next.
      seen.quantity.steps += lots[place].quantity.steps
      seen.cost.steps += lots[place].cost.steps
      let quantity = try seen.quantity.scaled(
        by: after.quantity.steps, over: before.quantity.steps)
      let cost =
        before.cost.isZero
        ? .zero : try seen.cost.scaled(by: after.cost.steps, over: before.cost.steps)
      lots[place].quantity.steps = quantity.steps - given.quantity.steps
      lots[place].cost.steps = cost.steps - given.cost.steps
      given = Lot(quantity: quantity, cost: cost)
    }
  }
}
