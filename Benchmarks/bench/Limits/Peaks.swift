import CProcessor
import Glibc
import Numerics

/// Loops that reach what the machine can do and do nothing else.
enum Peaks {
  /// Seconds of the body, the least of many short tries: a limit is what the machine allows at best,
  /// and a short try has the best chance that nobody else wants the cores.
  static func leastSeconds(within patience: Duration, _ body: () -> Void) -> Double {
    body()
    var least = Double.infinity
    var calmTries = 0
    let end = ContinuousClock.now + patience
    repeat {
      let (seconds, waited) = Waiting.share(of: getpid()) { Stopwatch.seconds(body) }
      least = min(least, seconds)
      if waited <= Waiting.tolerated { calmTries += 1 }
    } while calmTries < 20 && ContinuousClock.now < end
    return least
  }

  /// Floating-point operations a second of `Lanes`, a multiply-add counting as two.
  @inline(__always)
  static func multiplyAdds<Lanes: SIMD>(
    _ type: Lanes.Type, on pool: Pool, within patience: Duration
  ) -> Double where Lanes.Scalar: BinaryFloatingPoint {
    let rounds = 20_000
    let groups = 8
    let lanes = UnsafeMutableBufferPointer<Lanes>.allocate(capacity: pool.threads * groups * 8)
    lanes.initialize(repeating: Lanes(repeating: 1))
    defer { lanes.deallocate() }
    let seconds = leastSeconds(within: patience) {
      pool.forEachChunk(of: pool.threads) { parts in
        guard let base = lanes.baseAddress else { return }
        for part in parts {
          for _ in 0..<rounds {
            for group in 0..<groups { eightChains(base + (part &* groups &+ group) &* 8) }
          }
        }
      }
    }
    let operations = Double(rounds * groups * 8 * 16 * 2) * Double(Lanes.scalarCount)
    return operations * Double(pool.threads) / seconds
  }

  /// Sixteen multiply-adds on each of eight registers that do not wait for each other: latency times
  /// throughput asks for eight, and there are sixteen registers at least.
  ///
  /// They begin and end in memory because that is where the compiler looks for vector code.
  @inline(__always)
  private static func eightChains<Lanes: SIMD>(
    _ at: UnsafeMutablePointer<Lanes>
  ) where Lanes.Scalar: BinaryFloatingPoint {
    var (a, b, c, d) = (at[0], at[1], at[2], at[3])
    var (e, f, g, h) = (at[4], at[5], at[6], at[7])
    let factor = Lanes(repeating: 0.999)
    let summand = Lanes(repeating: 0.001)
    for _ in 0..<16 {
      a = summand.addingProduct(a, factor)
      b = summand.addingProduct(b, factor)
      c = summand.addingProduct(c, factor)
      d = summand.addingProduct(d, factor)
      e = summand.addingProduct(e, factor)
      f = summand.addingProduct(f, factor)
      g = summand.addingProduct(g, factor)
      h = summand.addingProduct(h, factor)
    }
    (at[0], at[1], at[2], at[3]) = (a, b, c, d)
    (at[4], at[5], at[6], at[7]) = (e, f, g, h)
  }

  /// The same of BFloat16 pairs, whose sums are in single precision; 0 where the processor has no
  /// instruction for it.
  static func halfMultiplyAdds(on pool: Pool, within patience: Duration) -> Double {
    let rounds = 10_000
    let sums = UnsafeMutableBufferPointer<Float>.allocate(capacity: pool.threads * 16)
    sums.initialize(repeating: 0)
    defer { sums.deallocate() }
    guard let base = sums.baseAddress else { return 0 }
    let operations = martinet_multiply_halves(rounds, base)
    guard operations > 0 else { return 0 }
    let seconds = leastSeconds(within: patience) {
      pool.forEachChunk(of: pool.threads) { parts in
        for part in parts { _ = martinet_multiply_halves(rounds, base + part * 16) }
      }
    }
    return operations * Double(pool.threads) / seconds
  }

