import Runtime

/// The functions of XGBoost that are used. Its wheel has no header: the types are those of
/// `xgboost/c_api.h` of version 3.2, where every handle is a pointer and every count 64 bits.
struct XGBoostLibrary: Sendable {
  typealias Handle = UnsafeMutableRawPointer
  typealias Text = UnsafePointer<CChar>
  typealias Iterator = @convention(c) (Handle?) -> Int32
  typealias Reset = @convention(c) (Handle?) -> Void

  let lastError: @convention(c) () -> Text?
  let version:
    @convention(c) (
      UnsafeMutablePointer<Int32>, UnsafeMutablePointer<Int32>, UnsafeMutablePointer<Int32>
    )
      -> Void
  let makeProxy: @convention(c) (UnsafeMutablePointer<Handle?>) -> Int32
  let setProxyData: @convention(c) (Handle, Text) -> Int32
  let setInfo: @convention(c) (Handle, Text, Text) -> Int32
  /// iterator, proxy, reference, reset, next, settings, result
  let makeQuantiles:
    @convention(c) (
      Handle?, Handle, Handle?, Reset, Iterator, Text, UnsafeMutablePointer<Handle?>
    ) -> Int32
  let freeMatrix: @convention(c) (Handle) -> Int32
  let makeBooster:
    @convention(c) (UnsafePointer<Handle?>, UInt64, UnsafeMutablePointer<Handle?>) -> Int32
  let freeBooster: @convention(c) (Handle) -> Int32
  let set: @convention(c) (Handle, Text, Text) -> Int32
  let update: @convention(c) (Handle, Int32, Handle) -> Int32
  /// booster, round, matrices, their names, how many, result
  let evaluate:
    @convention(c) (
      Handle, Int32, UnsafePointer<Handle?>, UnsafePointer<Text?>, UInt64,
      UnsafeMutablePointer<Text?>
    ) -> Int32
  let save:
    @convention(c) (
      Handle, Text, UnsafeMutablePointer<UInt64>, UnsafeMutablePointer<UnsafePointer<UInt8>?>
    ) -> Int32
  let load: @convention(c) (Handle, UnsafeRawPointer, UInt64) -> Int32
  /// booster, begin, end, step, result
  let slice: @convention(c) (Handle, Int32, Int32, Int32, UnsafeMutablePointer<Handle?>) -> Int32
  /// booster, rows, settings, proxy, shape, dimensions, result
  let predict:
    @convention(c) (
      Handle, Text, Text, Handle?, UnsafeMutablePointer<UnsafePointer<UInt64>?>,
      UnsafeMutablePointer<UInt64>, UnsafeMutablePointer<UnsafePointer<Float>?>
    ) -> Int32

  let path: String
  private static let opened = Result { () throws(BoostingError) in try XGBoostLibrary() }

  /// The library, or why it cannot be used.
  static func shared() throws(BoostingError) -> XGBoostLibrary { try opened.get() }

  private init() throws(BoostingError) {
    let library = try SharedLibrary("XGBoost", file: "xgboost/lib/libxgboost.so")
    path = library.path
    lastError = try library.function("XGBGetLastError")
    version = try library.function("XGBoostVersion")
    makeProxy = try library.function("XGProxyDMatrixCreate")
    setProxyData = try library.function("XGProxyDMatrixSetDataDense")
    setInfo = try library.function("XGDMatrixSetInfoFromInterface")
    makeQuantiles = try library.function("XGQuantileDMatrixCreateFromCallback")
    freeMatrix = try library.function("XGDMatrixFree")
    makeBooster = try library.function("XGBoosterCreate")
    freeBooster = try library.function("XGBoosterFree")
    set = try library.function("XGBoosterSetParam")
    update = try library.function("XGBoosterUpdateOneIter")
    evaluate = try library.function("XGBoosterEvalOneIter")
    save = try library.function("XGBoosterSaveModelToBuffer")
    load = try library.function("XGBoosterLoadModelFromBuffer")
    slice = try library.function("XGBoosterSlice")
    predict = try library.function("XGBoosterPredictFromDense")
  }

  func check(_ status: Int32) throws(BoostingError) {
    guard status != 0 else { return }
    let message = lastError().map { String(cString: $0) } ?? "error \(status)"
    // The first line is the message, what follows a trace of its own functions.
    throw .refused(
      library: "XGBoost", message: String(message.prefix { $0 != "\n" }))
  }

  /// What a function makes and hands over.
  func made(
    _ make: (UnsafeMutablePointer<Handle?>) -> Int32
  ) throws(BoostingError) -> Handle {
    var handle: Handle?
    try check(make(&handle))
    guard let handle else {
      throw .refused(library: "XGBoost", message: "a call succeeded and made nothing")
    }
    return handle
  }
}

/// The libraries of boosting, for `martinet doctor` and manifests.
package enum BoostingLibraries {
  /// The version of XGBoost, and where it lies.
  package static func xgboost() throws(BoostingError) -> (version: String, path: String) {
    let library = try XGBoostLibrary.shared()
    var (major, minor, patch): (Int32, Int32, Int32) = (0, 0, 0)
    library.version(&major, &minor, &patch)
    return ("\(major).\(minor).\(patch)", library.path)
  }

  /// The library with the hash of its file, which tells builds of one version apart.
  static func entry(
    _ name: String, _ found: (version: String, path: String)
  ) throws -> Manifest.Library {
    let hash = try SHA256.hash(file: found.path).description
    return Manifest.Library(name, "\(found.version), sha256 \(hash)")
  }

  /// LightGBM has no function that tells its version; the format of its models stands for it.
  package static func lightgbm() throws(BoostingError) -> (version: String, path: String) {
    ("models of format v4", try LightGBMLibrary.shared().path)
  }
}
