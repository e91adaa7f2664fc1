/// The only owner of a dataset of LightGBM's: rows cut into bins.
struct LightGBMDataset: ~Copyable {
  let handle: LightGBMLibrary.Handle
  private let library: LightGBMLibrary

  private init(_ handle: LightGBMLibrary.Handle, _ library: LightGBMLibrary) {
    self.handle = handle
    self.library = library
  }

  /// - Parameters:
  ///   - settings: LightGBM's own, `key=value` with blanks between
  ///   - reference: the dataset whose bins are taken over, for validation
  static func made(
    _ rows: BoostingRows, settings: String, reference: LightGBMLibrary.Handle? = nil
  ) throws(BoostingError) -> LightGBMDataset {
    let library = try LightGBMLibrary.shared()
    guard let count = Int32(exactly: rows.labels.count), let width = Int32(exactly: rows.width)
    else { throw .refused(library: "LightGBM", message: "more than 2,147,483,647 rows") }
    let handle = try library.made {
      library.makeDataset(
        rows.numbers, LightGBMLibrary.float32, count, width, 1, settings, reference, $0)
    }
    let dataset = LightGBMDataset(handle, library)
    try library.check(
      library.setField(handle, "label", rows.labels, count, LightGBMLibrary.float32))
    if !rows.weights.isEmpty {
      try library.check(
        library.setField(handle, "weight", rows.weights, count, LightGBMLibrary.float32))
    }
    return dataset
  }

  deinit { _ = library.freeDataset(handle) }
}
