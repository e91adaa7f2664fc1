import Runtime

/// The cookie and the crumb that Yahoo asks for now and then.
actor YahooSession {
  /// What lets requests through; both are secrets.
  struct Pass: Sendable {
    let cookie: Secret
    let crumb: Secret
    fileprivate let number: Int
  }

  private let link: ServiceLink
  private let settings: YahooSettings
  private(set) var pass: Pass?

  init(link: ServiceLink, settings: YahooSettings) {
    self.link = link
    self.settings = settings
  }

  /// A pass other than the one that was turned away; one for all who ask at the same time.
  func renewed(after refused: Pass?) async throws -> Pass {
    if let pass, pass.number != refused?.number { return pass }
    let cookie = try await cookie()
    let crumb = try await crumb(cookie)
    let new = Pass(cookie: cookie, crumb: crumb, number: (pass?.number ?? 0) + 1)
    pass = new
    return new
  }

  private func cookie() async throws -> Secret {
    // Its status is often 404, and does not matter.
    let reply = try await link.reply(to: { [settings] _ throws(SourceError) in
      settings.plain(settings.cookieHost, headers: [])
    })
    let cookies = reply.head.values(of: "set-cookie").map { $0.prefix { $0 != ";" } }
      .filter { $0.contains("=") }
    guard !cookies.isEmpty else {
      throw SourceError.unauthorised(source: "Yahoo", says: "it gave no cookie")
    }
    return Secret(cookies.joined(separator: "; "))
  }

  private func crumb(_ cookie: Secret) async throws -> Secret {
    let reply = try await link.reply(to: { [settings] attempt throws(SourceError) in
      // The last host first: that is where browsers ask for it.
      let hosts = settings.hosts
      let host = hosts[(hosts.count - 1 + attempt) % hosts.count]
      return settings.plain(
        host.appending(encodedPath: "/v1/test/getcrumb"), headers: [HTTPField("Cookie", cookie)])
    })
    let text = String(decoding: reply.body.prefix(200), as: UTF8.self)
    guard reply.head.status == 200, (1...100).contains(text.utf8.count),
      text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), !text.contains("<")
    else {
      throw SourceError.unauthorised(source: "Yahoo", says: "it gave no crumb")
    }
    return Secret(text)
  }
}

extension YahooSettings {
  fileprivate func plain(_ address: HTTPAddress, headers: [HTTPField]) -> HTTPRequest {
    HTTPRequest(
      .get, address, headers: [HTTPField("User-Agent", userAgent)] + headers, deadline: deadline,
      bodyMax: 1 << 20, redirectsMax: 0)
  }
}
