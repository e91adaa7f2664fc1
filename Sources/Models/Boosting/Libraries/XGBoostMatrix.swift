import Runtime

/// The only owner of a matrix of XGBoost's: rows cut into bins.
struct XGBoostMatrix: ~Copyable {
  let handle: XGBoostLibrary.Handle
  private let library: XGBoostLibrary

  /// - Parameter reference: the matrix whose bins are taken over, for validation
  init(
    _ rows: BoostingRows, bins: Int, threads: Int, reference: XGBoostLibrary.Handle? = nil
  ) throws(BoostingError) {
    let library = try XGBoostLibrary.shared()
    let settings: JSON = [
      "missing": .null, "nthread": JSON(threads), "max_bin": JSON(bins),
    ]
    // JSON has no word for NaN, XGBoost's JSON does.
    let text = settings.text().replacing("null", with: "NaN")
    let proxy = try library.made { library.makeProxy($0) }
    defer { _ = library.freeMatrix(proxy) }
    let batch = OnlyBatch(library: library, proxy: proxy)
    handle = try rows.numbers.withUnsafeBufferPointer { numbers throws(BoostingError) in
      batch.rows = Self.interface(numbers, [rows.labels.count, rows.width])
      return try rows.labels.withUnsafeBufferPointer { labels throws(BoostingError) in
        batch.labels = Self.interface(labels, [labels.count])
        return try rows.weights.withUnsafeBufferPointer { weights throws(BoostingError) in
          batch.weights = weights.isEmpty ? nil : Self.interface(weights, [weights.count])
          return try library.made {
            library.makeQuantiles(
              Unmanaged.passUnretained(batch).toOpaque(), proxy, reference, rewind, advance, text,
              $0)
          }
        }
      }
    }
    self.library = library
  }

  deinit { _ = library.freeMatrix(handle) }

  /// NumPy's description of an array, which XGBoost takes data by.
  static func interface(_ numbers: UnsafeBufferPointer<Float>, _ shape: [Int]) -> String {
    let json: JSON = [
      "data": [JSON(Int(bitPattern: numbers.baseAddress)), true],
      "shape": JSON(shape.map { JSON($0) }), "typestr": "<f4", "version": 3,
    ]
    return json.text()
  }
}

/// All rows at once, for an interface that wants to be given batches.
private final class OnlyBatch {
  let library: XGBoostLibrary
  let proxy: XGBoostLibrary.Handle
  var rows = ""
  var labels = ""
  var weights: String?
  var isGiven = false

  init(library: XGBoostLibrary, proxy: XGBoostLibrary.Handle) {
    self.library = library
    self.proxy = proxy
  }
}

private func batch(_ context: UnsafeMutableRawPointer?) -> OnlyBatch? {
  context.map { Unmanaged<OnlyBatch>.fromOpaque($0).takeUnretainedValue() }
}

private let rewind: XGBoostLibrary.Reset = { batch($0)?.isGiven = false }

private let advance: XGBoostLibrary.Iterator = { context in
  guard let batch = batch(context), !batch.isGiven else { return 0 }
  batch.isGiven = true
  let library = batch.library
  // Its error stays with the library, which then refuses the matrix with it.
  guard library.setProxyData(batch.proxy, batch.rows) == 0,
    library.setInfo(batch.proxy, "label", batch.labels) == 0,
    batch.weights.map({ library.setInfo(batch.proxy, "weight", $0) == 0 }) ?? true
  else { return 0 }
  return 1
}
