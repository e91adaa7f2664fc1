#if canImport(Glibc)
  import Glibc
#endif

/// The environment the process was started with.
///
/// Read once at the start and handed on: nothing further in asks for it behind the caller's back.
public func processEnvironment() -> [String: String] {
  var variables: [String: String] = [:]
  var entry: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?> = environ
  while let pointer = entry.pointee {
    let text = String(cString: pointer)
    if let equals = text.firstIndex(of: "=") {
      variables[String(text[..<equals])] = String(text[text.index(after: equals)...])
    }
    entry += 1
  }
  return variables
}
