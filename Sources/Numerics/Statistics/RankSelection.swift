/// Finds the values at given ranks without sorting.
///
/// Doubles in order are unsigned integers in order once their bits are turned (see `orderedBits`).
/// Their first sixteen bits are counted, and only values in a bucket that holds a wanted rank are
/// looked at again, by their next twelve bits, until few are left. Ties and any order of the input
/// cost the same; equal input gives equal output on any number of threads.
enum RankSelection {
  /// Below so many values they are sorted.
  private static let sortedCount = 48
  /// From so many values on the first sixteen bits are counted at once.
  private static let wideCount = 1 << 15

  /// The values at the ranks, which ascend and are ranks of the sample.
  static func select(
    _ ranks: [Int], of values: UnsafeBufferPointer<Double>, on pool: Pool
  ) throws(StatisticsError) -> [Double] {
    var found = [Double](repeating: 0, count: ranks.count)
    guard let start = values.baseAddress, !ranks.isEmpty else { return found }
    if values.count < wideCount {
      if let index = values.firstIndex(where: { $0.isNaN }) {
        throw .notANumber(operation: "quantiles", index: index)
      }
    }
    let bits = values.count < wideCount ? 12 : 16
    let level = Level(start: start, count: values.count, shift: 64 - bits, bits: bits)
    let isClean = level.select(
      ranks[...], into: &found, checkingNaN: values.count >= wideCount, on: pool)
    if !isClean, let index = values.firstIndex(where: { $0.isNaN }) {
      throw .notANumber(operation: "quantiles", index: index)
    }
    return found
  }

  /// Values that agree in all bits above those of this level.
  private struct Level {
    let start: UnsafePointer<Double>
    let count: Int
    /// The bits of this level start at the shift.
    let shift: Int
    let bits: Int

    @inline(__always)
    func bucket(_ index: Int) -> Int {
      Int(truncatingIfNeeded: start[index].orderedBits &>> UInt64(shift)) & (1 &<< bits &- 1)
    }

    /// Writes the values at the ranks to the places that the ranks have in their array.
    ///
    /// - Returns: false where NaN was found; what was written is then worth nothing
    func select(
      _ ranks: ArraySlice<Int>, below offset: Int = 0, into found: UnsafeMutablePointer<Double>,
      checkingNaN: Bool = false, on pool: Pool
    ) -> Bool {
      if count <= sortedCount {
        selectSorted(ranks, below: offset, into: found)
        return true
      }
      // Ties would be handed down to the last bit; where there are none the look is short.
      let first = start[0].bitPattern
      if !checkingNaN, (1..<count).allSatisfy({ start[$0].bitPattern == first }) {
        for place in ranks.indices { found[place] = start[0] }
        return true
      }
      let partition = pool.partition(of: count, minimumChunk: wideCount)
      let buckets = 1 << bits
      return withUnsafeTemporaryAllocation(
        of: UInt32.self, capacity: buckets * (partition.parts + 1)
      ) { counts in
        guard let counts = counts.baseAddress else { return true }
        countBuckets(counts, partition, on: pool)
        if checkingNaN, hasNaN(counts, parts: partition.parts) { return false }
        let wanted = wantedBuckets(counts, parts: partition.parts, ranks, below: offset)
        descend(into: wanted, counts, partition, into: found, on: pool)
        return true
      }
    }

    /// Counts each part's values by bucket.
    private func countBuckets(
      _ counts: UnsafeMutablePointer<UInt32>, _ partition: Partition, on pool: Pool
    ) {
      let buckets = 1 << bits
      pool.forEachPart(of: partition) { part, range in
        let mine = counts + part * buckets
        mine.initialize(repeating: 0, count: buckets)
        for index in range { mine[bucket(index)] &+= 1 }
      }
    }

