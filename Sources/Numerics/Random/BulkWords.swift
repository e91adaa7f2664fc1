extension RandomStream {
  /// Fills `output` with random words.
  ///
  /// Sixteen blocks give 64 words: their first ones, then their second ones and so on. The words
  /// depend on the stream alone, not on the number of threads; fills of n and m words, with n a
  /// multiple of 64, give what one fill of n + m gives.
  public mutating func fillWords(_ output: UnsafeMutableBufferPointer<UInt32>) {
    fill(output) { $0 }
  }

  /// Fills `output` with independent numbers uniform in [0, 1): multiples of 2⁻²³, of which
  /// `fillWords` would give the upper 23 bits.
  public mutating func fillUniform(_ output: UnsafeMutableBufferPointer<Float>) {
    // Set behind the point of 1, less 1.
    fill(output) { bits in
      unsafeBitCast((bits &>> 9) | 0x3F80_0000, to: SIMD16<Float>.self) - 1
    }
  }

  /// Fills `output`, whose elements take four bytes, with what `convert` makes of the words.
  @inline(__always)
  private mutating func fill<Element: BitwiseCopyable, Lanes: BitwiseCopyable>(
    _ output: UnsafeMutableBufferPointer<Element>, convert: (SIMD16<UInt32>) -> Lanes
  ) {
    let groups = (output.count + 63) / 64
    let first = takeBlocks(groups * 16)
    let (key, upper) = (key, upper)
    Pool.shared.forEachChunk(of: groups, minimumChunk: 1024) { part in
      for group in part {
        let words = Philox.sixteenBlocks(
          from: first &+ UInt64(group * 16), upper: upper, key: key)
        let numbers = (convert(words.0), convert(words.1), convert(words.2), convert(words.3))
        let rows = group * 64..<min(group * 64 + 64, output.count)
        withUnsafeBytes(of: numbers) { bytes in
          UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: output[rows]))
            .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<(rows.count * 4)]))
        }
      }
    }
  }
}
