import Databases
import Runtime

extension StoreError {
  /// What `error` means for a store that speaks SQL.
  init(_ error: any Error, store: StoreAddress, doing: String) {
    let name = store.description
    switch error {
    case let error as StoreError: self = error
    case MigrationError.newer(let found, let known):
      self = .newerSchema(store: name, found: found, known: known)
    case MigrationError.altered(let number, let step):
      self = .damaged(
        store: name, finding: "its schema was altered: step \(number) (\(step)) is not ours")
    case let error as DatabaseError: self = Self.of(error, store: store, doing: doing)
    case let error as StrangeRow: self = .damaged(store: name, finding: error.finding)
    default:
      let diagnosis = Diagnosis(describing: error, place: name)
      self = .failed(store: name, doing: doing, reason: diagnosis.finding)
    }
  }

  private static func of(
    _ error: DatabaseError, store: StoreAddress, doing: String
  ) -> StoreError {
    let name = store.description
    switch store.kind == .sqlite ? error.sqliteFailure : .other {
    case .isNoDatabase: return .foreign(store: name, finding: "it is no SQLite database")
    case .isDamaged: return .damaged(store: name, finding: "the file is damaged: \(error.message)")
    case .isLocked: return .locked(store: name)
    case .diskIsFull: return .diskFull(store: name)
    case .other:
      return ["open", "connect"].contains(error.statement)
        ? .unreachable(store: name, reason: error.message)
        : .failed(store: name, doing: doing, reason: error.message)
    }
  }
}