    /// Whether the first level's counts, of sixteen bits, show NaN: it lies beyond both infinities,
    /// or in the same bucket as one of them.
    private func hasNaN(_ counts: UnsafeMutablePointer<UInt32>, parts: Int) -> Bool {
      let buckets = 1 << bits
      let greatest = Int(Double.infinity.orderedBits >> UInt64(shift))
      let least = Int((-Double.infinity).orderedBits >> UInt64(shift))
      let isSuspect = (0..<parts).contains { part in
        let mine = counts + part * buckets
        return (0...least).contains { mine[$0] > 0 }
          || (greatest..<buckets).contains { mine[$0] > 0 }
      }
      return isSuspect && UnsafeBufferPointer(start: start, count: count).contains { $0.isNaN }
    }

    private struct Wanted {
      let bucket: Int
      let count: Int
      /// Where its first value goes among those gathered.
      let place: Int
      /// The rank of its first value.
      let firstRank: Int
      let ranks: ArraySlice<Int>
    }

    /// The buckets that hold the ranks.
    private func wantedBuckets(
      _ counts: UnsafeMutablePointer<UInt32>, parts: Int, _ ranks: ArraySlice<Int>,
      below offset: Int
    ) -> [Wanted] {
      let buckets = 1 << bits
      var wanted: [Wanted] = []
      var rest = ranks
      var before = offset
      var gathered = 0
      for bucket in 0..<buckets {
        guard let next = rest.first else { break }
        var count = 0
        for part in 0..<parts { count += Int(counts[part * buckets + bucket]) }
        if next < before + count {
          let end = rest.firstIndex { $0 >= before + count } ?? rest.endIndex
          wanted.append(
            Wanted(
              bucket: bucket, count: count, place: gathered, firstRank: before, ranks: rest[..<end])
          )
          gathered += count
          rest = rest[end...]
        }
        before += count
      }
      return wanted
    }

    /// Gathers the values of the wanted buckets, in the order they have here, and goes on in each.
    private func descend(
      into wanted: [Wanted], _ counts: UnsafeMutablePointer<UInt32>, _ partition: Partition,
      into found: UnsafeMutablePointer<Double>, on pool: Pool
    ) {
      let buckets = 1 << bits
      let total = wanted.reduce(0) { $0 + $1.count }
      withUnsafeTemporaryAllocation(of: Double.self, capacity: total) { gathered in
        guard let gathered = gathered.baseAddress else { return }
        // The counts of wanted buckets become places to write to.
        let isWanted = counts + partition.parts * buckets
        isWanted.initialize(repeating: 0, count: buckets)
        var place = 0
        for entry in wanted {
          isWanted[entry.bucket] = 1
          for part in 0..<partition.parts {
            let count = counts[part * buckets + entry.bucket]
            counts[part * buckets + entry.bucket] = UInt32(place)
            place += Int(count)
          }
        }
        pool.forEachPart(of: partition) { part, range in
          let places = counts + part * buckets
          for index in range {
            let bucket = bucket(index)
            if isWanted[bucket] != 0 {
              gathered[Int(places[bucket])] = start[index]
              places[bucket] &+= 1
            }
          }
        }
        // Every bucket has ranks of its own, and so places of its own to write to.
        let minimumChunk = total < wideCount ? wanted.count : 1
        pool.forEachChunk(of: wanted.count, minimumChunk: minimumChunk) { entries in
          for entry in wanted[entries] {
            let bits = min(12, shift)
            let level = Level(
              start: gathered + entry.place, count: entry.count, shift: shift - bits, bits: bits)
            _ = level.select(entry.ranks, below: entry.firstRank, into: found, on: pool)
          }
        }
      }
    }

    private func selectSorted(
      _ ranks: ArraySlice<Int>, below offset: Int, into found: UnsafeMutablePointer<Double>
    ) {
      let sorted = UnsafeBufferPointer(start: start, count: count)
        .sorted { $0.orderedBits < $1.orderedBits }
      for (place, rank) in zip(ranks.indices, ranks) { found[place] = sorted[rank - offset] }
    }
  }
}

extension Double {
  /// The bits, turned so that their order as integers is that of the numbers; −0 comes before 0.
  @inline(__always)
  var orderedBits: UInt64 {
    let bits = bitPattern
    let sign = UInt64(bitPattern: Int64(bitPattern: bits) &>> 63)
    return bits ^ (sign | 1 &<< 63)
  }
}
