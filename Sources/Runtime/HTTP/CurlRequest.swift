internal import CCurl

/// The only owner of one `CURL*`, made ready for a transfer; used by the loop's thread alone.
final class CurlRequest {
  let handle: CurlLibrary.Handle
  private let library: CurlLibrary
  private var headers: CurlLibrary.List?
  /// What libcurl says about an error in words.
  private let words: UnsafeMutablePointer<CChar>

  init(_ transfer: Transfer, _ library: CurlLibrary) throws(HTTPError) {
    guard let handle = library.makeEasy() else { throw .noLibrary(reason: "it found no memory") }
    self.handle = handle
    self.library = library
    words = .allocate(capacity: Int(CURL_ERROR_SIZE))
    words.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    let request = transfer.request
    set(CURLOPT_NOSIGNAL, 1)
    set(CURLOPT_SSL_VERIFYPEER, 1)
    set(CURLOPT_SSL_VERIFYHOST, 2)
    set(CURLOPT_FOLLOWLOCATION, 0)
    set(CURLOPT_TIMEOUT_MS, max(1, Int(request.deadline / .milliseconds(1))))
    set(CURLOPT_PROTOCOLS_STR, request.address.scheme)
    set(CURLOPT_ACCEPT_ENCODING, "")
    set(CURLOPT_URL, request.address.exposedText)
    // A proxy that the environment names knows no way to this machine itself.
    if request.address.isLoopback { set(CURLOPT_NOPROXY, "*") }
    setBody(request)
    setHeaders(request)
    _ = martinet_curl_set_pointer(library.setOption, handle, CURLOPT_ERRORBUFFER, words)
    // Unretained: the loop keeps the transfer as long as this handle.
    let target = Unmanaged.passUnretained(transfer).toOpaque()
    _ = martinet_curl_set_pointer(library.setOption, handle, CURLOPT_HEADERDATA, target)
    _ = martinet_curl_set_pointer(library.setOption, handle, CURLOPT_WRITEDATA, target)
    _ = martinet_curl_set_callback(library.setOption, handle, CURLOPT_HEADERFUNCTION, takeHeader)
    _ = martinet_curl_set_callback(library.setOption, handle, CURLOPT_WRITEFUNCTION, takeBody)
  }

  deinit {
    library.freeEasy(handle)
    library.freeList(headers)
    words.deallocate()
  }

  private func setBody(_ request: HTTPRequest) {
    if let body = request.body {
      set(CURLOPT_POST, 1)
      _ = martinet_curl_set_size(
        library.setOption, handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
      body.withUnsafeBytes { bytes in
        bytes.withMemoryRebound(to: CChar.self) { characters in
          _ = martinet_curl_set_text(
            library.setOption, handle, CURLOPT_COPYPOSTFIELDS, characters.baseAddress)
        }
      }
    }
    set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
  }

  private func setHeaders(_ request: HTTPRequest) {
    var lines = request.headers.map { "\($0.name): \($0.exposedText)" }
    // Without it a body waits a second for a word that few servers give.
    if request.body != nil { lines.append("Expect:") }
    if !request.headers.contains(where: { $0.name.lowercased() == "user-agent" }) {
      lines.append("User-Agent: \(Version.program)/\(Version.number)")
    }
    for line in lines { headers = library.append(headers, line) ?? headers }
    _ = martinet_curl_set_pointer(library.setOption, handle, CURLOPT_HTTPHEADER, headers)
  }

  private func set(_ option: CURLoption, _ value: Int) {
    _ = martinet_curl_set_number(library.setOption, handle, option, value)
  }

  private func set(_ option: CURLoption, _ value: String) {
    _ = martinet_curl_set_text(library.setOption, handle, option, value)
  }

  /// What an ended transfer's code means for who asked.
  func error(_ code: CURLcode, of transfer: Transfer) -> HTTPError? {
    let place = "\(transfer.request.address)"
    switch code {
    case CURLE_OK: return nil
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY:
      return .cannotResolve(place: place, host: transfer.request.address.host)
    case CURLE_COULDNT_CONNECT: return .refused(place: place)
    case CURLE_OPERATION_TIMEDOUT:
      return .timedOut(place: place, after: transfer.request.deadline)
    case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE,
      CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS:
      let detail = String(cString: words)
      return .tls(place: place, reason: detail.isEmpty ? text(code) : Excerpt.bare(detail))
    case CURLE_PARTIAL_FILE: return transfer.truncation
    case CURLE_RECV_ERROR, CURLE_HTTP2_STREAM, CURLE_HTTP2:
      return transfer.hasBegunBody
        ? transfer.truncation : .broken(place: place, reason: text(code))
    default: return .broken(place: place, reason: text(code))
    }
  }

  private func text(_ code: CURLcode) -> String {
    library.words(code).map { String(cString: $0) } ?? "error \(code.rawValue)"
  }
}

private func takeHeader(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int,
  _ target: UnsafeMutableRawPointer?
) -> Int {
  guard let bytes, let target else { return 0 }
  let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
  let transfer = Unmanaged<Transfer>.fromOpaque(target).takeUnretainedValue()
  return transfer.take(header: line) ? line.count : 0
}

private func takeBody(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int,
  _ target: UnsafeMutableRawPointer?
) -> Int {
  guard let bytes, let target else { return 0 }
  let chunk = UnsafeRawBufferPointer(start: bytes, count: size * count)
  let transfer = Unmanaged<Transfer>.fromOpaque(target).takeUnretainedValue()
  switch transfer.take(body: chunk) {
  case .taken: return chunk.count
  case .full: return Int(CURL_WRITEFUNC_PAUSE)
  case .refused: return 0
  }
}
