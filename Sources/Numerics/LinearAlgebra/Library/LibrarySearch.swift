import Foundation

/// Where OpenBLAS and other libraries that are opened at first use may lie.
///
/// The same places as the run path of the linked libraries, so that a checkout works whichever
/// scratch folder it was built in, and so does a copy of the executable with its libraries beside it.
package enum LibrarySearch {
  package static let fileName = "libscipy_openblas.so"
  package static let variable = "MARTINET_LIBRARIES"

  package static func folders(executable: String, variable: String?) -> [String] {
    var folders: [String] = []
    if let variable, !variable.isEmpty { folders.append(variable) }
    let beside = URL(fileURLWithPath: executable).deletingLastPathComponent()
    for relative in ["../../../../.deps/lib", "../../../.deps/lib", "lib", "."] {
      folders.append(beside.appendingPathComponent(relative).standardizedFileURL.path)
    }
    return folders
  }

  /// Those of this process.
  package static func folders() -> [String] {
    let executable = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path
    return folders(
      executable: executable, variable: ProcessInfo.processInfo.environment[variable])
  }

  package static func find() throws(LinearAlgebraLibraryError) -> String {
    try find(in: folders())
  }

  package static func find(in folders: [String]) throws(LinearAlgebraLibraryError) -> String {
    for folder in folders {
      let path = folder + "/" + fileName
      if FileManager.default.fileExists(atPath: path) { return path }
    }
    throw .missing(searched: folders)
  }
}
