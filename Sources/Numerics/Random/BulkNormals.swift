extension RandomStream {
  /// Fills `output` with independent standard normal numbers, in parallel where it is long.
  ///
  /// Box and Muller (1958) on 32-bit words: the logarithm's argument has 32 bits, so values reach
  /// ±6.66, and 32 pairs are made at a time. The numbers depend on the stream alone, not on the
  /// number of threads; fills of n and m numbers, with n a multiple of 64, give what one fill of
  /// n + m gives.
  public mutating func fillNormal(_ output: UnsafeMutableBufferPointer<Float>) {
    let groups = (output.count + NormalGroup.count - 1) / NormalGroup.count
    let first = takeBlocks(groups * NormalGroup.blocks)
    Pool.shared.forEachChunk(of: groups, minimumChunk: 1024) { part in
      let rows =
        part.lowerBound * NormalGroup.count..<min(part.upperBound * NormalGroup.count, output.count)
      fillNormal(
        UnsafeMutableBufferPointer(rebasing: output[rows]),
        firstBlock: first &+ UInt64(part.lowerBound * NormalGroup.blocks))
    }
  }

  private func fillNormal(_ output: UnsafeMutableBufferPointer<Float>, firstBlock: UInt64) {
    let (key, upper) = (key, upper)
    guard let base = output.baseAddress else { return }
    let whole = output.count / NormalGroup.count
    let target = UnsafeMutableRawPointer(base)
    for group in 0..<whole {
      let numbers = NormalGroup(
        block: firstBlock &+ UInt64(group * NormalGroup.blocks), key: key, upper: upper)
      numbers.store(to: target + group * MemoryLayout<NormalGroup>.size)
    }
    let rest = output.count % NormalGroup.count
    guard rest > 0 else { return }
    let numbers = NormalGroup(
      block: firstBlock &+ UInt64(whole * NormalGroup.blocks), key: key, upper: upper)
    withUnsafeBytes(of: numbers) { bytes in
      (target + whole * MemoryLayout<NormalGroup>.size)
        .copyMemory(from: bytes.baseAddress ?? UnsafeRawPointer(target), byteCount: rest * 4)
    }
  }
}

/// The 64 normal numbers of sixteen consecutive blocks.
private struct NormalGroup {
  static let blocks = 16
  static let count = 64

  let numbers: (SIMD16<Float>, SIMD16<Float>, SIMD16<Float>, SIMD16<Float>)

  @inline(__always)
  init(block: UInt64, key: (UInt32, UInt32), upper: (UInt32, UInt32)) {
    let (a, b, c, d) = Philox.sixteenBlocks(from: block, upper: upper, key: key)
    let first = Self.pairs(radiusBits: a, angleBits: b)
    let second = Self.pairs(radiusBits: c, angleBits: d)
    numbers = (first.0, first.1, second.0, second.1)
  }

  @inline(__always)
  func store(to target: UnsafeMutableRawPointer) {
    target.storeBytes(of: numbers.0, as: SIMD16<Float>.self)
    target.storeBytes(of: numbers.1, toByteOffset: 64, as: SIMD16<Float>.self)
    target.storeBytes(of: numbers.2, toByteOffset: 128, as: SIMD16<Float>.self)
    target.storeBytes(of: numbers.3, toByteOffset: 192, as: SIMD16<Float>.self)
  }

  @inline(__always)
  private static func pairs(
    radiusBits: SIMD16<UInt32>, angleBits: SIMD16<UInt32>
  ) -> (SIMD16<Float>, SIMD16<Float>) {
    let uniform = unitInterval(radiusBits)
    let square = -2 * SIMD16<Float>.logOfNormal(uniform, exponentOffset: .zero, correction: .zero)
    let radius = SIMD16<Float>.squareRoot(square)
    let (cosine, sine) = cosineAndSine(turnBits: angleBits)
    return (radius * cosine, radius * sine)
  }

  /// (bits + ½) · 2⁻³², each in (0, 1]: exact before the last rounding.
  @inline(__always)
  private static func unitInterval(_ bits: SIMD16<UInt32>) -> SIMD16<Float> {
    // Halves of 16 bits are set into the fraction of 2²³, since a direct conversion is not
    // compiled to vector code.
    let magic = SIMD16<UInt32>(repeating: 0x4B00_0000)
    let offset = SIMD16<Float>(repeating: 8_388_608)
    let high = unsafeBitCast((bits &>> 16) | magic, to: SIMD16<Float>.self) - offset
    let low = unsafeBitCast((bits & 0xFFFF) | magic, to: SIMD16<Float>.self) - offset
    let scaled = (low + 0.5) * SIMD16(repeating: 0x1p-32)
    return scaled.addingProduct(high, SIMD16(repeating: 0x1p-16))
  }

  /// Cosine and sine of bits · 2⁻³² turns.
  ///
  /// The upper two bits choose the quadrant and 23 of the others stand exactly in a `Float`, so no
  /// angle is reduced; the polynomials are Taylor's on ±⅛ turn, with errors below 2⁻²⁴.
  @inline(__always)
  private static func cosineAndSine(
    turnBits: SIMD16<UInt32>
  ) -> (SIMD16<Float>, SIMD16<Float>) {
    let quadrant = turnBits &>> 30
    let fraction = (turnBits &<< 2) &>> 9
    let fromOne = unsafeBitCast(fraction | 0x3F80_0000, to: SIMD16<Float>.self)
    // Centred on the quadrant: an eighth of a turn more changes nothing for a uniform angle.
    let angle = (fromOne - 1.5) * SIMD16(repeating: 1.570_796_3)
    let square = angle * angle
    var sine = SIMD16<Float>(repeating: 2.755_731_9e-6)
    sine = SIMD16(repeating: -1.984_127e-4).addingProduct(square, sine)
    sine = SIMD16(repeating: 8.333_333e-3).addingProduct(square, sine)
    sine = SIMD16(repeating: -1.666_666_7e-1).addingProduct(square, sine)
    sine = angle.addingProduct(angle * square, sine)
    var cosine = SIMD16<Float>(repeating: 2.480_158_7e-5)
    cosine = SIMD16(repeating: -1.388_888_9e-3).addingProduct(square, cosine)
    cosine = SIMD16(repeating: 4.166_666_8e-2).addingProduct(square, cosine)
    cosine = SIMD16(repeating: -0.5).addingProduct(square, cosine)
    cosine = SIMD16(repeating: 1).addingProduct(square, cosine)
    // In odd quadrants the two change places; whole-lane masks select without branches.
    let swaps = SIMD16<UInt32>.zero &- (quadrant & 1)
    let s = unsafeBitCast(sine, to: SIMD16<UInt32>.self)
    let c = unsafeBitCast(cosine, to: SIMD16<UInt32>.self)
    let difference = (s ^ c) & swaps
    let cosineSign = ((quadrant &+ 1) & 2) &<< 30
    let sineSign = (quadrant & 2) &<< 30
    return (
      unsafeBitCast(c ^ difference ^ cosineSign, to: SIMD16<Float>.self),
      unsafeBitCast(s ^ difference ^ sineSign, to: SIMD16<Float>.self)
    )
  }
}
