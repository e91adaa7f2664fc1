import Market
import Runtime
import Synchronization

/// Where Yahoo is asked, and as whom.
public struct YahooSettings: Sendable {
  /// Asked in turn where one of them has trouble.
  public var hosts: [HTTPAddress]
  /// Gives a cookie, whatever its status.
  public var cookieHost: HTTPAddress
  /// A plain library's name is turned away, a browser's is not.
  public var userAgent: String
  public var deadline: Duration

  public static let standardUserAgent =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    + "Chrome/130.0.0.0 Safari/537.36"

  public init(
    hosts: [HTTPAddress], cookieHost: HTTPAddress,
    userAgent: String = YahooSettings.standardUserAgent, deadline: Duration = .seconds(30)
  ) {
    precondition(!hosts.isEmpty, "someone has to be asked")
    self.hosts = hosts
    self.cookieHost = cookieHost
    self.userAgent = userAgent
    self.deadline = deadline
  }

  /// Yahoo itself, or one server in its place.
  public static func standard(base: HTTPAddress? = nil) throws(HTTPError) -> YahooSettings {
    if let base { return YahooSettings(hosts: [base], cookieHost: base) }
    return YahooSettings(
      hosts: [
        try HTTPAddress(parsing: "https://query2.finance.yahoo.com"),
        try HTTPAddress(parsing: "https://query1.finance.yahoo.com"),
      ], cookieHost: try HTTPAddress(parsing: "https://fc.yahoo.com"))
  }
}

/// Bars, splits and dividends from Yahoo's chart service, version 8.
///
/// It is no documented service and gives no licence: for a person's own research, never to be handed
/// on. Prices come adjusted for splits and not for dividends, and `adj_close` for both; a new split
/// changes every earlier price.
public struct YahooSource: BarSource {
  public static let name = "yahoo"

  private let link: ServiceLink
  private let settings: YahooSettings
  private let session: YahooSession

  public init(link: ServiceLink, settings: YahooSettings) {
    self.link = link
    self.settings = settings
    session = YahooSession(link: link, settings: settings)
  }

  public var declaration: BarDeclaration {
    BarDeclaration(source: Self.name, adjustment: .splits)
  }

  public func bars(_ request: BarRequest) -> BarStream {
    let spans = Remaining()
    return BarStream {
      guard let (span, note) = try spans.next(request, now: link.time.now) else { return nil }
      return try await batch(request, span, note: note)
    }
  }

  public func actions(of symbol: Symbol, days: TimeRange) async throws -> [CorporateAction] {
    var actions: [CorporateAction] = []
    for try await batch in bars(BarRequest(symbol: symbol, interval: .day, days: days)) {
      actions += batch.actions
    }
    return actions
  }

  /// The stretches not asked for yet.
  private final class Remaining: Sendable {
    private let spans = Mutex<[ClosedRange<CivilDate>]?>(nil)

    func next(
      _ request: BarRequest, now: Timestamp
    ) throws(SourceError) -> (ClosedRange<CivilDate>, BatchNote?)? {
      try spans.withLock { remaining throws(SourceError) in
        var note: BatchNote?
        if remaining == nil {
          // A day ahead: it is tomorrow already where some exchanges are.
          let (spans, lost) = try YahooReach(request.interval).spans(
            request.days, today: now.utcDate.advanced(by: 1), source: request.interval)
          remaining = spans
          if lost > 0 {
            note = BatchNote(
              code: "out_of_reach", count: lost, words: "(days) are older than what Yahoo keeps")
          }
        }
        guard let first = remaining?.first else { return nil }
        remaining?.removeFirst()
        return (first, note)
      }
    }
  }

