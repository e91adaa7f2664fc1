import Dispatch
import Synchronization

/// The door from synchronous code, such as a verb, to asynchronous work.
public enum Blocking {
  /// Runs `work` in a task of its own, and waits on the calling thread until it is over.
  ///
  /// Never call it from a task: it would hold one of the few threads that tasks share.
  public static func wait<Result: Sendable>(
    _ work: @escaping @Sendable () async throws -> Result
  ) throws -> Result {
    let answer = Answer<Result>()
    Task.detached {
      do {
        answer.give(.success(try await work()))
      } catch {
        answer.give(.failure(error))
      }
    }
    return try answer.take()
  }

  /// What the task leaves for the thread that waits.
  private final class Answer<Value: Sendable>: Sendable {
    private let value = Mutex<Result<Value, any Error>?>(nil)
    private let isGiven = DispatchSemaphore(value: 0)

    func give(_ result: Result<Value, any Error>) {
      value.withLock { $0 = result }
      isGiven.signal()
    }

    func take() throws -> Value {
      while true {
        isGiven.wait()
        if let result = value.withLock({ $0 }) { return try result.get() }
      }
    }
  }
}
