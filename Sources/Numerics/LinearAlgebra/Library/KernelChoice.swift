import Foundation
import Runtime

/// Which of its hand-written kernels OpenBLAS shall use, and why.
///
/// OpenBLAS chooses by a table of processors, and falls back to AVX2 ones on those it does not
/// know, even where its AVX-512 ones would be nearly twice as fast. So the candidates are tried once
/// on a machine, and the answer is kept.
package struct KernelChoice: Equatable, Sendable {
  /// A name OpenBLAS knows, or nil for its own choice.
  package var kernels: String?
  package var reason: String

  /// Overrides everything: for comparing, and for repeating a run of another machine.
  package static let variable = "MARTINET_BLAS_KERNELS"

  /// What may run on this processor, the likely best first.
  package static func candidates(features: Set<Substring>) -> [String] {
    var names: [String] = []
    if features.isSuperset(of: ["avx512f", "avx512dq", "avx512bw", "avx512vl", "avx512cd"]) {
      if features.isSuperset(of: ["amx_tile", "amx_bf16", "avx512_bf16"]) {
        names.append("SapphireRapids")
      }
      names.append("SkylakeX")
    }
    if features.isSuperset(of: ["avx2", "fma"]) { names.append("Haswell") }
    return names
  }

  package init(kernels: String?, reason: String) {
    self.kernels = kernels
    self.reason = reason
  }

  /// Decides for one library on this machine.
  package static func make(
    library: String, processor: Processor = .current(),
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> KernelChoice {
    if let name = environment[variable], !name.isEmpty {
      return KernelChoice(kernels: name, reason: "named by \(variable)")
    }
    let names = candidates(features: processor.features)
    guard let first = names.first else {
      return KernelChoice(kernels: nil, reason: "OpenBLAS's own choice for this processor")
    }
    guard names.count > 1 else {
      return KernelChoice(kernels: first, reason: "the only ones for this processor")
    }
    do {
      let memory = try KernelMemory(
        library: library, processor: processor, environment: environment)
      if let kept = memory.recall(), names.contains(kept.kernels) {
        return KernelChoice(
          kernels: kept.kernels, reason: "\(kept.measured), kept in \(memory.file.path)")
      }
      let rates = try KernelTrial.rates(of: names, library: library, folder: memory.folder)
      guard let best = rates.max(by: { $0.gigaflops < $1.gigaflops }) else {
        return KernelChoice(
          kernels: first, reason: "by rule: none of the candidates could be tried")
      }
      let measured = "measured: " + rates.map(\.description).joined(separator: ", ")
      try memory.keep(kernels: best.kernels, measured: measured)
      return KernelChoice(kernels: best.kernels, reason: measured)
    } catch {
      return KernelChoice(
        kernels: first, reason: "by rule: could not be measured (\(describe(error)))")
    }
  }

  private static func describe(_ error: any Error) -> String {
    if let error = error as? LinearAlgebraLibraryError { return error.diagnosis.finding }
    return error.localizedDescription
  }
}

/// The processor as the kernel of the system describes it.
package struct Processor: Equatable, Sendable {
  package var model: String
  package var features: Set<Substring>

  /// - Parameter text: that of `/proc/cpuinfo`
  package init(text: String) {
    func value(_ key: String) -> Substring {
      for line in text.split(separator: "\n") where line.hasPrefix(key) {
        guard let colon = line.firstIndex(of: ":") else { continue }
        return line[line.index(after: colon)...]
      }
      return ""
    }
    model = [value("model name"), value("cpu family"), value("model\t"), value("stepping")]
      .map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: " ")
    features = Set(value("flags").split(separator: " "))
  }

  package static func current() -> Processor {
    do {
      return Processor(text: try String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))
    } catch {
      return Processor(text: "")
    }
  }
}

/// The choice of an earlier run, in the user's cache folder.
package struct KernelMemory {
  package let folder: URL
  package let file: URL
  private let key: String

  /// A new processor, another library or other features than before make another key.
  package init(library: String, processor: Processor, environment: [String: String]) throws {
    let cache =
      environment["XDG_CACHE_HOME"].flatMap { $0.isEmpty ? nil : URL(fileURLWithPath: $0) }
      ?? FileManager.default.homeDirectoryForCurrentUser.appendingPathComponent(".cache")
    folder = cache.appendingPathComponent("martinet/blas")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let facts = try FileManager.default.attributesOfItem(atPath: library)
    let size = facts[.size].map { "\($0)" } ?? ""
    let changed = (facts[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
    let names = KernelChoice.candidates(features: processor.features).joined(separator: "+")
    key = "\(processor.model) | \(names) | \(size) bytes of \(changed)"
    let digest = key.utf8.reduce(into: UInt64(0xCBF2_9CE4_8422_2325)) { hash, byte in
      hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3  // FNV-1a
    }
    file = folder.appendingPathComponent("kernels-\(String(digest, radix: 16)).txt")
  }

  /// Three lines: the key, the kernels, what was measured. Anything else is no memory.
  package func recall() -> (kernels: String, measured: String)? {
    guard let data = FileManager.default.contents(atPath: file.path) else { return nil }
    let lines = String(decoding: data, as: UTF8.self).split(separator: "\n")
    guard lines.count == 3, lines[0] == key else { return nil }
    return (String(lines[1]), String(lines[2]))
  }

  package func keep(kernels: String, measured: String) throws {
    try Data("\(key)\n\(kernels)\n\(measured)\n".utf8).write(to: file, options: .atomic)
  }
}
