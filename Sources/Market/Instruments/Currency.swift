import Numerics
import Runtime

/// A currency by its ISO 4217 code.
public struct Currency: Hashable, Sendable, CustomStringConvertible {
  /// Three capital letters: "USD".
  public let code: String
  /// Digits after the point in which it is paid: 2 for dollars and cents.
  public let digits: Int

  public static let usd = Currency(code: "USD", digits: 2)
  public static let inr = Currency(code: "INR", digits: 2)
  public static let eur = Currency(code: "EUR", digits: 2)
  public static let gbp = Currency(code: "GBP", digits: 2)
  public static let chf = Currency(code: "CHF", digits: 2)
  public static let cad = Currency(code: "CAD", digits: 2)
  public static let aud = Currency(code: "AUD", digits: 2)
  public static let hkd = Currency(code: "HKD", digits: 2)
  public static let sgd = Currency(code: "SGD", digits: 2)
  public static let cny = Currency(code: "CNY", digits: 2)
  public static let twd = Currency(code: "TWD", digits: 2)
  public static let jpy = Currency(code: "JPY", digits: 0)
  public static let krw = Currency(code: "KRW", digits: 0)

  /// The currencies of the markets this program knows.
  public static let all = [
    usd, inr, eur, gbp, chf, cad, aud, hkd, sgd, cny, twd, jpy, krw,
  ]

  private init(code: String, digits: Int) {
    self.code = code
    self.digits = digits
  }

  /// Reads a code, in capital or small letters.
  public init(parsing code: some StringProtocol) throws(InstrumentError) {
    let wanted = code.utf8.count == 3 ? code.uppercased() : ""
    guard let known = Self.all.first(where: { $0.code == wanted }) else {
      throw .unknownCurrency(code: String(code.prefix(100)))
    }
    self = known
  }

  public var description: String { code }

  /// The amount as it is written in this currency: at least its digits, more where there are more.
  public func text(_ cash: Cash) -> String { cash.text(minimumFractionDigits: digits) }
}
