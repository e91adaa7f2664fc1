import Dispatch
import Learning
import Synchronization

/// Gathers the next batch beside the training, while the one before it is learned from.
///
/// The samples of a shuffled batch lie all over memory that may be a mapped file: whoever fetches them
/// waits for it, and once in a while for the disk.
final class BatchFeed {
  private let samples: Windows
  private var present: Room
  private var coming: Promise
  private let queue = DispatchQueue(label: "batches")

  /// Memory of one batch. Safe to hand over because it has one writer at a time, whom readers await.
  private final class Room: @unchecked Sendable {
    let start: UnsafeMutablePointer<Float>

    init(_ count: Int) {
      start = .allocate(capacity: max(1, count))
      start.initialize(repeating: 0, count: max(1, count))
    }

    deinit { start.deallocate() }
  }

  /// A batch that somebody gathers: the thread beside the training, or the training itself where the
  /// other has not begun because the cores have more to do.
  private final class Promise: Sendable {
    let places: [Int]
    let room: Room
    private let isTaken = Mutex(false)
    private let isDone = DispatchSemaphore(value: 0)

    init(_ places: [Int], _ room: Room) {
      self.places = places
      self.room = room
    }

    func keep(_ samples: Windows) {
      guard take() else { return }
      fill(samples)
      isDone.signal()
    }

    func finish(_ samples: Windows) {
      if take() { fill(samples) } else { isDone.wait() }
    }

    private func take() -> Bool {
      isTaken.withLock { isTaken in
        defer { isTaken = true }
        return !isTaken
      }
    }

    private func fill(_ samples: Windows) {
      samples.subset(places).copy(0..<places.count, to: room.start)
    }
  }

  /// - Parameter batch: samples of one
  init(_ samples: Windows, batch: Int) {
    self.samples = samples
    present = Room(batch * samples.width)
    coming = Promise([], Room(batch * samples.width))
  }

  /// The numbers of the samples at some places, one after the other, until the next call.
  ///
  /// - Parameter next: the places that will be asked for then; gathered meanwhile
  func numbers(_ places: ArraySlice<Int>, next: ArraySlice<Int>) -> UnsafePointer<Float> {
    coming.finish(samples)
    let free = present
    present = coming.room
    if !coming.places.elementsEqual(places) {
      samples.subset(places).copy(0..<places.count, to: present.start)
    }
    coming = Promise(Array(next), free)
    if !next.isEmpty {
      let (promise, samples) = (coming, self.samples)
      queue.async { promise.keep(samples) }
    }
    return UnsafePointer(present.start)
  }
}
