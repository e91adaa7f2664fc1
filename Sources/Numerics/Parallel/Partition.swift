/// How a count of items is cut into contiguous parts of nearly equal size.
///
/// The cut depends on nothing but its arguments: not on how many workers happen to be awake, nor on
/// which of them takes which part. That is what makes parallel results repeatable.
public struct Partition: Equatable, Sendable {
  public let count: Int
  /// How many parts there are; none is empty.
  public let parts: Int
  private let alignment: Int

  /// - Parameters:
  ///   - count: items to share out
  ///   - threads: at most so many parts
  ///   - minimumChunk: parts are not smaller than this unless there is only one
  ///   - alignment: every part but the last ends on a multiple of this
  public init(count: Int, threads: Int, minimumChunk: Int = 1, alignedTo alignment: Int = 1) {
    precondition(count >= 0, "a count is not negative")
    precondition(threads >= 1 && minimumChunk >= 1 && alignment >= 1, "sizes are positive")
    self.count = count
    self.alignment = alignment
    let units = (count + alignment - 1) / alignment
    parts = min(units, threads, max(1, count / minimumChunk))
  }

  /// The items of one part.
  public subscript(part: Int) -> Range<Int> {
    precondition(part >= 0 && part < parts, "no such part")
    let units = (count + alignment - 1) / alignment
    let lower = part * units / parts * alignment
    let upper = (part + 1) * units / parts * alignment
    return lower..<min(upper, count)
  }
}
