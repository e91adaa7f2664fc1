/// The only owner of a booster of LightGBM's.
struct LightGBMBooster: ~Copyable {
  private let handle: LightGBMLibrary.Handle
  private let library: LightGBMLibrary

  /// The datasets must live as long as the booster is trained.
  init(
    on dataset: borrowing LightGBMDataset, settings: String
  ) throws(BoostingError) {
    let library = try LightGBMLibrary.shared()
    let dataset = dataset.handle
    handle = try library.made { library.makeBooster(dataset, settings, $0) }
    self.library = library
  }

  /// One that was saved.
  init(_ text: String) throws(BoostingError) {
    let library = try LightGBMLibrary.shared()
    var rounds: Int32 = 0
    handle = try library.made { library.load(text, &rounds, $0) }
    self.library = library
  }

  deinit { _ = library.freeBooster(handle) }

  func add(validation: borrowing LightGBMDataset) throws(BoostingError) {
    try library.check(library.addValidation(handle, validation.handle))
  }

  /// Grows the trees of one round; false where there is nothing left to split.
  func update() throws(BoostingError) -> Bool {
    var isFinished: Int32 = 0
    try library.check(library.update(handle, &isFinished))
    return isFinished == 0
  }

  /// The loss so far.
  ///
  /// - Parameter dataset: 0 for training, 1 for validation
  func loss(on dataset: Int) throws(BoostingError) -> Double {
    var count: Int32 = 0
    var value = 0.0
    try library.check(library.evaluate(handle, Int32(dataset), &count, &value))
    return value
  }

  /// The model of the first rounds.
  func saved(rounds: Int) throws(BoostingError) -> String {
    var length: Int64 = 0
    try library.check(library.save(handle, 0, Int32(rounds), 0, 0, &length, nil))
    var text = [CChar](repeating: 0, count: Int(length))
    try library.check(library.save(handle, 0, Int32(rounds), 0, length, &length, &text))
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// The library's own predictions, for comparison with ours.
  ///
  /// - Parameter isRaw: before the link
  func predict(
    _ rows: [Float], width: Int, outputs: Int, isRaw: Bool = false
  ) throws(BoostingError) -> [Double] {
    let count = rows.count / max(1, width)
    var length: Int64 = 0
    var result = [Double](repeating: 0, count: count * outputs)
    try library.check(
      library.predict(
        handle, rows, LightGBMLibrary.float32, Int32(count), Int32(width), 1,
        isRaw ? 1 : 0, 0, -1, "", &length, &result))
    return result
  }
}
