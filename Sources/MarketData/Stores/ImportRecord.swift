import Runtime

/// A file that was imported whole, so that an import that was broken off can go on after it.
public struct ImportRecord: Hashable, Sendable {
  /// Of the file's bytes: a file that changed is another one.
  public let hash: String
  public let path: String
  public let rowCount: Int
  public let recordedAt: Timestamp

  public init(hash: String, path: String, rowCount: Int, recordedAt: Timestamp) {
    self.hash = hash
    self.path = path
    self.rowCount = rowCount
    self.recordedAt = recordedAt
  }
}
