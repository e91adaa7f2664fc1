import Foundation
import TestKit
import Testing

@Suite("The browser of tests", .needs(.chromium))
struct BrowserTests {
  private func write(_ body: String, in folder: ScratchFolder) throws -> String {
    let viewport = "<meta name=viewport content='width=device-width'>"
    let page = "<!doctype html><title>A page</title>\(viewport)<body>\(body)</body>"
    let path = folder.path("page.html")
    try page.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  @Test("a page is opened, asked, and seen at the width of a phone")
  func goodPage() throws {
    let folder = try ScratchFolder("page")
    let browser = try Browser()
    defer { browser.stop() }
    let script = "<script>document.body.append('drawn')</script>"
    let page = try browser.open(file: try write(script, in: folder), width: 390)
    #expect(page.errors.isEmpty)
    #expect(try page.evaluate("document.title", as: String.self) == "A page")
    #expect(try page.evaluate("Promise.resolve([innerWidth, 2])", as: [Int].self) == [390, 2])
    #expect(try page.dom().contains("drawn"))
    #expect(try page.sidewaysOverflow() == 0)
    #expect(try pngSize(page.screenshot()) == [390, 800])
    try page.resize(width: 1000, height: 500)
    #expect(try pngSize(page.screenshot()) == [1000, 500])
  }

  @Test("errors of the console, uncaught exceptions and missing files are all reported")
  func badPage() throws {
    let folder = try ScratchFolder("page")
    let browser = try Browser()
    defer { browser.stop() }
    let body = """
      <script>console.log("fine"); console.error("first", 1)</script>
      <script>throw new Error("second")</script>
      <script src="third.js"></script>
      <div style="width: 2000px">wide</div>
      """
    let page = try browser.open(file: try write(body, in: folder), width: 360)
    let errors = page.errors
    #expect(errors.count == 3, "\(errors)")
    for expected in ["first 1", "second", "third.js"] {
      #expect(errors.contains { $0.contains(expected) }, "\(expected) is not in \(errors)")
    }
    #expect(try page.sidewaysOverflow() > 0)
    #expect(throws: HarnessError.self) { try page.evaluate("nowhere.at.all", as: Int.self) }
  }

  @Test("a page that is not there is an error, and a browser that ended says so")
  func missingPage() throws {
    let browser = try Browser()
    defer { browser.stop() }
    #expect(throws: HarnessError.self) { try browser.open(file: "not/there.html") }
    browser.stop()
    #expect(!browser.isRunning)
    #expect(throws: HarnessError.self) { try browser.open(file: "README.md") }
  }

  /// Width and height stand at bytes 16 and 20 of every PNG (ISO/IEC 15948, 11.2.2).
  private func pngSize(_ data: Data) throws -> [Int] {
    try #require(data.count > 24 && data[1...3].elementsEqual("PNG".utf8))
    return [16, 20].map { start in data[start..<start + 4].reduce(0) { $0 << 8 | Int($1) } }
  }
}
