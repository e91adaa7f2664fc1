import CThreads

extension UnsafePointer where Pointee: VectorScalar {
  /// The register that starts here, at any alignment.
  @inlinable @inline(__always)
  package func lanes() -> Pointee.Lanes {
    UnsafeRawPointer(self).loadUnaligned(as: Pointee.Lanes.self)
  }

  /// The first lanes of the register that starts here; the filler in the others.
  @inlinable @inline(__always)
  package func lanes(first count: Int, filler: Pointee = 0) -> Pointee.Lanes {
    .loaded(self, first: count, filler: filler)
  }
}

extension UnsafeMutablePointer where Pointee: VectorScalar {
  @inlinable @inline(__always)
  package func store(_ lanes: Pointee.Lanes) {
    UnsafeMutableRawPointer(self).storeBytes(of: lanes, as: Pointee.Lanes.self)
  }

  @inlinable @inline(__always)
  package func store(_ lanes: Pointee.Lanes, first count: Int) {
    lanes.stored(self, first: count)
  }
}

extension UnsafeMutablePointer<Double> {
  /// Writes a register past the caches, at a multiple of 64 bytes; `finishStores` ends a run of them.
  @inlinable @inline(__always)
  package func storePastCaches(_ lanes: SIMD8<Double>) {
    withUnsafePointer(to: lanes) { lanes in
      UnsafeRawPointer(lanes).withMemoryRebound(to: Double.self, capacity: 8) {
        martinet_store_past_caches(self, $0)
      }
    }
  }
}

/// What was written past the caches is there for other threads from here on.
package func finishStores() { martinet_finish_stores() }
