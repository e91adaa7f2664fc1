import Foundation
import TestKit

/// The built program, run as a person or a script would run it.
enum Binary {
  static let path = Package.executable("martinet")

  /// Without a locale, a window or colours of whoever runs the tests.
  static func run(
    _ words: [String], in folder: String? = nil, environment: [String: String] = [:],
    limit: Int = 60
  ) throws -> Command {
    // What is kept between runs lies beside what the test writes, never in its owner's home.
    let neutral = [
      "LC_ALL": "C.UTF-8", "COLUMNS": "100", "NO_COLOR": "",
      "MARTINET_STATE": (folder ?? NSTemporaryDirectory() + "martinet-test") + "/state",
    ]
    return try Command.run(
      path, words, limit: limit, environment: neutral.merging(environment) { $1 },
      folder: folder ?? Package.root)
  }

  static func run(_ line: String, in folder: String? = nil) throws -> Command {
    try run(line.split(separator: " ").map(String.init), in: folder)
  }
}

extension Command {
  /// What was printed, as one JSON object.
  var object: [String: Any] {
    get throws {
      let read = try JSONSerialization.jsonObject(with: Data(output.utf8))
      return read as? [String: Any] ?? [:]
    }
  }

  /// Whether the error output is one line what and where, and one line what to do.
  var isExplained: Bool {
    let lines = errors.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.count == 3 && lines[0].hasPrefix("error: ") && lines[0].contains(": ")
      && lines[1].hasPrefix("fix:   ") && lines[1].count > 8 && lines[2].isEmpty
  }
}
