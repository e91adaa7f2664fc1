import Runtime

extension StoreAddress {
  /// Where bars are kept when nobody says otherwise: a file in the current folder.
  public static let standard = StoreAddress(kind: .sqlite, location: "market.db")

  /// The store at this address.
  ///
  /// - Parameter creating: makes it where there is none; else that is refused.
  public func open(creating: Bool = true) throws(StoreError) -> any BarStore {
    switch kind {
    case .sqlite: try SQLiteStore(self, creating: creating)
    case .postgres, .lake: throw .badAddress(text: description)
    }
  }
}