  private func batch(
    _ request: BarRequest, _ span: ClosedRange<CivilDate>, note: BatchNote?
  ) async throws -> BarBatch {
    let chart = try await chart(request, span)
    let isDaily = request.interval == .day
    guard let zone = chart.zone else {
      guard chart.stamps.isEmpty else {
        throw SourceError.badAnswer(
          place: "Yahoo's chart of \(request.symbol)", finding: "it names no time zone")
      }
      return empty(request, note)
    }
    let days = try TimeRange(first: span.lowerBound, last: span.upperBound)
    var bars = try WebBars(
      symbol: request.symbol, interval: request.interval, days: days, zone: zone,
      now: link.time.now)
    let batch = try bars.batch(
      chart.rows,
      declaration: BarDeclaration(
        source: Self.name, interval: request.interval, stamp: isDaily ? .session : .start,
        zone: zone, adjustment: .splits
      ).completed(for: request.symbol),
      actions: chart.actions(of: request.symbol, days: days, zone: bars.zone))
    return note.map { batch.adding([$0]) } ?? batch
  }

  private func empty(_ request: BarRequest, _ note: BatchNote?) -> BarBatch {
    BarBatch(
      symbol: request.symbol, interval: request.interval, start: Column([]), end: Column([]),
      knownAt: Column([]), columns: [], notes: note.map { [$0] } ?? [])
  }

  /// Asks, and once more with a new crumb where the first answer was that it is wanted.
  private func chart(
    _ request: BarRequest, _ span: ClosedRange<CivilDate>
  ) async throws -> YahooChart {
    let word = try YahooReach(request.interval).word
    var pass = await session.pass
    for isLast in [false, true] {
      let reply = try await link.reply(
        to: { attempt throws(SourceError) in
          let host = settings.hosts[attempt % settings.hosts.count]
          return settings.request(
            host, path: "/v8/finance/chart", symbol: request.symbol, word: word, span: span,
            pass: pass)
        }, outage: Self.outage)
      let wantsPass =
        reply.head.status == 401 || reply.head.location?.contains("consent.") == true
      if wantsPass, !isLast {
        pass = try await session.renewed(after: pass)
        continue
      }
      if reply.head.location != nil {
        throw SourceError.unauthorised(
          source: "Yahoo", says: "it asks for consent to its cookies in a browser first")
      }
      return try YahooChart.read(reply, symbol: request.symbol.text)
    }
    return .empty
  }

  /// A page for people in place of an answer.
  static func outage(_ reply: HTTPClient.Reply) -> String? {
    guard reply.head.status == 200 else { return nil }
    let start = String(decoding: reply.body.prefix(4096), as: UTF8.self)
    if start.contains("Will be right back") { return "Will be right back" }
    if start.drop(while: \.isWhitespace).hasPrefix("<") { return "a page instead of data" }
    return nil
  }
}

extension YahooSettings {
  fileprivate func request(
    _ host: HTTPAddress, path: String, symbol: Symbol, word: String,
    span: ClosedRange<CivilDate>, pass: YahooSession.Pass?
  ) -> HTTPRequest {
    let (from, to) = YahooReach.seconds(span)
    var address = host.appending(encodedPath: path).appending(path: symbol.yahooText)
      .appending(query: "period1", String(from)).appending(query: "period2", String(to))
      .appending(query: "interval", word).appending(query: "includePrePost", "false")
      .appending(query: "events", "div,splits,capitalGains")
    var headers = [HTTPField("User-Agent", userAgent), HTTPField("Accept", "application/json")]
    if let pass {
      address = address.appending(query: "crumb", pass.crumb)
      headers.append(HTTPField("Cookie", pass.cookie))
    }
    return HTTPRequest(
      .get, address, headers: headers, deadline: deadline, bodyMax: 64 << 20, redirectsMax: 0)
  }
}

extension Symbol {
  /// Share classes have a dash at Yahoo, where a dot begins the name of an exchange: `BRK-B`.
  var yahooText: String {
    for letter in ["A", "B"] where text.hasSuffix(".\(letter)") {
      return String(text.dropLast(2)) + "-" + letter
    }
    return text
  }
}

extension BarBatch {
  fileprivate func adding(_ further: [BatchNote]) -> BarBatch {
    BarBatch(
      symbol: symbol, interval: interval, start: start, end: end, knownAt: knownAt,
      columns: columns, declaration: declaration, actions: actions, notes: notes + further)
  }
}
