import Foundation

/// One tab: what it complained about, what its scripts answer, and how it looks.
public final class BrowserPage {
  private let pipe: BrowserPipe
  private let session: String
  private var complaints: [String] = []

  init(pipe: BrowserPipe) throws {
    self.pipe = pipe
    let target = try pipe.call("Target.createTarget", ["url": "about:blank"])
    let attached = try pipe.call(
      "Target.attachToTarget", ["targetId": target["targetId"] as? String ?? "", "flatten": true])
    session = attached["sessionId"] as? String ?? ""
    for domain in ["Page", "Runtime", "Log", "Network"] { try call("\(domain).enable") }
  }

  /// What a person would see in red in the console: errors written there, exceptions nobody caught,
  /// files that did not load.
  public var errors: [String] {
    for event in pipe.takeEvents(of: session) {
      if let complaint = Self.complaint(in: event) { complaints.append(complaint) }
    }
    return complaints
  }

  /// The value of a JavaScript expression; a promise is waited for.
  public func evaluate<Value: Decodable>(_ expression: String, as type: Value.Type) throws -> Value
  {
    // A list, because the decoder wants an object or a list at the top.
    let wrapped = "(async () => JSON.stringify([await (\(expression))]))()"
    let answer = try call(
      "Runtime.evaluate",
      ["expression": wrapped, "awaitPromise": true, "returnByValue": true])
    if let details = answer["exceptionDetails"] as? [String: Any] {
      throw HarnessError.scriptFailed(Self.text(of: details))
    }
    let result = answer["result"] as? [String: Any]
    guard let json = result?["value"] as? String else {
      throw HarnessError.scriptFailed("no value from \(expression)")
    }
    let values = try JSONDecoder().decode([Value].self, from: Data(json.utf8))
    guard let value = values.first else {
      throw HarnessError.scriptFailed("no value from \(expression)")
    }
    return value
  }

  /// The document as it is now, after its scripts have run.
  public func dom() throws -> String {
    try evaluate("document.documentElement.outerHTML", as: String.self)
  }

  /// CSS pixels by which the page is wider than its window; on a phone it should be 0.
  public func sidewaysOverflow() throws -> Int {
    try evaluate(
      "document.documentElement.scrollWidth - document.documentElement.clientWidth", as: Int.self)
  }

  /// A picture as PNG: of the window, or of the whole page.
  public func screenshot(wholePage: Bool = false) throws -> Data {
    let answer = try call(
      "Page.captureScreenshot", ["format": "png", "captureBeyondViewport": wholePage])
    guard let text = answer["data"] as? String, let data = Data(base64Encoded: text) else {
      throw HarnessError.browserRefused(method: "Page.captureScreenshot", reason: "no picture")
    }
    return data
  }

  /// Changes the window, in CSS pixels; below 600 wide the page believes it is on a phone.
  public func resize(width: Int, height: Int = 800) throws {
    try call(
      "Emulation.setDeviceMetricsOverride",
      ["width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600])
  }
}

extension BrowserPage {
  func load(_ url: String, seconds: Double) throws {
    let answer = try call("Page.navigate", ["url": url], seconds: seconds)
    if let reason = answer["errorText"] as? String {
      throw HarnessError.browserRefused(method: "Page.navigate", reason: "\(reason): \(url)")
    }
    try pipe.wait(for: "Page.loadEventFired", session: session, seconds: seconds)
    // Two frames: one for what load handlers changed, one to know that it was drawn.
    let frames = "new Promise(r => requestAnimationFrame(() => requestAnimationFrame(() => r(1))))"
    _ = try evaluate(frames, as: Int.self)
  }

  @discardableResult
  private func call(
    _ method: String, _ parameters: [String: Any] = [:], seconds: Double = 30
  ) throws -> [String: Any] {
    try pipe.call(method, parameters, session: session, seconds: seconds)
  }

  private static func complaint(in event: [String: Any]) -> String? {
    guard let parameters = event["params"] as? [String: Any] else { return nil }
    switch event["method"] as? String {
    case "Runtime.exceptionThrown":
      return text(of: parameters["exceptionDetails"] as? [String: Any] ?? [:])
    case "Runtime.consoleAPICalled":
      guard ["error", "assert"].contains(parameters["type"] as? String ?? "") else { return nil }
      let words = parameters["args"] as? [[String: Any]] ?? []
      return words.map { word in
        word["value"].map { "\($0)" } ?? word["description"] as? String ?? "?"
      }.joined(separator: " ")
    case "Log.entryAdded":
      guard let entry = parameters["entry"] as? [String: Any], entry["level"] as? String == "error"
      else { return nil }
      return "\(entry["text"] ?? "?") \(entry["url"] ?? "")"
    default:
      return nil
    }
  }

  private static func text(of exception: [String: Any]) -> String {
    let object = exception["exception"] as? [String: Any]
    return object?["description"] as? String ?? exception["text"] as? String ?? "unknown exception"
  }
}
