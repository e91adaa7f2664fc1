import Foundation
import Numerics
import Testing

@Suite("OpenBLAS and its kernels") struct LibraryTests {
  private let avx512: Set<Substring> = [
    "avx2", "fma", "avx512f", "avx512dq", "avx512bw", "avx512vl", "avx512cd",
  ]

  @Test("only kernels the processor can run are candidates")
  func candidates() {
    #expect(KernelChoice.candidates(features: []) == [])
    #expect(KernelChoice.candidates(features: ["avx2", "fma"]) == ["Haswell"])
    #expect(KernelChoice.candidates(features: avx512) == ["SkylakeX", "Haswell"])
    #expect(
      KernelChoice.candidates(features: avx512.union(["amx_tile", "amx_bf16", "avx512_bf16"]))
        == ["SapphireRapids", "SkylakeX", "Haswell"])
  }

  @Test("the processor is read from the system's description")
  func processor() {
    let text = """
      processor\t: 0
      cpu family\t: 26
      model\t\t: 2
      model name\t: AMD EPYC
      stepping\t: 1
      flags\t\t: fpu avx2 fma
      """
    let processor = Processor(text: text)
    #expect(processor.model == "AMD EPYC 26 2 1")
    #expect(processor.features == ["fpu", "avx2", "fma"])
    #expect(Processor(text: "").features.isEmpty)
  }

  @Test("a choice is measured once, kept, and measured again when the memory is damaged")
  func remembers() throws {
    let library = try LibrarySearch.find()
    let folder = NSTemporaryDirectory() + "martinet-kernels-\(UUID().uuidString)"
    defer {
      do { try FileManager.default.removeItem(atPath: folder) } catch { Issue.record(error) }
    }
    let environment = ["XDG_CACHE_HOME": folder]
    let first = KernelChoice.make(library: library, environment: environment)
    guard KernelChoice.candidates(features: Processor.current().features).count > 1 else { return }
    #expect(first.reason.hasPrefix("measured: "))
    let second = KernelChoice.make(library: library, environment: environment)
    #expect(second.kernels == first.kernels)
    #expect(second.reason.contains("kept in \(folder)"))
    let memory = try KernelMemory(
      library: library, processor: .current(), environment: environment)
    try Data("noise".utf8).write(to: memory.file)
    #expect(memory.recall() == nil)
    let third = KernelChoice.make(library: library, environment: environment)
    #expect(third.reason.hasPrefix("measured: "))
    // No copy of the library is left behind.
    let left = try FileManager.default.contentsOfDirectory(atPath: memory.folder.path)
    #expect(left.count == 1)
  }

  @Test("without a cache folder the choice falls to a rule that says so")
  func fallsBack() throws {
    let choice = KernelChoice.make(
      library: try LibrarySearch.find(), environment: ["XDG_CACHE_HOME": "/proc/nowhere"])
    if KernelChoice.candidates(features: Processor.current().features).count > 1 {
      #expect(choice.reason.hasPrefix("by rule: could not be measured"))
    }
  }

  @Test("kernels can be named, and OPENBLAS_CORETYPE has no say")
  func environment() throws {
    let library = try LibrarySearch.find()
    let named = KernelChoice.make(
      library: library,
      environment: ["MARTINET_BLAS_KERNELS": "Haswell", "OPENBLAS_CORETYPE": "Prescott"])
    #expect(named == KernelChoice(kernels: "Haswell", reason: "named by MARTINET_BLAS_KERNELS"))
  }

  @Test("the library in use has the kernels that were chosen, and says why")
  func backend() throws {
    let backend = try LinearAlgebra.backend()
    let choice = KernelChoice.make(library: backend.path)
    if let kernels = choice.kernels { #expect(backend.kernels == kernels) }
    #expect(backend.library.hasPrefix("OpenBLAS 0.3"))
    #expect(backend.threads == Pool.shared.threads)
    #expect(!backend.reason.isEmpty)
  }

  @Test("it is looked for where it was named, then around the executable")
  func search() {
    let folders = LibrarySearch.folders(
      executable: "/srv/martinet/.build/x86-64-v4/x86_64-unknown-linux-gnu/release/martinet",
      variable: "/opt/libraries")
    #expect(folders.first == "/opt/libraries")
    #expect(folders.contains("/srv/martinet/.deps/lib"))
  }

  @Test("a library that is absent, damaged or another one is named")
  func refusesOthers() throws {
    let folder = NSTemporaryDirectory() + "martinet-library-\(UUID().uuidString)"
    #expect(throws: LinearAlgebraLibraryError.missing(searched: [folder])) {
      try LibrarySearch.find(in: [folder])
    }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer {
      do { try FileManager.default.removeItem(atPath: folder) } catch { Issue.record(error) }
    }
    let path = folder + "/" + LibrarySearch.fileName
    let whole = try Data(
      contentsOf: URL(fileURLWithPath: LibrarySearch.find()), options: .alwaysMapped)
    #expect(throws: LinearAlgebraLibraryError.self) {
      _ = try LoadedLibrary(path: folder + "/absent.so", kernels: nil)
    }
    for length in [0, 63, 64, 4_096, whole.count / 2, whole.count - 1] {
      try whole.prefix(length).write(to: URL(fileURLWithPath: path))
      #expect(try LibrarySearch.find(in: [folder]) == path)
      #expect(throws: LinearAlgebraLibraryError.self) {
        _ = try LoadedLibrary(path: path, kernels: nil)
      }
    }
    // Of full length and nonsense inside: refused by the loader, in its own words.
    try (whole.prefix(64) + Data(count: whole.count - 64)).write(to: URL(fileURLWithPath: path))
    do throws(LinearAlgebraLibraryError) {
      _ = try LoadedLibrary(path: path, kernels: nil)
      Issue.record("a cut file was opened")
    } catch {
      guard case .notLoadable(path: path, message: let message) = error else {
        Issue.record(error)
        return
      }
      #expect(!message.isEmpty)
    }
    let absent = LinearAlgebraLibraryError.symbolMissing(
      path: try LibrarySearch.find(), symbol: "scipy_x")
    #expect(throws: absent) {
      _ = try LoadedLibrary(path: LibrarySearch.find(), kernels: nil).symbol("x")
    }
  }
}
