import Foundation

/// Where the package lies, found from this file.
public enum Package {
  public static let root: String = {
    var url = URL(fileURLWithPath: #filePath)
    for _ in 0..<3 { url.deleteLastPathComponent() }
    return url.path
  }()

  public static func path(_ relative: String) -> String { root + "/" + relative }
}

/// Real market data that lies beside the package in some places and not in others.
///
/// Tests that need it say so with `.enabled(if: SharedData.has("lean"), "needs ../shared/data/lean")`,
/// so that they are skipped by name and counted.
public enum SharedData {
  public static func path(_ relative: String) -> String {
    Package.path("../shared/data/" + relative)
  }

  public static func has(_ relative: String) -> Bool {
    FileManager.default.fileExists(atPath: path(relative))
  }
}
