import Foundation
import Runtime
import TestKit
import Testing

@Suite("The HTTP client", .timeLimit(.minutes(2))) struct HTTPClientTests {
  private let body = Array((0..<5000).map { "line \($0)\n" }.joined().utf8)

  private func request(
    _ server: PlaybackServer, _ path: String = "/", deadline: Duration = .seconds(10),
    bodyMax: Int = 64 << 20
  ) throws -> HTTPRequest {
    HTTPRequest(
      .get, try HTTPAddress(parsing: server.base + path), deadline: deadline, bodyMax: bodyMax)
  }

  private func failure(of answer: PlaybackAnswer, bodyMax: Int = 64 << 20) async throws
    -> HTTPError?
  {
    let server = try PlaybackServer(answers: [answer])
    let request = try request(server, deadline: .seconds(2), bodyMax: bodyMax)
    do throws(HTTPError) {
      _ = try await HTTPClient().fetch(request)
      return nil
    } catch {
      return error
    }
  }

  @Test("gives status, headers and body, and sends what was asked for") func plain() async throws {
    let server = try PlaybackServer { [body] _ in
      .reply(201, headers: ["X-Rate": " 7 ", "Set-Cookie": "a=b"], body: body)
    }
    var request = try request(server, "/a%20b?x=1")
    request.method = .post
    request.body = Array("hello".utf8)
    request.headers = [HTTPField("X-Key", Secret("k1")), HTTPField("User-Agent", "someone")]
    request.address = request.address.appending(query: "y", "ä&=")
    let reply = try await HTTPClient().fetch(request)
    #expect(reply.head.status == 201)
    #expect(reply.head["x-rate"] == "7" && reply.head["X-RATE"] == "7")
    #expect(reply.body == body)
    let seen = try #require(server.requests.first)
    #expect(seen.method == "POST" && seen.target == "/a%20b?x=1&y=%C3%A4%26%3D")
    #expect(seen.body == Array("hello".utf8))
    #expect(seen.headers["x-key"] == "k1" && seen.headers["user-agent"] == "someone")
    #expect(seen.headers["expect"] == nil)
  }

  @Test("uses one connection for requests that follow each other") func reuse() async throws {
    let server = try PlaybackServer(answers: [.text(200, "ok")])
    let client = try HTTPClient()
    for _ in 0..<20 { _ = try await client.fetch(try request(server)) }
    #expect(server.requests.count == 20)
    #expect(server.connectionCount == 1)
  }

  @Test("reads chunks, slow drips and many answers at once, byte for byte") func shapes()
    async throws
  {
    let body = body
    let short = Array(body.prefix(200))
    let client = try HTTPClient()
    let server = try PlaybackServer { request in
      switch request.number % 3 {
      case 0: .chunked(body: body, piece: 777)
      case 1: .reply(200, body: body)
      default: .drip(body: short, piece: 20, every: 2)
      }
    }
    let request = try request(server)
    try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<30 { group.addTask { try await client.fetch(request).body.count } }
      var counts: [Int] = []
      for try await count in group { counts.append(count) }
      #expect(counts.filter { $0 == body.count }.count == 20)
      #expect(counts.filter { $0 == short.count }.count == 10)
    }
  }

  @Test("a slow reader holds the server back, and still gets every byte") func backPressure()
    async throws
  {
    let server = try PlaybackServer(answers: [.huge(count: 48 << 20)])
    let response = try await HTTPClient().send(try request(server, deadline: .seconds(60)))
    try await Task.sleep(for: .milliseconds(300))
    // Without back-pressure the whole body would wait in memory by now; what is allowed waits mostly
    // in the sockets.
    #expect(server.sentByteCount < 24 << 20)
    var count = 0
    for try await piece in response.body { count += piece.count }
    #expect(count == 48 << 20)
  }

  @Test("an answer that breaks off is an error that says how far it came") func truncated()
    async throws
  {
    let cut = try await failure(of: .truncated(body: body, after: 1000))
    guard case .truncated(_, 1000, body.count) = cut else {
      Issue.record("\(String(describing: cut))")
      return
    }
    for answer: PlaybackAnswer in [
      .chunkedWithoutEnd(body: body, piece: 999), .claimed(length: body.count + 1, body: body),
    ] {
      guard case .truncated? = try await failure(of: answer) else {
        Issue.record("\(answer) was taken for whole")
        continue
      }
    }
  }

  @Test("each thing that can go wrong has its own name") func errors() async throws {
    if case .broken? = try await failure(of: .reset) {} else { Issue.record("reset") }
    if case .broken? = try await failure(of: .raw(Array("no HTTP at all\r\n\r\n".utf8))) {
    } else {
      Issue.record("not HTTP")
    }
    let large = try await failure(of: .huge(count: 1 << 20), bodyMax: 100_000)
    guard case .tooLarge(_, 100_000) = large else {
      Issue.record("\(String(describing: large))")
      return
    }
    let server = try PlaybackServer(answers: [.text(200, "")])
    let address = server.base
    server.close()
    let client = try HTTPClient()
    await #expect(throws: HTTPError.refused(place: address + "/")) {
      try await client.fetch(HTTPRequest(.get, try HTTPAddress(parsing: address)))
    }
    let unknown = "http://no-such-host.invalid/"
    await #expect(throws: HTTPError.cannotResolve(place: unknown, host: "no-such-host.invalid")) {
      try await client.fetch(
        HTTPRequest(.get, try HTTPAddress(parsing: unknown), deadline: .seconds(20)))
    }
  }

  @Test("drips and silence end at the deadline") func deadline() async throws {
    for answer: PlaybackAnswer in [
      .drip(body: body, piece: 1, every: 20), .silence(3000),
    ] {
      let server = try PlaybackServer(answers: [answer])
      let request = try request(server, deadline: .milliseconds(300))
      let start = ContinuousClock.now
      await #expect(
        throws: HTTPError.timedOut(place: server.base + "/", after: .milliseconds(300))
      ) {
        try await HTTPClient().fetch(request)
      }
      #expect(ContinuousClock.now - start < .seconds(30))
    }
  }

  @Test("a cancelled task, and a body nobody reads any more, let go of the connection")
  func cancellation() async throws {
    let server = try PlaybackServer(answers: [.drip(body: body, piece: 1, every: 10)])
    let client = try HTTPClient()
    let request = try request(server)
    let task = Task { () -> HTTPError? in
      do throws(HTTPError) {
        _ = try await client.fetch(request)
        return nil
      } catch {
        return error
      }
    }
    for _ in 0..<1000 where server.openConnectionCount == 0 {
      try await Task.sleep(for: .milliseconds(20))
    }
    task.cancel()
    #expect(await task.value == .cancelled(place: server.base + "/"))
    var response: HTTPClient.Response? = try await client.send(request)
    #expect(response?.head.status == 200)
    response = nil
    for _ in 0..<1000 where server.openConnectionCount > 0 {
      try await Task.sleep(for: .milliseconds(20))
    }
    #expect(server.openConnectionCount == 0)
    #expect(server.connectionCount == 2)
  }

  @Test("a client can go away in the middle of everything") func goodbye() async throws {
    let server = try PlaybackServer(answers: [.drip(body: body, piece: 1, every: 5)])
    for _ in 0..<20 {
      let client = try HTTPClient()
      let request = try request(server)
      let task = Task { try? await client.send(request).head.status }
      try await Task.sleep(for: .milliseconds(2))
      task.cancel()
      _ = await task.value
    }
  }
}

