import CAllocations
import Foundation
import Numerics
import TestKit
import Testing

@Suite("Products") struct ProductTests {
  @Test("every transpose, stride, alpha and beta agrees with the definition", arguments: 0..<60)
  func agreesWithDefinition(seed: Int) throws {
    try checkProduct(Float.self, seed: seed)
    try checkProduct(Double.self, seed: seed)
  }

  @Test(
    "products large enough to be cut agree with the definition",
    arguments: [(257, 130, 190), (40, 700, 333), (513, 65, 64), (16, 16, 4_000)])
  func cutProducts(rows: Int, columns: Int, depth: Int) throws {
    for threads in [1, 2, 3, 4] {
      var random = SeededGenerator(seed: UInt64(rows))
      let pool = Pool(threads: threads)
      try checkProduct(
        Float.self, Shape(rows: rows, columns: columns), depth: depth, pool, &random)
    }
  }

  @Test("a result is written whole although it held NaN before, where beta is 0")
  func overwritesNaN() throws {
    for n in [3, 40, 200] {
      let a = Matrix<Float>(rows: n, columns: n, repeating: 1)
      var c = Matrix<Float>(rows: n, columns: n, repeating: .nan)
      try a.withView { a in try c.withMutableView { try LinearAlgebra.multiply(a, a, into: $0) } }
      #expect(c.elements.allSatisfy { $0 == Float(n) })
      var y = [Float](repeating: .nan, count: n)
      let x = [Float](repeating: 1, count: n)
      try a.withView { a in
        var output = y.mutableSpan
        try LinearAlgebra.multiply(a, vector: x.span, into: &output)
      }
      #expect(y.allSatisfy { $0 == Float(n) })
    }
  }

  @Test("matrix times vector agrees with the definition", arguments: [1, 2, 3])
  func vectorProducts(threads: Int) throws {
    let pool = Pool(threads: threads)
    var random = SeededGenerator(seed: 5)
    for (rows, columns) in [(1, 1), (5, 3), (3, 17), (900, 700), (33, 5_000)] {
      let a = Matrix<Double>.random(rows, columns, padded: true, &random)
      for isTransposed in [false, true] {
        let matrix = isTransposed ? a.transposed : a
        let x = Matrix<Double>.random(matrix.columns, 1, &random)
        var y = [Double](repeating: 1, count: matrix.rows)
        try a.withView { view in
          var output = y.mutableSpan
          try LinearAlgebra.multiply(
            view, transposing: isTransposed, vector: x.elements.span, alpha: 2, beta: 3,
            into: &output, on: pool)
        }
        let (value, magnitude) = matrix.naiveProduct(x)
        for i in y.indices {
          let error = (y[i] - (2 * value[i, 0] + 3)).magnitude
          #expect(error <= 2.3e-16 * Double(columns + rows) * (2 * magnitude[i, 0] + 3))
        }
      }
    }
  }

  @Test("a matrix times its own transpose is symmetric and agrees", arguments: [1, 2, 3, 5])
  func multipliesBySelf(threads: Int) throws {
    let pool = Pool(threads: threads)
    var random = SeededGenerator(seed: 6)
    for (rows, columns) in [(1, 4), (7, 3), (100, 260), (333, 252)] {
      let a = Matrix<Double>.random(rows, columns, &random)
      for isTransposed in [false, true] {
        let left = isTransposed ? a.transposed : a
        var c = Matrix<Double>(rows: left.rows, columns: left.rows, repeating: 1, padded: true)
        try a.withView { a in
          try c.withMutableView {
            try LinearAlgebra.multiplyBySelf(
              a, transposingLeft: isTransposed, alpha: 0.5, beta: 2, into: $0, on: pool)
          }
        }
        let (value, magnitude) = left.naiveProduct(left.transposed)
        var isRight = true
        for i in 0..<c.rows {
          for j in 0..<c.rows {
            let error = (c[i, j] - (0.5 * value[i, j] + 2)).magnitude
            isRight =
              isRight && c[i, j] == c[j, i]
              && error <= 2.3e-16 * Double(left.columns + 4) * (magnitude[i, j] + 2)
          }
        }
        #expect(isRight)
      }
    }
  }

  @Test("a batch gives what its products give one by one", arguments: [1, 2, 3])
  func batches(threads: Int) throws {
    let pool = Pool(threads: threads)
    var random = SeededGenerator(seed: 7)
    let count = 37
    let a = Matrix<Float>.random(count * 12, 20, &random)
    let b = Matrix<Float>.random(15, 20, &random)
    var c = Matrix<Float>(rows: count * 12, columns: 15)
    try a.withView { a in
      try b.withView { b in
        try c.withMutableView { c in
          try LinearAlgebra.multiplyBatch(
            a.block(rows: 0..<12, columns: 0..<20), step: 12 * 20, b, step: 0,
            transposingRight: true, into: c.block(rows: 0..<12, columns: 0..<15), step: 12 * 15,
            count: count, on: pool)
        }
      }
    }
    let expected = try LinearAlgebra.product(a, b, transposingRight: true)
    #expect(c.distance(to: expected) <= 1e-6 * expected.norm)
  }

