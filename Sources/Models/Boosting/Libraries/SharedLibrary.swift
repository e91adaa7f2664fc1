import Foundation
import Glibc
import Numerics
import Runtime

/// A library opened at first use and never closed: its threads may outlive every model.
struct SharedLibrary {
  let name: String
  let path: String
  private let handle: UnsafeMutableRawPointer

  /// - Parameter file: below the folders where the program's libraries lie
  init(_ name: String, file: String) throws(BoostingError) {
    let folders = LibrarySearch.folders()
    guard
      let folder = folders.first(where: { FileManager.default.fileExists(atPath: "\($0)/\(file)") })
    else { throw .missing(library: name, searched: folders) }
    // OpenMP reads how many threads it may have when it is loaded; the budget tells it.
    _ = Cores.budget
    let path = "\(folder)/\(file)"
    guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
      throw .notLoadable(
        path: path, message: dlerror().map { String(cString: $0) } ?? "it cannot be loaded")
    }
    self.name = name
    self.path = path
    self.handle = handle
  }

  /// The function of that name; the caller knows its type.
  func function<Function>(
    _ symbol: String, _: Function.Type = Function.self
  ) throws(BoostingError) -> Function {
    guard let address = dlsym(handle, symbol) else {
      throw .notLoadable(path: path, message: "there is no function \(symbol)")
    }
    return unsafeBitCast(address, to: Function.self)
  }
}