@Suite("Redirects, secrets and TLS", .timeLimit(.minutes(1))) struct HTTPSafetyTests {
  @Test("redirects are followed a bounded number of times, and to the same scheme only")
  func redirects() async throws {
    let server = try PlaybackServer { request in
      switch request.path {
      case "/start": .text(302, "", headers: ["Location": "/folder/next?x=1"])
      case "/folder/next": .text(301, "", headers: ["Location": "last"])
      case "/folder/last": .text(200, "here")
      case "/away": .text(302, "", headers: ["Location": "https://127.0.0.1/"])
      default: .text(307, "", headers: ["Location": "/loop"])
      }
    }
    let client = try HTTPClient()
    func get(_ path: String) throws(HTTPError) -> HTTPRequest {
      HTTPRequest(.get, try HTTPAddress(parsing: server.base + path))
    }
    #expect(try await client.fetch(get("/start")).body == Array("here".utf8))
    #expect(server.requests.map(\.target) == ["/start", "/folder/next?x=1", "/folder/last"])
    for (path, word) in [("/loop", "more than 5"), ("/away", "another scheme")] {
      do {
        _ = try await client.fetch(get(path))
        Issue.record("\(path) was followed")
      } catch {
        #expect(error.diagnosis.finding.contains(word), "\(error.diagnosis)")
      }
    }
    #expect(server.requests.count == 3 + 6 + 1)
    var stay = try get("/start")
    stay.redirectsMax = 0
    #expect(try await client.fetch(stay).head.status == 302)
  }

  @Test("a key is not handed to another host, nor sent without encryption") func keys() async throws
  {
    let other = try PlaybackServer(answers: [.text(200, "mine now")])
    let server = try PlaybackServer(answers: [
      .text(302, "", headers: ["Location": other.base + "/"])
    ])
    let client = try HTTPClient()
    var request = HTTPRequest(.get, try HTTPAddress(parsing: server.base))
    request.headers = [HTTPField("X-Key", Secret("k1"))]
    do {
      _ = try await client.fetch(request)
      Issue.record("followed")
    } catch {
      #expect(error.diagnosis.finding.contains("not handed to another host"))
    }
    #expect(other.requests.isEmpty)
    request.address = try HTTPAddress(parsing: "http://example.invalid/")
    await #expect(throws: HTTPError.secretInClear(place: "http://example.invalid/")) {
      try await client.fetch(request)
    }
  }

  @Test("no way of showing an address, a header or an error shows a secret") func printed() throws {
    let address = try HTTPAddress(parsing: "https://host/p?a=1").appending(
      query: "crumb", Secret("s3cret"))
    let field = HTTPField("APCA-API-SECRET-KEY", Secret("s3cret"))
    let request = HTTPRequest(.get, address, headers: [field])
    #expect("\(address)" == "https://host/p?a=1&crumb=«secret»")
    for shown in ["\(address)", "\(field)", "\(request)", String(reflecting: request)] {
      #expect(!shown.contains("s3cret"), "\(shown)")
    }
    #expect(throws: HTTPError.self) { try HTTPAddress(parsing: "https://me:s3cret@host/") }
    do { _ = try HTTPAddress(parsing: "https://me:s3cret@host/") } catch {
      #expect(!"\(error.diagnosis)".contains("s3cret"))
    }
  }

  @Test(
    "addresses that are none are refused",
    arguments: [
      "", "host", "ftp://host/", "https://", "https:///path", "https://host:0/",
      "https://host:99999/", "https://ho st/", "https://host/a b", "https://host/ä", "http://[]:1/",
      "https://host\r\nX: y/", "https://a@b/",
    ])
  func badAddresses(text: String) {
    #expect(throws: HTTPError.self) { try HTTPAddress(parsing: text) }
  }

  @Test("a header cannot smuggle in another") func headers() async throws {
    let client = try HTTPClient()
    for (name, value) in [("A", "x\r\nB: y"), ("A\n", "x"), ("", "x"), ("A:", "x"), ("A", "\u{0}")]
    {
      var request = HTTPRequest(.get, try HTTPAddress(parsing: "http://127.0.0.1:1/"))
      request.headers = [HTTPField(name, value)]
      await #expect(throws: HTTPError.badHeader(place: "http://127.0.0.1:1/", name: name)) {
        try await client.fetch(request)
      }
    }
  }

  @Test("a server whose certificate nobody vouches for is not talked to") func certificates()
    async throws
  {
    let client = try HTTPClient()
    let server = try TLSServer()
    do {
      _ = try await client.fetch(
        HTTPRequest(.get, try HTTPAddress(parsing: server.base), deadline: .seconds(10)))
      Issue.record("trusted a certificate of its own making")
    } catch {
      guard case .tls(_, let reason) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(reason.contains("certificate"), "\(reason)")
    }
  }
}
