/// The functions of LightGBM that are used. Its wheel has no header: the types are those of
/// `LightGBM/c_api.h` of version 4.7.
struct LightGBMLibrary: Sendable {
  typealias Handle = UnsafeMutableRawPointer
  typealias Text = UnsafePointer<CChar>

  /// C_API_DTYPE_FLOAT32.
  static let float32: Int32 = 0

  let lastError: @convention(c) () -> Text?
  let setLog: @convention(c) (@convention(c) (Text?) -> Void) -> Int32
  /// rows, format, count, width, whether row by row, settings, reference, result
  let makeDataset:
    @convention(c) (
      UnsafeRawPointer?, Int32, Int32, Int32, Int32, Text, Handle?, UnsafeMutablePointer<Handle?>
    ) -> Int32
  /// dataset, name, numbers, count, format
  let setField: @convention(c) (Handle, Text, UnsafeRawPointer?, Int32, Int32) -> Int32
  let freeDataset: @convention(c) (Handle) -> Int32
  let makeBooster: @convention(c) (Handle, Text, UnsafeMutablePointer<Handle?>) -> Int32
  let addValidation: @convention(c) (Handle, Handle) -> Int32
  let freeBooster: @convention(c) (Handle) -> Int32
  let update: @convention(c) (Handle, UnsafeMutablePointer<Int32>) -> Int32
  /// booster, dataset's number, count, losses
  let evaluate:
    @convention(c) (
      Handle, Int32, UnsafeMutablePointer<Int32>, UnsafeMutablePointer<Double>
    ) -> Int32
  /// booster, first round, rounds, kind of importance, room, length, text
  let save:
    @convention(c) (
      Handle, Int32, Int32, Int32, Int64, UnsafeMutablePointer<Int64>,
      UnsafeMutablePointer<CChar>?
    ) -> Int32
  let load:
    @convention(c) (Text, UnsafeMutablePointer<Int32>, UnsafeMutablePointer<Handle?>) -> Int32
  /// booster, rows, format, count, width, whether row by row, kind, first round, rounds, settings,
  /// length, result
  let predict:
    @convention(c) (
      Handle, UnsafeRawPointer?, Int32, Int32, Int32, Int32, Int32, Int32, Int32, Text,
      UnsafeMutablePointer<Int64>, UnsafeMutablePointer<Double>?
    ) -> Int32

  let path: String
  private static let opened = Result { () throws(BoostingError) in try LightGBMLibrary() }

  /// The library, or why it cannot be used.
  static func shared() throws(BoostingError) -> LightGBMLibrary { try opened.get() }

  private init() throws(BoostingError) {
    let library = try SharedLibrary("LightGBM", file: "lib_lightgbm.so")
    path = library.path
    lastError = try library.function("LGBM_GetLastError")
    setLog = try library.function("LGBM_RegisterLogCallback")
    makeDataset = try library.function("LGBM_DatasetCreateFromMat")
    setField = try library.function("LGBM_DatasetSetField")
    freeDataset = try library.function("LGBM_DatasetFree")
    makeBooster = try library.function("LGBM_BoosterCreate")
    addValidation = try library.function("LGBM_BoosterAddValidData")
    freeBooster = try library.function("LGBM_BoosterFree")
    update = try library.function("LGBM_BoosterUpdateOneIter")
    evaluate = try library.function("LGBM_BoosterGetEval")
    save = try library.function("LGBM_BoosterSaveModelToString")
    load = try library.function("LGBM_BoosterLoadModelFromString")
    predict = try library.function("LGBM_BoosterPredictForMat")
    // It prints to standard output, which belongs to the verb's answer.
    try check(setLog { _ in })
  }

  func check(_ status: Int32) throws(BoostingError) {
    guard status != 0 else { return }
    throw .refused(
      library: "LightGBM", message: lastError().map { String(cString: $0) } ?? "error \(status)")
  }

  /// What a function makes and hands over.
  func made(
    _ make: (UnsafeMutablePointer<Handle?>) -> Int32
  ) throws(BoostingError) -> Handle {
    var handle: Handle?
    try check(make(&handle))
    guard let handle else {
      throw .refused(library: "LightGBM", message: "a call succeeded and made nothing")
    }
    return handle
  }
}
