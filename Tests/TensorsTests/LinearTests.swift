import Numerics
import Testing

@testable import Tensors

@Suite("Linear layers and the planned step")
struct LinearTests {
  @Test("gradients agree with central differences", arguments: Activation.allCases)
  func gradients(activation: Activation) throws {
    let check = try GradientCheck { (graph) throws(TensorError) in
      let x = graph.input([5, 7], wantsGradient: true)
      let labels = graph.indices([5], below: 3)
      try labels.write([0, 2, 1, 1, 2])
      let hidden = try Linear(7, 19, activation: activation)("a", x)
      return try Linear(19, 3)("b", hidden).crossEntropy(labels, smoothing: 0.1)
    }
    let error = try check.greatestError()
    #expect(error < 1e-7)
  }

  @Test("products agree with plain loops at every edge of a tile", arguments: [1, 2, 5, 6, 13, 64])
  func products(rows: Int) {
    var stream = RandomStream(seed: 1, purpose: "product")
    for (depth, columns) in [(1, 1), (3, 9), (17, 16), (31, 64), (300, 70), (64, 130), (5, 48)] {
      let a = (0..<rows * depth).map { _ in stream.normal() }
      let b = (0..<depth * columns).map { _ in stream.normal() }
      var c = [Double](repeating: .nan, count: rows * columns)
      var work = [Double](
        repeating: 0, count: Product<Double>.workspace(depth: depth, columns: columns))
      for isTransposed in [false, true] {
        // The same right operand, by rows and by columns.
        let right = isTransposed ? (0..<b.count).map { b[$0 % depth * columns + $0 / depth] } : b
        a.withUnsafeBufferPointer { a in
          right.withUnsafeBufferPointer { right in
            c.withUnsafeMutableBufferPointer { c in
              work.withUnsafeMutableBufferPointer { work in
                guard let a = a.baseAddress, let right = right.baseAddress,
                  let c = c.baseAddress, let work = work.baseAddress
                else { return }
                Product.multiply(
                  Strided(a, row: depth),
                  isTransposed
                    ? Strided(right, row: depth).transposed : Strided(right, row: columns),
                  rows: rows, depth: depth, columns: columns,
                  into: .init(start: c, stride: columns), workspace: work)
              }
            }
          }
        }
        for i in 0..<rows {
          for j in 0..<columns {
            let plain = (0..<depth).reduce(0.0) { $0 + a[i * depth + $1] * b[$1 * columns + j] }
            #expect((c[i * columns + j] - plain).magnitude < 1e-12 * Double(depth + 1))
          }
        }
      }
    }
  }
}
