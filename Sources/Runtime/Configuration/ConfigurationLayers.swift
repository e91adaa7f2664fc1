import Glibc

/// Which files a run reads, one over the other.
public enum ConfigurationLayers {
  /// `base` alone, or `base` and the environment's file beside it: `--env prod` finds `prod.yaml`.
  public static func files(
    base: String, environment: String?
  ) throws(ConfigurationError) -> [String] {
    guard let environment else { return [base] }
    let slash = base.lastIndex(of: "/")
    let prefix = slash.map { String(base[...$0]) } ?? ""
    let known = environments(inFolder: prefix.isEmpty ? "." : prefix, notNamed: base, prefix)
    // Taken from the list of what is there, so that a name cannot lead out of the folder.
    guard known.contains(environment) else {
      throw .unknownEnvironment(
        name: environment, folder: prefix.isEmpty ? "." : prefix,
        nearest: Words.nearest(to: environment, among: known), known: known)
    }
    return [base, "\(prefix)\(environment).yaml"]
  }

  private static func environments(
    inFolder folder: String, notNamed base: String, _ prefix: String
  ) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { start in
        start.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.hasSuffix(".yaml"), !name.hasPrefix("."), prefix + name != base {
        names.append(String(name.dropLast(5)))
      }
    }
    return names.sorted()
  }
}
