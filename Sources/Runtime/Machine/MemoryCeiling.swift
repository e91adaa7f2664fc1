internal import CMalloc
import Glibc
import Synchronization

/// The most memory that this process may take, where somebody said so.
///
/// Looked at fifty times a second by a thread of its own, because memory is taken in a thousand places: a
/// process that takes more ends at once and says why. Whatever it writes it writes whole or not at all.
public enum MemoryCeiling {
  private static let limit = Mutex<MemorySize?>(nil)

  /// What the process has in memory now; `nil` where the system does not say.
  public static var resident: MemorySize? {
    var bytes = [UInt8](repeating: 0, count: 128)
    let file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    let count = read(file, &bytes, bytes.count)
    close(file)
    let fields = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self).split(separator: " ")
    guard fields.count > 1, let pages = UInt64(fields[1]) else { return nil }
    return MemorySize(byteCount: pages * UInt64(sysconf(Int32(_SC_PAGESIZE))))
  }

  /// Keeps the process below `most` from now on; `show` is told why it ends.
  public static func keep(_ most: MemorySize, show: @escaping @Sendable (Diagnosis) -> Void) {
    let isFirst = limit.withLock { limit in
      defer { limit = most }
      return limit == nil
    }
    guard isFirst else { return }
    let watch = Unmanaged.passRetained(Watch(show)).toOpaque()
    var thread = pthread_t()
    // Without a thread nothing can be watched, and nothing else would work either.
    guard pthread_create(&thread, nil, watchMain, watch) == 0 else {
      show(MemoryError.unwatched.diagnosis)
      exit(ExitCode.failed.rawValue)
    }
    pthread_detach(thread)
  }

  /// Refuses what would take `more` than is there already, before it begins.
  public static func check(_ more: MemorySize, for what: String) throws(MemoryError) {
    guard let most = limit.withLock({ $0 }), let resident else { return }
    let needed = MemorySize(byteCount: resident.byteCount + more.byteCount)
    // Whoever finds it first says so, and nobody else does.
    guard needed > most, take() else { return }
    throw .wouldExceed(what: what, needed: needed, most: most)
  }

  /// Ends the watch; `false` where it has ended already.
  private static func take() -> Bool {
    limit.withLock { limit in
      defer { limit = nil }
      return limit != nil
    }
  }

  fileprivate static func excess() -> MemoryError? {
    guard let most = limit.withLock({ $0 }), let first = resident, first > most else { return nil }
    // What is freed already may be kept for later: that counts against nobody.
    malloc_trim(0)
    guard let resident, resident > most, take() else { return nil }
    return .exceeded(resident: resident, most: most)
  }
}

private final class Watch: Sendable {
  let show: @Sendable (Diagnosis) -> Void
  init(_ show: @escaping @Sendable (Diagnosis) -> Void) { self.show = show }
}

private func watchMain(_ pointer: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let pointer else { return nil }
  let watch = Unmanaged<Watch>.fromOpaque(pointer).takeRetainedValue()
  while true {
    if let error = MemoryCeiling.excess() {
      watch.show(error.diagnosis)
      _exit(ExitCode.failed.rawValue)
    }
    usleep(20_000)
  }
}

/// Why a ceiling on memory ends something.
public enum MemoryError: DiagnosedError, Equatable {
  case wouldExceed(what: String, needed: MemorySize, most: MemorySize)
  case exceeded(resident: MemorySize, most: MemorySize)
  case unwatched

  public var diagnosis: Diagnosis {
    switch self {
    case .wouldExceed(let what, let needed, let most):
      Diagnosis(
        place: "memory_limit",
        finding: "\(what) would take about \(Self.text(needed)), more than \(Self.text(most))",
        remedy: "allow more with --memory-limit, or take fewer bars: --timerange, --symbols, "
          + "longer --interval; fewer threads help, too: MARTINET_THREADS=1")
    case .exceeded(let resident, let most):
      Diagnosis(
        place: "memory_limit",
        finding: "the process takes \(Self.text(resident)), more than \(Self.text(most))",
        remedy: "allow more with --memory-limit, or take fewer bars: --timerange, --symbols, "
          + "longer --interval; fewer threads help, too: MARTINET_THREADS=1")
    case .unwatched:
      Diagnosis(
        place: "memory_limit", finding: "the system gives no thread to watch it",
        remedy: "end other programs, or leave the limit out")
    }
  }

  private static func text(_ size: MemorySize) -> String { NumberText.bytes(size.byteCount) }
}