  /// What bytes are moved for.
  enum Traffic: CaseIterable, Sendable {
    /// Every byte read once.
    case read
    /// Half of the bytes read, the other half written.
    case copy
    /// Two thirds read, one third written: STREAM's a = b + s·c (McCalpin 1995).
    case triad
  }

  /// Bytes a second that the pool moves, each thread in `bytes` of its own.
  static func bandwidth(
    _ traffic: Traffic, bytesPerThread bytes: Int, on pool: Pool, within patience: Duration
  ) -> Double {
    let lane = MemoryLayout<SIMD16<Float>>.size
    let lanes = bytes / lane / 24 * 24
    // A few milliseconds, against the microseconds it takes to wake a thread.
    let passes = max(1, (512 << 20) / bytes)
    let buffer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: lanes * lane * pool.threads, alignment: 4096)
    defer { buffer.deallocate() }
    buffer.initializeMemory(as: UInt8.self, repeating: 0)
    guard let base = buffer.baseAddress else { return 0 }
    let seconds = leastSeconds(within: patience) {
      pool.forEachChunk(of: pool.threads) { parts in
        for part in parts {
          let start = base + part * lanes * lane
          for _ in 0..<passes { move(traffic, start, lanes) }
        }
      }
    }
    return Double(lanes * lane * pool.threads * passes) / seconds
  }

  private static func move(_ traffic: Traffic, _ start: UnsafeMutableRawPointer, _ lanes: Int) {
    let all = start.assumingMemoryBound(to: SIMD16<Float>.self)
    switch traffic {
    case .read:
      keep(sum(all, lanes))
    case .copy:
      let half = lanes / 2
      for i in 0..<half { all[half &+ i] = all[i] }
    case .triad:
      let third = lanes / 3
      let factor = SIMD16<Float>(repeating: 3)
      for i in 0..<third {
        all[i] = all[third &+ i].addingProduct(all[2 &* third &+ i], factor)
      }
    }
  }

  private static func sum(_ all: UnsafePointer<SIMD16<Float>>, _ lanes: Int) -> Float {
    var (a, b) = (SIMD16<Float>.zero, SIMD16<Float>.zero)
    var (c, d) = (SIMD16<Float>.zero, SIMD16<Float>.zero)
    var i = 0
    while i &+ 4 <= lanes {
      a += all[i]
      b += all[i &+ 1]
      c += all[i &+ 2]
      d += all[i &+ 3]
      i &+= 4
    }
    return (a + b + c + d).sum()
  }

  /// Syncs a second: 4 KiB written over bytes that are there, then fdatasync. A sync that has to make a
  /// file longer takes several times as long, and a journal can do without.
  static func syncs(in folder: String) -> Double {
    let path = "\(folder)/syncs-\(getpid())"
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard file >= 0 else { return 0 }
    defer {
      close(file)
      unlink(path)
    }
    let page = [UInt8](repeating: 1, count: 4096)
    let tries = 500
    for _ in 0..<tries { _ = write(file, page, page.count) }
    fsync(file)
    var times: [Double] = []
    var total = 0.0
    while total < 0.5, times.count < tries {
      let offset = off_t(times.count * page.count)
      let seconds = Stopwatch.seconds {
        _ = pwrite(file, page, page.count, offset)
        fdatasync(file)
      }
      times.append(seconds)
      total += seconds
    }
    return 1 / times.sorted()[times.count / 2]
  }

  /// Uses a value in a way the optimiser does not see through.
  @inline(never)
  @_optimize(none)
  private static func keep<Value>(_ value: Value) {}
}

/// Seconds by the clock that never jumps.
enum Stopwatch {
  @inline(__always)
  static func seconds(_ body: () throws -> Void) rethrows -> Double {
    let start = ContinuousClock.now
    try body()
    return ContinuousClock.now.duration(to: start) / .seconds(-1)
  }
}
