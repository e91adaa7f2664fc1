extension Double {
  /// A wide integer to within a unit in the last place; the standard library's conversion is exact to half
  /// of one and takes two hundred times as long.
  @inlinable public init(wide value: Int128) {
    // Of the magnitude, so that small negative numbers do not cancel.
    let magnitude = value.magnitude
    let size =
      Double(UInt64(truncatingIfNeeded: magnitude >> 64)) * 0x1p64
      + Double(UInt64(truncatingIfNeeded: magnitude))
    self = value < 0 ? -size : size
  }
}
