import Runtime

extension StoreAddress {
  /// Where bars are kept when nobody says otherwise: a file in the current folder.
  public static let standard = StoreAddress(kind: .sqlite, location: "market.db")

  /// The store at this address.
  ///
  /// - Parameters:
  ///   - creating: makes it where there is none; else that is refused.
  ///   - metrics: where `store_retries_total` is kept: transactions that PostgreSQL broke off and the
  ///     store ran again, by SQLSTATE (`code`).
  public func open(
    creating: Bool = true, metrics: Metrics = Metrics()
  ) throws(StoreError) -> any BarStore {
    switch kind {
    case .sqlite: try SQLiteFile.store(self, creating: creating)
    case .postgres: try PostgreSQLTables.store(self, creating: creating, metrics: metrics)
    case .lake: try Lake(self, creating: creating)
    }
  }
}
