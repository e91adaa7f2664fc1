import Foundation

/// Tries kernels against each other, each in a copy of the library of its own.
///
/// The dynamic loader gives one process one copy of a file, however often it is opened; a copied
/// file is another file. They take turns, and the quickest turn counts, so that other work on the
/// machine does not decide.
enum KernelTrial {
  struct Rate: CustomStringConvertible {
    var kernels: String
    var gigaflops: Double
    var description: String { "\(kernels) \(Int(gigaflops.rounded())) GFLOP/s" }
  }

  private static let size = 256
  private static let secondsEach = 0.05

  static func rates(of names: [String], library: String, folder: URL) throws -> [Rate] {
    let contestants = try names.compactMap { try Contestant($0, library: library, folder: folder) }
    let buffers = (0..<3).map { _ in
      UnsafeMutableBufferPointer<Float>.allocate(capacity: size * size)
    }
    defer { for buffer in buffers { buffer.deallocate() } }
    for buffer in buffers {
      for i in buffer.indices { buffer.initializeElement(at: i, to: Float(i % 61) / 61) }
    }
    let clock = ContinuousClock()
    let end = clock.now + .seconds(secondsEach * Double(contestants.count))
    repeat {
      for contestant in contestants { contestant.takeTurn(buffers, size: size, clock: clock) }
    } while clock.now < end
    let operations = 2 * Double(size * size * size)
    return contestants.map { Rate(kernels: $0.kernels, gigaflops: operations / $0.best * 1e-9) }
  }

  private final class Contestant {
    let kernels: String
    var best = Double.infinity
    private let routines: Routines
    private let library: LoadedLibrary

    /// Nil where OpenBLAS answers with other kernels than those asked for.
    init?(_ kernels: String, library path: String, folder: URL) throws {
      let copy = folder.appendingPathComponent("trial-\(UUID().uuidString).so")
      try FileManager.default.copyItem(atPath: path, toPath: copy.path)
      // Once it is open the name is no longer needed, and a crash leaves nothing behind.
      defer { unlink(copy.path) }
      let library = try LoadedLibrary(path: copy.path, kernels: kernels)
      guard try library.kernels().lowercased() == kernels.lowercased() else { return nil }
      routines = try Routines(of: library, letter: "s")
      self.library = library
      self.kernels = kernels
    }

    func takeTurn(
      _ buffers: [UnsafeMutableBufferPointer<Float>], size: Int, clock: ContinuousClock
    ) {
      guard let a = buffers[0].baseAddress, let b = buffers[1].baseAddress,
        let c = buffers[2].baseAddress
      else { return }
      var letter = UInt8(ascii: "N")
      var n = Int32(size)
      var one: Float = 1
      var zero: Float = 0
      let took = clock.measure {
        routines.gemm(&letter, &letter, &n, &n, &n, &one, a, &n, b, &n, &zero, c, &n, 1, 1)
      }
      best = min(best, took / .seconds(1))
    }
  }
}
