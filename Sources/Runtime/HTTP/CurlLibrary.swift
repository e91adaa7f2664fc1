internal import CCurl
import Glibc

/// libcurl, opened at the first request and never closed.
///
/// Linked, it and the thirty libraries behind it would be read at every start of the program.
///
/// `@unchecked Sendable`: written once, and libcurl's functions may be called from any thread as long
/// as no handle is used by two at once, which the loop's own thread sees to.
struct CurlLibrary: @unchecked Sendable {
  typealias Handle = UnsafeMutableRawPointer
  typealias List = UnsafeMutablePointer<curl_slist>
  typealias Message = UnsafeMutablePointer<CURLMsg>

  let setOption: UnsafeMutableRawPointer
  let makeEasy: @convention(c) () -> Handle?
  let freeEasy: @convention(c) (Handle) -> Void
  let pauseEasy: @convention(c) (Handle, Int32) -> CURLcode
  let words: @convention(c) (CURLcode) -> UnsafePointer<CChar>?
  let append: @convention(c) (List?, UnsafePointer<CChar>) -> List?
  let freeList: @convention(c) (List?) -> Void
  let makeMulti: @convention(c) () -> Handle?
  let freeMulti: @convention(c) (Handle) -> CURLMcode
  let add: @convention(c) (Handle, Handle) -> CURLMcode
  let remove: @convention(c) (Handle, Handle) -> CURLMcode
  let perform: @convention(c) (Handle, UnsafeMutablePointer<Int32>) -> CURLMcode
  let wait:
    @convention(c) (
      Handle, UnsafeMutableRawPointer?, UInt32, Int32, UnsafeMutablePointer<Int32>?
    ) -> CURLMcode
  let wake: @convention(c) (Handle) -> CURLMcode
  let nextMessage: @convention(c) (Handle, UnsafeMutablePointer<Int32>) -> Message?

  static let fileName = "libcurl.so.4"

  private static let opened: Result<CurlLibrary, HTTPError> = {
    do throws(HTTPError) {
      return .success(try CurlLibrary())
    } catch {
      return .failure(error)
    }
  }()

  static func shared() throws(HTTPError) -> CurlLibrary { try opened.get() }

  private init() throws(HTTPError) {
    guard let library = dlopen(Self.fileName, RTLD_NOW | RTLD_LOCAL) else {
      throw .noLibrary(reason: dlerror().map { String(cString: $0) } ?? "it is not there")
    }
    func function<Function>(_ name: String, _: Function.Type) throws(HTTPError) -> Function {
      guard let symbol = dlsym(library, name) else {
        throw .noLibrary(reason: "it has no \(name); version 7.85 or later is needed")
      }
      return unsafeBitCast(symbol, to: Function.self)
    }
    typealias Global = @convention(c) (Int) -> CURLcode
    let status = try function("curl_global_init", Global.self)(Int(CURL_GLOBAL_DEFAULT))
    guard status == CURLE_OK else { throw .noLibrary(reason: "it does not start") }
    setOption = try function("curl_easy_setopt", UnsafeMutableRawPointer.self)
    makeEasy = try function("curl_easy_init", (@convention(c) () -> Handle?).self)
    freeEasy = try function("curl_easy_cleanup", (@convention(c) (Handle) -> Void).self)
    pauseEasy = try function("curl_easy_pause", (@convention(c) (Handle, Int32) -> CURLcode).self)
    words = try function(
      "curl_easy_strerror", (@convention(c) (CURLcode) -> UnsafePointer<CChar>?).self)
    append = try function(
      "curl_slist_append", (@convention(c) (List?, UnsafePointer<CChar>) -> List?).self)
    freeList = try function("curl_slist_free_all", (@convention(c) (List?) -> Void).self)
    makeMulti = try function("curl_multi_init", (@convention(c) () -> Handle?).self)
    typealias OnePart = @convention(c) (Handle) -> CURLMcode
    typealias TwoParts = @convention(c) (Handle, Handle) -> CURLMcode
    freeMulti = try function("curl_multi_cleanup", OnePart.self)
    add = try function("curl_multi_add_handle", TwoParts.self)
    remove = try function("curl_multi_remove_handle", TwoParts.self)
    perform = try function(
      "curl_multi_perform",
      (@convention(c) (Handle, UnsafeMutablePointer<Int32>) -> CURLMcode).self)
    typealias Wait =
      @convention(c) (
        Handle, UnsafeMutableRawPointer?, UInt32, Int32, UnsafeMutablePointer<Int32>?
      ) -> CURLMcode
    wait = try function("curl_multi_poll", Wait.self)
    wake = try function("curl_multi_wakeup", OnePart.self)
    nextMessage = try function(
      "curl_multi_info_read",
      (@convention(c) (Handle, UnsafeMutablePointer<Int32>) -> Message?).self)
  }
}
