import Numerics

enum Whole: FixedUnit {
  static var fractionDigits: Int { 0 }
  static var name: String { "count" }
}

enum Cents: FixedUnit {
  static var fractionDigits: Int { 2 }
  static var name: String { "amount" }
}

enum Fine: FixedUnit {
  static var fractionDigits: Int { 8 }
  static var name: String { "price" }
}

enum Finest: FixedUnit {
  static var fractionDigits: Int { 18 }
  static var name: String { "wei" }
}

/// Numbers of every size, with the ends of the range and round numbers among them.
func anySteps(_ generator: inout some RandomNumberGenerator) -> Int64 {
  let special: [Int64] = [0, 1, -1, .max, .min, .max - 1, .min + 1, 100_000_000, -100_000_000, 5]
  if Int.random(in: 0..<8, using: &generator) == 0 {
    return special[Int.random(in: 0..<special.count, using: &generator)]
  }
  let bits = Int64.random(in: 0..<63, using: &generator)
  return Int64.random(in: .min ... .max, using: &generator) >> bits
}
