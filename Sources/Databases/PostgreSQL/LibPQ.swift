internal import CPostgreSQL
import Glibc

/// The functions of libpq that are used, found when a PostgreSQL is first spoken to.
struct LibPQ: Sendable {
  typealias Connection = OpaquePointer
  typealias Answer = OpaquePointer
  typealias Text = UnsafePointer<CChar>

  let connect: @convention(c) (Text?) -> Connection?
  let finish: @convention(c) (Connection?) -> Void
  let status: @convention(c) (Connection?) -> ConnStatusType
  let transactionStatus: @convention(c) (Connection?) -> PGTransactionStatusType
  let errorMessage: @convention(c) (Connection?) -> UnsafeMutablePointer<CChar>?
  let setNoticeProcessor:
    @convention(c) (Connection?, PQnoticeProcessor?, UnsafeMutableRawPointer?)
      -> PQnoticeProcessor?
  let execute: @convention(c) (Connection?, Text?) -> Answer?
  let executeWithParameters:
    @convention(c) (
      Connection?, Text?, Int32, UnsafePointer<Oid>?, UnsafePointer<Text?>?,
      UnsafePointer<Int32>?, UnsafePointer<Int32>?, Int32
    ) -> Answer?
  let resultStatus: @convention(c) (Answer?) -> ExecStatusType
  let resultErrorField: @convention(c) (Answer?, Int32) -> UnsafeMutablePointer<CChar>?
  let clear: @convention(c) (Answer?) -> Void
  let rowCount: @convention(c) (Answer?) -> Int32
  let columnCount: @convention(c) (Answer?) -> Int32
  let columnType: @convention(c) (Answer?, Int32) -> Oid
  let value: @convention(c) (Answer?, Int32, Int32) -> UnsafeMutablePointer<CChar>?
  let isNull: @convention(c) (Answer?, Int32, Int32) -> Int32
  let putCopyData: @convention(c) (Connection?, Text?, Int32) -> Int32
  let putCopyEnd: @convention(c) (Connection?, Text?) -> Int32
  let getCopyData:
    @convention(c) (Connection?, UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?, Int32)
      -> Int32
  let getResult: @convention(c) (Connection?) -> Answer?
  let free: @convention(c) (UnsafeMutableRawPointer?) -> Void

  private static let opened = Result { () throws(DatabaseError) in try LibPQ() }

  /// The library, or why it cannot be used.
  static func shared() throws(DatabaseError) -> LibPQ { try opened.get() }

  private init() throws(DatabaseError) {
    guard let library = dlopen("libpq.so.5", RTLD_NOW | RTLD_LOCAL) else {
      throw DatabaseError(
        code: "libpq", message: "libpq is not installed (Debian: apt install libpq5)",
        statement: "connect")
    }
    func function<Function>(_ name: String, _: Function.Type = Function.self)
      throws(DatabaseError) -> Function
    {
      guard let address = dlsym(library, name) else {
        throw DatabaseError(
          code: "libpq", message: "libpq has no function \(name)", statement: "connect")
      }
      return unsafeBitCast(address, to: Function.self)
    }
    connect = try function("PQconnectdb")
    finish = try function("PQfinish")
    status = try function("PQstatus")
    transactionStatus = try function("PQtransactionStatus")
    errorMessage = try function("PQerrorMessage")
    setNoticeProcessor = try function("PQsetNoticeProcessor")
    execute = try function("PQexec")
    executeWithParameters = try function("PQexecParams")
    resultStatus = try function("PQresultStatus")
    resultErrorField = try function("PQresultErrorField")
    clear = try function("PQclear")
    rowCount = try function("PQntuples")
    columnCount = try function("PQnfields")
    columnType = try function("PQftype")
    value = try function("PQgetvalue")
    isNull = try function("PQgetisnull")
    putCopyData = try function("PQputCopyData")
    putCopyEnd = try function("PQputCopyEnd")
    getCopyData = try function("PQgetCopyData")
    getResult = try function("PQgetResult")
    free = try function("PQfreemem")
  }
}
