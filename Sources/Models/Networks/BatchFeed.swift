import Dispatch
import Learning

/// Gathers the next batch beside the training, while the one before it is learned from.
///
/// The samples of a shuffled batch lie all over memory that may be a mapped file: whoever fetches them
/// waits for it, and once in a while for the disk.
final class BatchFeed {
  private let samples: Windows
  private let width: Int
  /// The batch in hand, and the one that is gathered for later.
  private var (present, coming): (Room, Room)
  private let queue = DispatchQueue(label: "batches")
  private let gathering = DispatchGroup()
  /// Which places the one for later is of.
  private var promised: [Int] = []

  /// Memory of one batch. Safe to hand over because whoever writes it is waited for.
  private final class Room: @unchecked Sendable {
    let start: UnsafeMutablePointer<Float>

    init(_ count: Int) {
      start = .allocate(capacity: max(1, count))
      start.initialize(repeating: 0, count: max(1, count))
    }

    deinit { start.deallocate() }
  }

  /// - Parameter batch: samples of one
  init(_ samples: Windows, batch: Int) {
    self.samples = samples
    width = samples.width
    (present, coming) = (Room(batch * width), Room(batch * width))
  }

  deinit { gathering.wait() }

  /// The numbers of the samples at some places, one after the other, until the next call.
  ///
  /// - Parameter next: the places that will be asked for then; gathered meanwhile
  func numbers(_ places: ArraySlice<Int>, next: ArraySlice<Int>) -> UnsafePointer<Float> {
    gathering.wait()
    if promised.elementsEqual(places) {
      swap(&present, &coming)
    } else {
      samples.subset(places).copy(0..<places.count, to: present.start)
    }
    promised = Array(next)
    if !next.isEmpty {
      let (wanted, room) = (samples.subset(next), coming)
      queue.async(group: gathering) { wanted.copy(0..<wanted.count, to: room.start) }
    }
    return UnsafePointer(present.start)
  }
}
