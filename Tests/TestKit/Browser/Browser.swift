import Foundation
import Glibc

/// A headless Chromium of one test's own, with an empty profile.
///
///     let browser = try Browser()
///     defer { browser.stop() }
///     let page = try browser.open(file: "demo/report.html", width: 390)
///     #expect(page.errors.isEmpty)
///     #expect(try page.evaluate("document.title", as: String.self) == "sma_cross on NVDA")
public final class Browser {
  private let process: BoundedProcess
  private let folder: ScratchFolder
  private let pipe: BrowserPipe

  /// - Parameter limit: seconds after which it ends in any case.
  public init(limit: Int = 180) throws {
    let program = try ServerProgram.chromium.requirePath()
    folder = try ScratchFolder("browser")
    pipe = try BrowserPipe()
    var arguments = [
      "--headless=new", "--remote-debugging-pipe", "--user-data-dir=\(folder.path("profile"))",
      "--no-first-run", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
      "--disable-background-networking", "--disable-component-update", "--disable-sync",
      "--disable-extensions", "--force-color-profile=srgb",
    ]
    // Its sandbox refuses root; the pages are ours and nothing else is opened.
    if geteuid() == 0 { arguments.append("--no-sandbox") }
    process = try BoundedProcess(
      program, arguments + ["about:blank"], limit: limit, logPath: folder.path("log"),
      environment: ["HOME": folder.path],
      passing: [(pipe.browserEnd, 3), (pipe.browserEnd, 4)])
    pipe.closeBrowserEnd()
    do {
      _ = try pipe.call("Browser.getVersion", seconds: 60)
    } catch {
      let log = process.logTail
      process.stop()
      throw HarnessError.cannotStart(program: program, reason: "\(error); log ends: \(log)")
    }
  }

  /// Opens a file, relative to the package's root or absolute, and waits until it is drawn.
  ///
  /// - Parameter width: of the window, in CSS pixels; below 600 the page believes it is on a phone.
  public func open(
    file: String, width: Int = 1280, height: Int = 800, seconds: Double = 30
  ) throws -> BrowserPage {
    let path = file.hasPrefix("/") ? file : Package.path(file)
    return try open(
      url: URL(fileURLWithPath: path).absoluteString, width: width, height: height,
      seconds: seconds)
  }

  /// Opens an address, for pages that a server of the test hands out.
  public func open(
    url: String, width: Int = 1280, height: Int = 800, seconds: Double = 30
  ) throws -> BrowserPage {
    let page = try BrowserPage(pipe: pipe)
    try page.resize(width: width, height: height)
    try page.load(url, seconds: seconds)
    return page
  }

  public var isRunning: Bool { process.isRunning }

  public func stop() { process.stop() }
}
