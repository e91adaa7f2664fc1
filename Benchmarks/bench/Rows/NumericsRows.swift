import Numerics

/// Vector kernels, matrix products, random numbers and statistics.
enum NumericsRows {
  static let all: [Row] =
    [
      elementwise("exp_f32", .exp, spread: 3, tolerance: 4e-7),
      elementwise("tanh_f32", .tanh, spread: 2, tolerance: 6e-7),
      softmaxRows,
      product(256),
      product(1024),
      normals,
      quantiles,
      correlation,
    ]

  private static func torch(_ name: String) -> PeerCase {
    PeerCase(name: name, group: "numerics", script: "torch_kernels.py")
  }

  static let numpy = PeerCase(
    name: "NumPy", group: "numerics", script: "numpy_statistics.py")

  private static let elements = Figure.rate(unit: "Gelem/s", perItem: 1e-9)

  /// Single-precision numbers in, as many out.
  private static func elementwise(
    _ name: String, _ function: ElementwiseFunction, spread: Double, tolerance: Double
  ) -> Row {
    Row(
      bench: "numerics", name: name, figure: elements, target: .ratio(2), peer: torch("PyTorch"),
      agreement: Agreement(
        measure: .relative(floor: 1e-30), tolerance: tolerance, text: "every element"),
      limit: .bytes("4 bytes read and 4 written an element", .copy, perItem: 8),
      usesBLAS: false
    ) { size in
      let count = size == .full ? 262_144 : 1024
      let input = Input(name: name, format: .float32, shape: [count]) { stream, count in
        (0..<count).map { _ in spread * stream.normal() }
      }
      return Work(size: "\(count)", items: Double(count), inputs: [input]) { files in
        try oneToOne(files) { source, target in
          try Vector.apply(function, source, into: &target, on: .shared)
        }
      }
    }
  }

  private static let softmaxRows = Row(
    bench: "numerics", name: "softmax_rows", figure: elements, target: .ratio(2),
    peer: torch("PyTorch"),
    agreement: Agreement(
      measure: .relative(floor: 1e-30), tolerance: 3e-6, text: "every element"),
    limit: .bytes("4 bytes read and 4 written an element", .copy, perItem: 8),
    usesBLAS: false
  ) { size in
    let (rows, columns) = size == .full ? (4096, 512) : (8, 512)
    let input = Input(name: "softmax_rows", format: .float32, shape: [rows, columns]) {
      stream, count in (0..<count).map { _ in 2 * stream.normal() }
    }
    return Work(
      size: "\(rows)x\(columns)", items: Double(rows * columns), inputs: [input]
    ) { files in
      try oneToOne(files) { source, target in
        try Vector.softmaxRows(source, rowLength: columns, into: &target, on: .shared)
      }
    }
  }

  /// A kernel from one array into another of the same shape.
  private static func oneToOne(
    _ files: [InputFile],
    _ kernel: @escaping (Span<Float>, inout MutableSpan<Float>) throws -> Void
  ) throws -> Prepared {
    let input = try files[0].matrix(of: Float.self)
    var output = Matrix<Float>(rows: input.rows, columns: input.columns)
    let count = input.rows * input.columns
    return Prepared(
      run: {
        try input.withView { source in
          try output.withMutableView { target in
            var span = UnsafeMutableBufferPointer(start: target.start, count: count).mutableSpan
            try kernel(UnsafeBufferPointer(start: source.start, count: count).span, &span)
          }
        }
      },
      output: { output.elements.map { Double($0) } })
  }

  /// The product of two square matrices.
  private static func product(_ fullSize: Int) -> Row {
    Row(
      bench: "numerics", name: "sgemm_\(fullSize)",
      figure: .rate(unit: "GFLOP/s", perItem: 1e-9), target: .ratio(1.3),
      peer: torch("PyTorch (MKL)"),
      agreement: Agreement(
        measure: .ofGreatest, tolerance: 1e-5, text: "every element, against the greatest"),
      limit: .operations("2n³ operations / f32 FMA peak", Limits.Peak.multiplyAdd32) { $0 },
      usesBLAS: true
    ) { size in
      let n = size == .full ? fullSize : 32
      let inputs = ["left", "right"].map { side in
        Input(name: "sgemm_\(side)", format: .float32, shape: [n, n]) { stream, count in
          (0..<count).map { _ in 2 * stream.uniform() - 1 }
        }
      }
      return Work(size: "\(n)x\(n)", items: 2 * Double(n * n * n), inputs: inputs) { files in
        let left = try files[0].matrix(of: Float.self)
        let right = try files[1].matrix(of: Float.self)
        var result = Matrix<Float>(rows: n, columns: n)
        return Prepared(
          run: {
            try left.withView { left in
              try right.withView { right in
                try result.withMutableView { result in
                  try LinearAlgebra.multiply(left, right, into: result)
                }
              }
            }
          },
          output: { result.elements.map { Double($0) } })
      }
    }
  }

  private static let normals = Row(
    bench: "numerics", name: "normal_f32", figure: .rate(unit: "M/s", perItem: 1e-6),
    target: .ratio(4), peer: numpy,
    agreement: Agreement(
      measure: .absolute, tolerance: 1.5e-3,
      text: "mean, standard deviation and the shares within 1, 2 and 3 of them"),
    limit: .bytes("4 bytes written a number", .read, perItem: 4), usesBLAS: false
  ) { size in
    let count = size == .full ? 10_000_000 : 10_000
    // Peers read how many to make: there is nothing else to share.
    let input = Input(name: "normal_count-\(count)", format: .float64, shape: [1]) { _, _ in
      [Double(count)]
    }
    return Work(size: "\(count)", items: Double(count), inputs: [input]) { _ in
      var stream = RandomStream(seed: 1, purpose: "bench normals")
      var numbers = Matrix<Float>(rows: 1, columns: count)
      return Prepared(
        run: {
          numbers.withMutableView {
            stream.fillNormal(UnsafeMutableBufferPointer(start: $0.start, count: count))
          }
        },
        output: { moments(of: numbers.elements) })
    }
  }

  private static func moments(of numbers: [Float]) -> [Double] {
    let count = Double(numbers.count)
    let mean = numbers.reduce(0.0) { $0 + Double($1) } / count
    let squares = numbers.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
    let shares = [1, 2, 3].map { (limit: Float) in
      Double(numbers.count { $0.magnitude < limit }) / count
    }
    return [mean, (squares / count).squareRoot()] + shares
  }
}
