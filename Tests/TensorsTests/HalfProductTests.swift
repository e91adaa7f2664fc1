import Foundation
import Numerics
import Testing

@testable import Tensors

@Suite("Products of BFloat16")
struct HalfProductTests {
  @Test(
    "every shape gives the sums of the rounded numbers, with the instruction and without",
    arguments: [(1, 1, 1), (8, 2, 48), (9, 7, 50), (17, 64, 100), (130, 33, 16), (40, 301, 97)],
    [false, true])
  func products(shape: (Int, Int, Int), widens: Bool) {
    if !widens, HalfProduct.kernels != "AVX512-BF16" { return }
    let (rows, depth, columns) = shape
    let left = (0..<rows * depth).map { BFloat16(Float(sin(Double($0) * 0.61))) }
    let right = (0..<depth * columns).map { BFloat16(Float(cos(Double($0) * 0.43))) }
    let product = HalfProduct(rows: rows, depth: depth, columns: columns, widens: widens)
    for threads in [1, 3] {
      var found = [Float](repeating: .nan, count: rows * columns)
      product.multiply(left, right, into: &found, on: Pool(threads: threads))
      for i in 0..<rows {
        for j in 0..<columns {
          let exact = (0..<depth).reduce(0.0) {
            $0 + Double(left[i * depth + $1].float) * Double(right[$1 * columns + j].float)
          }
          let error = (Double(found[i * columns + j]) - exact).magnitude
          if !(error <= 2e-7 * Double(depth + 1)) {
            Issue.record("\(shape) at \(i), \(j): \(found[i * columns + j]), not \(exact)")
            return
          }
        }
      }
    }
  }
}
