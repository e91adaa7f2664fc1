import Market
import Runtime
import Synchronization

/// Where Alpaca's market data is asked for, with whose keys, and which of its data.
public struct AlpacaSettings: Sendable {
  /// Which exchanges' trades bars are made of; free plans have `iex`.
  public enum Feed: String, CaseIterable, Sendable {
    case iex, sip, otc, boats, overnight
    case delayedSip = "delayed_sip"
  }

  public var base: HTTPAddress
  public var key: Secret
  public var secret: Secret
  /// The best that the plan allows where nothing is said.
  public var feed: Feed?
  public var adjustment: BarDeclaration.Adjustment
  /// Bars in one answer, at most 10,000.
  public var pageSize: Int
  public var deadline: Duration

  public static let standardBase = "https://data.alpaca.markets"
  /// Requests a minute for each key.
  public static let requestsPerMinute = 200

  public init(
    base: HTTPAddress, key: Secret, secret: Secret, feed: Feed? = nil,
    adjustment: BarDeclaration.Adjustment = .splits, pageSize: Int = 10_000,
    deadline: Duration = .seconds(30)
  ) {
    precondition((1...10_000).contains(pageSize), "a page has 1 to 10,000 bars")
    self.base = base
    self.key = key
    self.secret = secret
    self.feed = feed
    self.adjustment = adjustment
    self.pageSize = pageSize
    self.deadline = deadline
  }
}

/// Bars of shares in the United States from Alpaca's market data service, version 2.
public struct AlpacaSource: BarSource {
  public static let name = "alpaca"
  private static let zone = Zone.newYork

  private let link: ServiceLink
  private let settings: AlpacaSettings

  public init(link: ServiceLink, settings: AlpacaSettings) {
    self.link = link
    self.settings = settings
  }

  public var declaration: BarDeclaration {
    BarDeclaration(
      source: Self.name, zone: Self.zone.name, adjustment: settings.adjustment)
  }

  /// One batch a page.
  public func bars(_ request: BarRequest) -> BarStream {
    let pages = Pages()
    return BarStream {
      guard case .page(let token) = pages.next else { return nil }
      let page = try await page(request, token: token)
      pages.set(page.next)
      return try batch(page.rows, request)
    }
  }

  /// The service for bars tells of none.
  public func actions(of symbol: Symbol, days: TimeRange) async throws -> [CorporateAction] { [] }

  private final class Pages: Sendable {
    enum Next {
      case page(token: String?)
      case none
    }
    private let state = Mutex(Next.page(token: nil))

    var next: Next { state.withLock { $0 } }
    func set(_ token: String?) {
      state.withLock { $0 = token.map { .page(token: $0) } ?? .none }
    }
  }

  private func page(
    _ request: BarRequest, token: String?
  ) async throws -> (rows: WebRows, next: String?) {
    let address = try address(request, token: token)
    let asked = HTTPRequest(
      .get, address,
      headers: [
        HTTPField("APCA-API-KEY-ID", settings.key),
        HTTPField("APCA-API-SECRET-KEY", settings.secret),
        HTTPField("Accept", "application/json"),
      ], deadline: settings.deadline, redirectsMax: 0)
    let reply = try await link.reply(to: { _ throws(SourceError) in asked })
    let place = "Alpaca's bars of \(request.symbol)"
    let root: JSON
    do {
      root = try JSON(parsing: reply.body, source: place)
    } catch {
      guard reply.head.status == 200 else {
        throw Self.refusal(reply.head.status, says: reply.excerpt, request)
      }
      throw SourceError.badAnswer(place: error.diagnosis.place, finding: error.diagnosis.finding)
    }
    guard reply.head.status == 200 else {
      throw Self.refusal(
        reply.head.status, says: root["message"]?.string ?? reply.excerpt, request)
    }
    let next = root["next_page_token"]?.string
    guard next == nil || next != token else {
      throw SourceError.badAnswer(place: place, finding: "it names the same page again")
    }
    return (try AlpacaPage.rows(root["bars"] ?? .null, place: place), next)
  }

  private static func refusal(_ status: Int, says: String, _ request: BarRequest) -> SourceError {
    switch status {
    case 401, 403: .unauthorised(source: "Alpaca", says: says)
    case 404: .unknownSymbol(source: "Alpaca", symbol: request.symbol.text, says: says)
    case 500...: .outage(source: "Alpaca", says: says)
    default: .badRequest(source: "Alpaca", symbol: request.symbol.text, says: says)
    }
  }

  private func batch(_ rows: WebRows, _ request: BarRequest) throws(SourceError) -> BarBatch {
    var bars = try WebBars(
      symbol: request.symbol, interval: request.interval, days: request.days,
      zone: Self.zone.name, now: link.time.now)
    return try bars.batch(
      rows,
      declaration: BarDeclaration(
        source: Self.name, interval: request.interval,
        stamp: request.interval == .day ? .session : .start, zone: Self.zone.name,
        adjustment: settings.adjustment), actions: [])
  }

  private func address(_ request: BarRequest, token: String?) throws(SourceError) -> HTTPAddress {
    var address = settings.base.appending(encodedPath: "/v2/stocks")
      .appending(path: request.symbol.text).appending(encodedPath: "/bars")
      .appending(query: "timeframe", try Self.timeframe(request.interval))
      .appending(query: "start", "\(Self.midnight(request.days.first ?? AlpacaPage.earliest))")
      .appending(query: "limit", String(settings.pageSize))
      .appending(query: "adjustment", Self.word(settings.adjustment))
      .appending(query: "sort", "asc")
    if let last = request.days.last {
      // The end is included: to the last nanosecond of the day in New York.
      let end = Self.midnight(last.advanced(by: 1))
      address = address.appending(
        query: "end", "\(Timestamp(nanoseconds: end.nanoseconds - 1))")
    }
    if let feed = settings.feed { address = address.appending(query: "feed", feed.rawValue) }
    if let token { address = address.appending(query: "page_token", token) }
    return address
  }

  private static func midnight(_ date: CivilDate) -> Timestamp {
    zone.instant(on: date, secondOfDay: 0)
  }

  /// Its bars begin at whole hours and their parts, so that those of an hour mix what was traded
  /// before the open at half past nine with what came after it.
  private static func timeframe(_ interval: BarInterval) throws(SourceError) -> String {
    switch interval.unit {
    case .minute where 30.isMultiple(of: interval.count): return "\(interval.count)Min"
    case .day where interval.count == 1: return "1Day"
    default:
      throw .unsupportedInterval(
        source: "Alpaca", interval: "\(interval)", why: "its bars of that length cross the open",
        remedy: "fetch 30min or a whole part of it, or 1d, then: martinet data aggregate")
    }
  }

  private static func word(_ adjustment: BarDeclaration.Adjustment) -> String {
    switch adjustment {
    case .none: "raw"
    case .splits: "split"
    case .splitsAndDividends: "all"
    }
  }
}
