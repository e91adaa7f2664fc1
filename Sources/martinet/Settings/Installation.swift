import Glibc
import Runtime

/// What came with the program, found from where it lies: above the folder of the build.
enum Installation {
  /// The first `name` in the current folder, the program's folder or one above that.
  static func path(of name: String) -> String? {
    if access(name, R_OK) == 0 { return name }
    guard let program = realpath("/proc/self/exe", nil) else { return nil }
    defer { free(program) }
    var folder = String(cString: program)[...]
    while let slash = folder.lastIndex(of: "/") {
      folder = folder[..<slash]
      let candidate = "\(folder)/\(name)"
      if access(candidate, R_OK) == 0 { return candidate }
    }
    return nil
  }

  /// The charting library, where set-up has put it; pages draw by themselves without it.
  static func chartLibrary() throws -> String? {
    guard let path = path(of: ".deps/js/lightweight-charts.js") else { return nil }
    return String(decoding: try SmallFile.read(path, bytesMax: 4 << 20), as: UTF8.self)
  }
}
