import Foundation
import Market
import Numerics
import Runtime

/// What happens to a share besides trades: an act of its company, or a word of its exchange.
public struct MarketNotice: Hashable, Sendable {
  public enum Content: Hashable, Sendable {
    case action(ShareAction)
    case status(TradingStatus)
  }

  public let symbol: Symbol
  /// When it takes effect.
  public let time: Timestamp
  public let content: Content

  public init(_ symbol: Symbol, at time: Timestamp, _ content: Content) {
    self.symbol = symbol
    self.time = time
    self.content = content
  }
}

// Corporate actions.
extension MarketNotice {
  /// What corporate actions do to an account that trades at prices as they were: splits and dividends take
  /// effect as their day begins, before anything is traded; a share that trades no more is paid out at its
  /// last close.
  static func of(
    _ actions: [CorporateAction], over frame: Frame, in zone: Zone
  ) throws(BacktestError) -> [MarketNotice] {
    var notices: [MarketNotice] = []
    for action in actions where action.symbol == frame.symbol {
      // After what became known at midnight of the day before.
      let midnight = zone.instant(on: action.date, secondOfDay: 0)
      let time = Timestamp(nanoseconds: midnight.nanoseconds + 1)
      do throws(FixedPointError) {
        switch action.kind {
        case .split(let ratio):
          notices.append(
            MarketNotice(action.symbol, at: time, .action(.split(ratio: try Rate(nearest: ratio)))))
        case .dividend(let amount):
          notices.append(
            MarketNotice(action.symbol, at: time, .action(.dividend(try Price(nearest: amount)))))
        case .delisted:
          if let last = try last(of: frame, until: action.date, in: zone) { notices.append(last) }
        case .renamed: continue
        }
      } catch {
        throw .amount(error)
      }
    }
    return notices
  }

  private static func last(
    of frame: Frame, until day: CivilDate, in zone: Zone
  ) throws(FixedPointError) -> MarketNotice? {
    let end = zone.instant(on: day.advanced(by: 1), secondOfDay: 0).nanoseconds
    guard let row = frame.end.lastIndex(where: { $0 <= end }), let closes = frame["close"] else {
      return nil
    }
    return MarketNotice(
      frame.symbol, at: Timestamp(nanoseconds: frame.knownAt[row] + 1),
      .action(.delisted(at: try Price(nearest: closes[row]))))
  }
}

/// What is wrong with a file of notices.
public enum NoticeError: DiagnosedError, Equatable {
  case wrongFields(place: String, found: Int)
  case badValue(place: String, finding: String, remedy: String)

  public var diagnosis: Diagnosis {
    switch self {
    case .wrongFields(let place, let found):
      Diagnosis(
        place: place, finding: "\(found) fields, where three to five are expected",
        remedy: "write time,symbol,notice and its numbers, as in 2024-05-01T14:30:00Z,NVDA,halted",
        exitCode: .refused)
    case .badValue(let place, let finding, let remedy):
      Diagnosis(place: place, finding: finding, remedy: remedy, exitCode: .refused)
    }
  }
}

// Files: `2024-05-01T14:30:00Z,NVDA,bands,90.5,99.5`.
extension MarketNotice {
  private static let words = ["halted", "resumed", "bands", "no_bands", "borrowable"]

  /// The notices of a CSV file with the columns time, symbol, notice and its numbers: `halted`, `resumed`,
  /// `bands` with the lowest and the highest price, `no_bands`, `borrowable` with a number of shares.
  public static func read(csv text: String, file: String) throws(NoticeError) -> [MarketNotice] {
    var notices: [MarketNotice] = []
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .enumerated()
    {
      let fields = line.split(separator: ",", omittingEmptySubsequences: false)
        .map { $0.trimmingCharacters(in: .whitespaces) }
      if fields.allSatisfy(\.isEmpty) || (index == 0 && fields.first == "time") { continue }
      notices.append(try Self(fields, place: "\(file):\(index + 1)"))
    }
    return notices
  }

  private init(_ fields: [String], place: String) throws(NoticeError) {
    guard (3...5).contains(fields.count) else {
      throw .wrongFields(place: place, found: fields.count)
    }
    func refusal(_ finding: String, _ remedy: String) -> NoticeError {
      .badValue(place: place, finding: finding, remedy: remedy)
    }
    do { time = try Timestamp(parsing: fields[0]) } catch {
      throw refusal(error.diagnosis.finding, "write an instant, as in 2024-05-01T14:30:00Z")
    }
    guard let symbol = Symbol(fields[1]) else {
      throw refusal("\(Excerpt.quoted(fields[1])) is no symbol", "write one, as in NVDA")
    }
    self.symbol = symbol
    func number<Unit>(_ column: Int) throws(NoticeError) -> FixedPoint<Unit> {
      let text = column < fields.count ? fields[column] : ""
      do throws(FixedPointError) {
        let value = try FixedPoint<Unit>(parsing: text)
        if value > .zero { return value }
      } catch {
        throw refusal(error.diagnosis.finding, "write a number above zero, as in 99.5")
      }
      throw refusal("\(text) is not above zero", "write a number above zero, as in 99.5")
    }
    switch fields[2] {
    case "halted": content = .status(.halted)
    case "resumed": content = .status(.resumed)
    case "no_bands": content = .status(.noBands)
    case "borrowable": content = .status(.borrowable(try number(3)))
    case "bands":
      let (lower, upper): (Price, Price) = (try number(3), try number(4))
      guard lower < upper else {
        throw refusal("the lowest price \(lower) is not below the highest", "exchange them")
      }
      content = .status(.bands(lower: lower, upper: upper))
    default:
      throw refusal(
        "\(Excerpt.quoted(fields[2])) is no notice",
        (Words.nearest(to: fields[2], among: Self.words).map { "did you mean \($0)? " } ?? "")
          + "there are: " + Self.words.joined(separator: ", "))
    }
  }
}
