import Numerics

/// One step of a computation: it knows its sizes when it is traced, and its numbers when it runs.
///
/// An operation and its gradient are written once and used by planned steps and by the tape alike.
/// Both read and write memory that somebody else has laid out and neither allocates.
protocol Operation<Scalar>: Sendable {
  associatedtype Scalar: VectorScalar
  /// As it is called in errors.
  static var name: String { get }
  /// What `backward` reads of the forward pass.
  var keeps: Kept { get }
  /// Numbers that `forward` leaves for `backward`.
  var savedCount: Int { get }
  /// Numbers to work in, which nobody reads afterwards.
  var scratchCount: Int { get }
  /// Numbers that `prepare` leaves for as long as the inputs it reads stay the same.
  var preparedCount: Int { get }
  /// The inputs `prepare` reads: weights, laid out for products once and not at every run.
  var preparedInputs: [Int] { get }
  /// Multiplications and additions of one forward pass, for the summary.
  var work: Int { get }
  func prepare(_ frame: Frame<Scalar>)
  func forward(_ frame: Frame<Scalar>)
  /// Writes, or adds to, the gradient of every input that has one.
  func backward(_ frame: Frame<Scalar>)
}

extension Operation {
  var keeps: Kept { .inputs }
  var savedCount: Int { 0 }
  var scratchCount: Int { 0 }
  var preparedCount: Int { 0 }
  var preparedInputs: [Int] { [] }
  var work: Int { 0 }
  func prepare(_ frame: Frame<Scalar>) {}
}

struct Kept: OptionSet, Sendable {
  let rawValue: Int
  static var inputs: Kept { Kept(rawValue: 1) }
  static var output: Kept { Kept(rawValue: 2) }
}

/// The memory an operation works on. Whoever holds one keeps the memory alive.
struct Frame<T: VectorScalar> {
  let inputs: UnsafeMutablePointer<UnsafeMutablePointer<T>>
  let output: UnsafeMutablePointer<T>
  /// The gradient of the output. It is complete, and nobody reads it after `backward`, which may
  /// work in it.
  let gradient: UnsafeMutablePointer<T>
  /// Nil for inputs that need no gradient.
  let gradients: UnsafeMutablePointer<UnsafeMutablePointer<T>?>
  /// Whether an input's gradient is added to what is there.
  let accumulates: UnsafeMutablePointer<Bool>
  let prepared: UnsafeMutablePointer<T>
  let saved: UnsafeMutablePointer<T>
  let scratch: UnsafeMutablePointer<T>

  @inline(__always)
  subscript(_ input: Int) -> UnsafePointer<T> { UnsafePointer(inputs[input]) }

  /// Where a product's result becomes the gradient of an input.
  @inline(__always)
  func target(_ input: Int, stride: Int) -> Product<T>.Target? {
    gradients[input].map {
      Product<T>.Target(start: $0, stride: stride, accumulates: accumulates[input])
    }
  }
}