  @Test("the same bytes every time on the same number of threads", arguments: [1, 2, 4])
  func isDeterministic(threads: Int) throws {
    let pool = Pool(threads: threads)
    var random = SeededGenerator(seed: 8)
    let a = Matrix<Float>.random(300, 311, &random)
    let b = Matrix<Float>.random(311, 290, &random)
    let first = try LinearAlgebra.product(a, b, on: pool)
    for _ in 0..<20 { #expect(try LinearAlgebra.product(a, b, on: pool) == first) }
    // Inside another job the pool runs parts one after the other; that changes no byte either.
    var nested = [Matrix<Float>?](repeating: nil, count: 2)
    nested.withUnsafeMutableBufferPointer { slots in
      Pool.shared.forEachChunk(of: 2) { range in
        for i in range {
          do { slots[i] = try LinearAlgebra.product(a, b, on: pool) } catch { slots[i] = nil }
        }
      }
    }
    #expect(nested == [first, first])
  }

  @Test("products start no threads of their own")
  func startsNoThreads() throws {
    func otherThreads() throws -> Int {
      try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count
    }
    let a = Matrix<Double>(rows: 400, columns: 400, repeating: 1)
    _ = try LinearAlgebra.product(a, a)
    _ = try Cholesky(Matrix<Double>.identity(500))
    let before = try otherThreads()
    for _ in 0..<10 { _ = try LinearAlgebra.product(a, a) }
    // Other tests run meanwhile with pools of their own; OpenBLAS's crew would be named like us.
    #expect(try otherThreads() <= before + 16)
    let names = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").filter {
      FileManager.default.contents(atPath: "/proc/self/task/\($0)/comm")
        .map { String(decoding: $0, as: UTF8.self).contains("blas") } ?? false
    }
    #expect(names.isEmpty)
  }

  @Test(
    "products allocate nothing once the library is open",
    .enabled(if: martinet_counts_allocations() == 1, "a sanitizer owns malloc"),
    arguments: [8, 64, 300])
  func allocatesNothing(size: Int) throws {
    try checkAllocations(Float.self, size)
    try checkAllocations(Double.self, size)
  }

  private func checkAllocations<Scalar: BLASScalar>(_: Scalar.Type, _ size: Int) throws {
    let a = Matrix<Scalar>(rows: size, columns: size, repeating: 1)
    var c = Matrix<Scalar>(rows: size, columns: size)
    let x = [Scalar](repeating: 1, count: size)
    var y = x
    let pool = Pool(threads: 2)
    try a.withView { a in
      try c.withMutableView { c in
        try x.withUnsafeBufferPointer { x in
          try y.withUnsafeMutableBufferPointer { y in
            try expectNoAllocations("multiply") {
              try LinearAlgebra.multiply(a, a, transposingRight: true, into: c, on: pool)
            }
            try expectNoAllocations("by self") {
              try LinearAlgebra.multiplyBySelf(a, into: c, on: pool)
            }
            try expectNoAllocations("vector") {
              try LinearAlgebra.multiply(a, vector: x, into: y, on: pool)
            }
            try expectNoAllocations("batch") {
              try LinearAlgebra.multiplyBatch(
                a, step: 0, a, step: 0, into: c, step: size * size, count: 1, on: pool)
            }
          }
        }
      }
    }
  }

  private func expectNoAllocations(_ what: Comment, _ body: () throws -> Void) throws {
    try body()
    let before = martinet_thread_allocations()
    for _ in 0..<50 { try body() }
    #expect(martinet_thread_allocations() - before == 0, what)
  }

  private func checkProduct<Scalar: BLASScalar>(_: Scalar.Type, seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    let shape = Shape(
      rows: Int.random(in: 1...70, using: &random), columns: Int.random(in: 1...70, using: &random))
    let depth = Int.random(in: 1...90, using: &random)
    try checkProduct(Scalar.self, shape, depth: depth, .shared, &random)
  }

  private func checkProduct<Scalar: BLASScalar>(
    _: Scalar.Type, _ shape: Shape, depth: Int, _ pool: Pool, _ random: inout SeededGenerator
  ) throws {
    let isPadded = Bool.random(using: &random)
    let a = Matrix<Scalar>.random(shape.rows, depth, padded: isPadded, &random)
    let b = Matrix<Scalar>.random(depth, shape.columns, padded: !isPadded, &random)
    let start = Matrix<Scalar>.random(shape.rows, shape.columns, padded: isPadded, &random)
    let (value, magnitude) = a.naiveProduct(b)
    for (alpha, beta) in [(1, 0), (-0.5, 1), (2, -3)] as [(Double, Double)] {
      for isLeftTransposed in [false, true] {
        for isRightTransposed in [false, true] {
          let left = isLeftTransposed ? a.transposed : a
          let right = isRightTransposed ? b.transposed : b
          var c = start
          try left.withView { left in
            try right.withView { right in
              try c.withMutableView {
                try LinearAlgebra.multiply(
                  left, right, transposingLeft: isLeftTransposed,
                  transposingRight: isRightTransposed, alpha: Scalar(alpha), beta: Scalar(beta),
                  into: $0, on: pool)
              }
            }
          }
          var worst = 0.0
          for i in 0..<shape.rows {
            for j in 0..<shape.columns {
              let exact = alpha * value[i, j] + beta * Double(start[i, j])
              let scale = alpha.magnitude * magnitude[i, j] + beta.magnitude + 1e-30
              worst = max(worst, (Double(c[i, j]) - exact).magnitude / scale)
            }
          }
          #expect(worst <= Double(depth + 4) * Double(Scalar.ulpOfOne))
        }
      }
    }
  }
}
