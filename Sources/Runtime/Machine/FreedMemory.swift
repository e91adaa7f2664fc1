internal import CMalloc

/// What becomes of memory that is freed.
public enum FreedMemory {
  /// Keeps it for what is allocated next, up to a quarter of a gigabyte, instead of giving it back to
  /// the system at once, which would clear every page of it anew: for columns of a million rows that
  /// is as much work as reading them. To be called before threads start.
  public static func keep() {
    // Blocks from 128 KiB up would have pages of their own; 32 MiB is the most glibc allows here.
    _ = mallopt(M_MMAP_THRESHOLD, 32 << 20)
    _ = mallopt(M_TRIM_THRESHOLD, 256 << 20)
  }
}
