import MarketData
import Runtime

/// Where sources on the web are, as whom they are asked, and how often.
package struct SourceSettings: Configured {
  package var yahoo = Yahoo()
  package var alpaca = Alpaca()

  package init() {}

  package struct Yahoo: Configured {
    package var baseURL: String?
    package var userAgent = YahooSettings.standardUserAgent
    package var requestsPerHour = 2000
    package var burst = 200
    package init() {}

    package static let schema = Schema<Self>("Yahoo's charts") {
      Field("base_url", \.baseURL, "Address to ask instead of Yahoo's own, for tests")
      Field("user_agent", \.userAgent, "What browser to be; a program's own name is turned away")
      Field(
        "requests_per_hour", \.requestsPerHour, in: 2...1_000_000,
        "Requests in any hour, of all programs of this user on this machine")
      Field("burst", \.burst, in: 1...100_000, "Of these, how many may follow each other at once")
    }
    package var inconsistency: Inconsistency? {
      guard burst >= requestsPerHour else { return nil }
      return Inconsistency(
        at: "burst",
        finding: "\(burst) is not below requests_per_hour, which is \(requestsPerHour)",
        remedy: "allow fewer at once")
    }
  }

  package struct Alpaca: Configured {
    package var baseURL = AlpacaSettings.standardBase
    package var key = SecretReference.environment("APCA_API_KEY_ID")
    package var secret = SecretReference.environment("APCA_API_SECRET_KEY")
    package var feed: AlpacaSettings.Feed?
    package var adjustment = BarDeclaration.Adjustment.splits
    package init() {}

    package static let schema = Schema<Self>("Alpaca's market data") {
      Field("base_url", \.baseURL, "Address of the service")
      Field("key_id", \.key, "Where the key is kept")
      Field("secret_key", \.secret, "Where the secret that belongs to it is kept")
      Field("feed", \.feed, "Whose trades; the best of the plan where nothing is said")
      Field("adjustment", \.adjustment, "What prices are to be adjusted for")
    }
  }

  package static let schema = Schema<Self>("Sources on the web") {
    Field(section: "yahoo", \.yahoo)
    Field(section: "alpaca", \.alpaca)
  }
}

extension AlpacaSettings.Feed: ConfigurationChoice {}

extension SourceSettings {
  static let names = [YahooSource.name, AlpacaSource.name]

  /// The source of that name, ready to be asked.
  ///
  /// - Parameters:
  ///   - base: an address that goes before the settings' own.
  ///   - watch: told before each request how many more could follow at once.
  func source(
    _ name: String, base: String?, environment: [String: String],
    watch: @escaping @Sendable (Int?) -> Void
  ) throws -> any BarSource {
    let folder = try StateFolder.path(environment: environment)
    let client = try HTTPClient()
    func link(_ name: String, _ budget: RequestBudget, _ retry: RetryPolicy) -> ServiceLink {
      var link = ServiceLink(
        source: name, client: client, budget: budget, retry: retry,
        seed: UInt64.random(in: .min ... .max))
      link.watch = watch
      return link
    }
    if name == AlpacaSource.name {
      let budget = RequestBudget(
        path: "\(folder)/alpaca.budget", limit: AlpacaSettings.requestsPerMinute,
        window: .seconds(60), burst: AlpacaSettings.requestsPerMinute / 2)
      return AlpacaSource(
        link: link("Alpaca", budget, RetryPolicy(throttledPause: .seconds(3))),
        settings: AlpacaSettings(
          base: try HTTPAddress(parsing: base ?? alpaca.baseURL),
          key: try alpaca.key.load(environment: environment),
          secret: try alpaca.secret.load(environment: environment), feed: alpaca.feed,
          adjustment: alpaca.adjustment))
    }
    let budget = RequestBudget(
      path: "\(folder)/yahoo.budget", limit: yahoo.requestsPerHour, burst: yahoo.burst)
    let address = try (base ?? yahoo.baseURL).map { try HTTPAddress(parsing: $0) }
    var settings = try YahooSettings.standard(base: address)
    settings.userAgent = yahoo.userAgent
    return YahooSource(link: link("Yahoo", budget, RetryPolicy()), settings: settings)
  }
}
