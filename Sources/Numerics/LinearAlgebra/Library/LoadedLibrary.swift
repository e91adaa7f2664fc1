import Glibc

/// One opened copy of OpenBLAS.
///
/// OpenBLAS reads its variables once, in its own constructor, so what it shall use is set around
/// `dlopen` and put back after it. It is told to start no threads: products are shared out by the
/// pool, and a second crew of threads that spin would only fight with it for the same cores.
package struct LoadedLibrary: ~Copyable {
  // Written once, before the value can be shared; the loader's own calls on it are thread-safe.
  private nonisolated(unsafe) let handle: UnsafeMutableRawPointer
  package let path: String

  /// - Parameter kernels: a name OpenBLAS knows, or nil for its own choice
  package init(path: String, kernels: String?) throws(LinearAlgebraLibraryError) {
    // The loader maps what the header promises; a file that ends before would kill the process.
    guard Self.isWhole(path) else {
      throw .notLoadable(path: path, message: "the file is cut off, or no 64-bit library at all")
    }
    let variables = [("OPENBLAS_CORETYPE", kernels), ("OPENBLAS_NUM_THREADS", "1")]
    let before = variables.map { name, _ in getenv(name).map { String(cString: $0) } }
    for (name, value) in variables { Self.set(name, value) }
    let opened = dlopen(path, RTLD_NOW | RTLD_LOCAL)
    for ((name, _), value) in zip(variables, before) { Self.set(name, value) }
    guard let opened else {
      let message = dlerror().map { String(cString: $0) } ?? "unknown"
      throw .notLoadable(path: path, message: message)
    }
    handle = opened
    self.path = path
  }

  deinit { dlclose(handle) }

  /// The function of that name; the caller knows its type.
  package func symbol(_ name: String) throws(LinearAlgebraLibraryError) -> UnsafeMutableRawPointer {
    let full = "scipy_" + name
    guard let symbol = dlsym(handle, full) else {
      throw .symbolMissing(path: path, symbol: full)
    }
    return symbol
  }

  /// The kernels it really uses, which need not be those it was asked for.
  func kernels() throws(LinearAlgebraLibraryError) -> String { try text("openblas_get_corename") }

  /// Its version and how it was built, in one line.
  func configuration() throws(LinearAlgebraLibraryError) -> String {
    try text("openblas_get_config")
  }

  private func text(_ name: String) throws(LinearAlgebraLibraryError) -> String {
    typealias Text = @convention(c) () -> UnsafePointer<CChar>?
    let text = unsafeBitCast(try symbol(name), to: Text.self)()
    return text.map { String(cString: $0) } ?? ""
  }

  /// Whether the file reaches to the end of its section table, which is what comes last in it.
  private static func isWhole(_ path: String) -> Bool {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    let end = lseek(descriptor, 0, SEEK_END)
    return withUnsafeTemporaryAllocation(byteCount: 64, alignment: 8) { header in
      guard pread(descriptor, header.baseAddress, 64, 0) == 64,
        header.starts(with: [0x7F, UInt8(ascii: "E"), UInt8(ascii: "L"), UInt8(ascii: "F"), 2])
      else { return false }
      let table = header.load(fromByteOffset: 40, as: UInt64.self)
      let entries =
        UInt64(header.load(fromByteOffset: 58, as: UInt16.self))
        * UInt64(header.load(fromByteOffset: 60, as: UInt16.self))
      return table <= UInt64(end) && table + entries <= UInt64(end)
    }
  }

  private static func set(_ name: String, _ value: String?) {
    if let value { setenv(name, value, 1) } else { unsetenv(name) }
  }
}
