/// The library in use: opened at the first product and never closed.
final class OpenBLAS: Sendable {
  let single: Routines
  let double: Routines
  let choice: KernelChoice
  let kernels: String
  let configuration: String
  let path: String
  // Held so that it stays open.
  private let library: LoadedLibrary

  private init() throws(LinearAlgebraLibraryError) {
    let path = try LibrarySearch.find()
    var choice = KernelChoice.make(library: path)
    let library = try LoadedLibrary(path: path, kernels: choice.kernels)
    single = try Routines(of: library, letter: "s")
    double = try Routines(of: library, letter: "d")
    kernels = try library.kernels()
    configuration = try library.configuration()
    if let wanted = choice.kernels, wanted.lowercased() != kernels.lowercased() {
      choice.reason = "OpenBLAS's own choice: it has no \(wanted) here, \(choice.reason)"
    }
    self.choice = choice
    self.path = path
    self.library = library
  }

  private static let opened: Result<OpenBLAS, LinearAlgebraLibraryError> = {
    do throws(LinearAlgebraLibraryError) {
      return .success(try OpenBLAS())
    } catch {
      return .failure(error)
    }
  }()

  static func shared() throws(LinearAlgebraError) -> OpenBLAS {
    switch opened {
    case .success(let library): return library
    case .failure(let error): throw .library(error)
    }
  }
}

/// A number BLAS computes with: Float or Double.
public protocol BLASScalar: BinaryFloatingPoint, Sendable, BitwiseCopyable {
  static var blasPrecision: BLASPrecision { get }
}

/// The two for which BLAS has functions.
public enum BLASPrecision: Sendable { case single, double }

extension Float: BLASScalar { public static var blasPrecision: BLASPrecision { .single } }
extension Double: BLASScalar { public static var blasPrecision: BLASPrecision { .double } }

extension BLASScalar {
  /// The functions for this precision.
  static func routines() throws(LinearAlgebraError) -> Routines {
    let library = try OpenBLAS.shared()
    return switch blasPrecision {
    case .single: library.single
    case .double: library.double
    }
  }
}

/// Matrix products, decompositions and solvers.
///
/// Everything runs on `Pool.shared` unless another pool is named, and gives the same bytes on the
/// same number of threads with the same kernels.
public enum LinearAlgebra {
  /// The library behind it, for `doctor` and manifests.
  public struct Backend: Sendable, Codable, CustomStringConvertible {
    public var library: String
    public var path: String
    public var kernels: String
    public var reason: String
    public var threads: Int

    public var description: String {
      "\(library), kernels \(kernels) (\(reason)), \(threads) threads of the pool"
    }
  }

  /// Opens the library if nothing has yet.
  public static func backend() throws(LinearAlgebraError) -> Backend {
    let library = try OpenBLAS.shared()
    let version = library.configuration.split(separator: " ").prefix(2).joined(separator: " ")
    return Backend(
      library: version, path: library.path, kernels: library.kernels,
      reason: library.choice.reason, threads: Pool.shared.threads)
  }
}
