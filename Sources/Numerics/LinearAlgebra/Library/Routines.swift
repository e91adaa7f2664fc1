/// The functions of BLAS and LAPACK for one scalar type.
///
/// The Fortran interface takes everything by address, so that one set of types serves both
/// precisions; the lengths of its one-letter arguments follow at the end. It counts by columns: a
/// row-major matrix is read as its transpose, which the callers make use of.
struct Routines: Sendable {
  typealias In = UnsafeRawPointer
  typealias Out = UnsafeMutableRawPointer

  /// transA, transB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc
  let gemm: @convention(c) (In, In, In, In, In, In, In, In, In, In, In, Out, In, Int, Int) -> Void
  /// trans, m, n, alpha, a, lda, x, incx, beta, y, incy
  let gemv: @convention(c) (In, In, In, In, In, In, In, In, In, Out, In, Int) -> Void
  /// uplo, trans, n, k, alpha, a, lda, beta, c, ldc
  let syrk: @convention(c) (In, In, In, In, In, In, In, In, Out, In, Int, Int) -> Void
  /// side, uplo, transa, diag, m, n, alpha, a, lda, b, ldb
  let trsm: @convention(c) (In, In, In, In, In, In, In, In, In, Out, In, Int, Int, Int, Int) -> Void
  /// uplo, n, a, lda, info
  let potrf: @convention(c) (In, In, Out, In, Out, Int) -> Void
  /// m, n, a, lda, ipiv, info
  let getrf: @convention(c) (In, In, Out, In, Out, Out) -> Void
  /// trans, n, nrhs, a, lda, ipiv, b, ldb, info
  let getrs: @convention(c) (In, In, In, In, In, In, Out, In, Out, Int) -> Void
  /// jobz, uplo, n, a, lda, w, work, lwork, iwork, liwork, info
  let syevd: @convention(c) (In, In, In, Out, In, Out, Out, In, Out, In, Out, Int, Int) -> Void
  /// jobz, m, n, a, lda, s, u, ldu, vt, ldvt, work, lwork, iwork, info
  let gesdd:
    @convention(c) (In, In, In, Out, In, Out, Out, In, Out, In, Out, In, Out, Out, Int) -> Void
  /// m, n, a, lda, tau, work, lwork, info
  let gelqf: @convention(c) (In, In, Out, In, Out, Out, In, Out) -> Void
  /// m, n, k, a, lda, tau, work, lwork, info
  let orglq: @convention(c) (In, In, In, Out, In, In, Out, In, Out) -> Void
  /// m, n, nrhs, a, lda, b, ldb, s, rcond, rank, work, lwork, iwork, info
  let gelsd:
    @convention(c) (
      In, In, In, Out, In, Out, In, Out, In, Out, Out, In, Out, Out
    ) -> Void

  /// - Parameter letter: `s` for Float, `d` for Double
  init(
    of library: borrowing LoadedLibrary, letter: String
  ) throws(LinearAlgebraLibraryError) {
    gemm = unsafeBitCast(try library.symbol(letter + "gemm_"), to: type(of: gemm))
    gemv = unsafeBitCast(try library.symbol(letter + "gemv_"), to: type(of: gemv))
    syrk = unsafeBitCast(try library.symbol(letter + "syrk_"), to: type(of: syrk))
    trsm = unsafeBitCast(try library.symbol(letter + "trsm_"), to: type(of: trsm))
    potrf = unsafeBitCast(try library.symbol(letter + "potrf_"), to: type(of: potrf))
    getrf = unsafeBitCast(try library.symbol(letter + "getrf_"), to: type(of: getrf))
    getrs = unsafeBitCast(try library.symbol(letter + "getrs_"), to: type(of: getrs))
    syevd = unsafeBitCast(try library.symbol(letter + "syevd_"), to: type(of: syevd))
    gesdd = unsafeBitCast(try library.symbol(letter + "gesdd_"), to: type(of: gesdd))
    gelqf = unsafeBitCast(try library.symbol(letter + "gelqf_"), to: type(of: gelqf))
    orglq = unsafeBitCast(try library.symbol(letter + "orglq_"), to: type(of: orglq))
    gelsd = unsafeBitCast(try library.symbol(letter + "gelsd_"), to: type(of: gelsd))
  }
}
