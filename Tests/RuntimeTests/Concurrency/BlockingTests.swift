import Foundation
import Runtime
import Testing

@Suite("Waiting for asynchronous work") struct BlockingTests {
  private struct Failed: Error, Equatable {}

  /// From a thread of its own, as a verb does it.
  private func onThread<Value: Sendable>(
    _ body: @escaping @Sendable () throws -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
    }
  }

  @Test("hands on the result, and the error") func results() async throws {
    let value = try await onThread {
      try Blocking.wait {
        try await Task.sleep(for: .milliseconds(5))
        return 7
      }
    }
    #expect(value == 7)
    await #expect(throws: Failed.self) {
      try await onThread { try Blocking.wait { throw Failed() } }
    }
  }
}
