import Runtime

/// The only owner of a booster of XGBoost's.
struct XGBoostBooster: ~Copyable {
  private let handle: XGBoostLibrary.Handle
  private let library: XGBoostLibrary

  /// - Parameter settings: by XGBoost's own names
  static func made(
    on matrix: borrowing XGBoostMatrix, settings: [(String, String)]
  ) throws(BoostingError) -> XGBoostBooster {
    let library = try XGBoostLibrary.shared()
    let matrices: [XGBoostLibrary.Handle?] = [matrix.handle]
    let booster = XGBoostBooster(
      try library.made { library.makeBooster(matrices, 1, $0) }, library)
    for (name, value) in settings {
      try library.check(library.set(booster.handle, name, value))
    }
    return booster
  }

  /// One that was saved.
  static func read(_ bytes: [UInt8]) throws(BoostingError) -> XGBoostBooster {
    let library = try XGBoostLibrary.shared()
    let booster = XGBoostBooster(try library.made { library.makeBooster([], 0, $0) }, library)
    try library.check(library.load(booster.handle, bytes, UInt64(bytes.count)))
    return booster
  }

  private init(_ handle: XGBoostLibrary.Handle, _ library: XGBoostLibrary) {
    self.handle = handle
    self.library = library
  }

  deinit { _ = library.freeBooster(handle) }

  /// Grows the trees of one round.
  func update(round: Int, on matrix: borrowing XGBoostMatrix) throws(BoostingError) {
    try library.check(library.update(handle, Int32(round), matrix.handle))
  }

  /// The loss on two matrices after a round.
  func losses(
    round: Int, _ train: borrowing XGBoostMatrix, _ validation: borrowing XGBoostMatrix
  ) throws(BoostingError) -> (train: Double, validation: Double) {
    let matrices: [XGBoostLibrary.Handle?] = [train.handle, validation.handle]
    var answer: XGBoostLibrary.Text?
    let status = "a".withCString { a in
      "b".withCString { b in
        library.evaluate(handle, Int32(round), matrices, [a, b], 2, &answer)
      }
    }
    try library.check(status)
    // `[7]\ta-mlogloss:0.81\tb-mlogloss:0.92`
    let text = answer.map { String(cString: $0) } ?? ""
    let values = text.split(separator: "\t").dropFirst().compactMap {
      $0.split(separator: ":").last.flatMap { Double($0) }
    }
    guard values.count == 2 else {
      throw .refused(library: "XGBoost", message: "it told no losses: \(text)")
    }
    return (values[0], values[1])
  }

  /// The model of the first rounds alone.
  func prefix(rounds: Int) throws(BoostingError) -> XGBoostBooster {
    let part = try library.made { library.slice(handle, 0, Int32(rounds), 1, $0) }
    return XGBoostBooster(part, library)
  }

  /// - Parameter format: `ubj` or `json`
  func saved(format: String = "ubj") throws(BoostingError) -> [UInt8] {
    let settings: JSON = ["format": JSON(format)]
    var count: UInt64 = 0
    var start: UnsafePointer<UInt8>?
    try library.check(library.save(handle, settings.text(), &count, &start))
    return Array(UnsafeBufferPointer(start: start, count: Int(count)))
  }

  /// The library's own predictions, for comparison with ours.
  ///
  /// - Parameter isRaw: before the link
  func predict(
    _ rows: [Float], width: Int, isRaw: Bool = false
  ) throws(BoostingError) -> [Double] {
    let settings: JSON = [
      "type": JSON(isRaw ? 1 : 0), "training": false, "iteration_begin": 0, "iteration_end": 0,
      "strict_shape": true, "cache_id": 0, "missing": .null,
    ]
    var dimensions: UInt64 = 0
    var sizes: UnsafePointer<UInt64>?
    var result: UnsafePointer<Float>?
    let status = rows.withUnsafeBufferPointer { numbers in
      library.predict(
        handle, XGBoostMatrix.interface(numbers, [rows.count / max(1, width), width]),
        settings.text().replacing("null", with: "NaN"), nil, &sizes, &dimensions, &result)
    }
    try library.check(status)
    let count = UnsafeBufferPointer(start: sizes, count: Int(dimensions)).reduce(1, *)
    return UnsafeBufferPointer(start: result, count: Int(count)).map { Double($0) }
  }
}
