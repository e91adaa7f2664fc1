import Foundation
import Numerics
import Tensors

extension TensorRows {
  /// One token of a Mamba block whose earlier ones it remembers.
  static let mambaStep = Row(
    bench: "tensors", name: "mamba_step_us",
    figure: .time(unit: "µs", perSecond: 1e6 / Double(tokens)), target: .atMost(50), peer: nil,
    agreement: Agreement(measure: .absolute, tolerance: 0, text: "nothing"),
    limit: .bytes(
      "4 bytes read a weight and token", .read, perItem: 4), usesBLAS: false
  ) { _ in
    let width = 256
    let block = Mamba(width)
    let weightCount =
      width * 2 * block.channels + block.channels * (block.rank + 2 * block.states)
      + block.rank * block.channels + block.channels * (width + block.states + block.taps + 3)
    let input = Input(name: "mamba_tokens", format: .float32, shape: [tokens, width]) {
      stream, count in (0..<count).map { _ in stream.normal() }
    }
    return Work(
      size: "1x\(width)", items: Double(tokens * weightCount), inputs: [input]
    ) { files in
      let numbers: [Float] = try RawNumbers.read(files[0].path)
      let graph = Graph(try TensorModel.mamba.weights())
      let token = graph.input([1, 1, width])
      let next = try block.step(token, state: MambaState<Float>(block, batch: 1))
      let plan = try Plan(computing: [next])
      return Prepared(
        run: {
          for step in 0..<tokens {
            try plan.write(token) { span in
              for i in span.indices { span[i] = numbers[step * width + i] }
            }
            try plan.run()
          }
        }, output: { try plan.value(of: next).elements.map { Double($0) } })
    }
  }

  private static let tokens = 100

  /// A product of two matrices of BFloat16.
  static let halfProduct = Row(
    bench: "tensors", name: "gemm_bf16_1024",
    figure: .rate(unit: "GFLOP/s", perItem: 1e-9), target: .ratio(0.8),
    peer: PeerCase(name: "PyTorch (oneDNN)", group: "numerics", script: "torch_models.py"),
    agreement: Agreement(
      measure: .ofGreatest, tolerance: 8e-3,
      text: "every element against the greatest; the peer rounds its result to BFloat16"),
    limit: .operations(
      "2n³ operations / bf16 FMA peak", { Limits.Peak.halfMultiplyAdd(threads: $0) }
    ) { $0 },
    usesBLAS: false
  ) { size in
    let n = size == .full ? 1024 : 64
    func operand(_ name: String) -> Input {
      Input(name: name, format: .float32, shape: [n, n]) { stream, count in
        (0..<count).map { _ in stream.normal() }
      }
    }
    return Work(
      size: "\(n)x\(n), \(HalfProduct.kernels)", items: 2 * Double(n * n * n),
      inputs: [operand("half_left"), operand("half_right")]
    ) { files in
      let operands = try files.map { file in
        (try RawNumbers.read(file.path) as [Float]).map { BFloat16($0) }
      }
      let product = HalfProduct(rows: n, depth: n, columns: n)
      var result = [Float](repeating: 0, count: n * n)
      return Prepared(
        run: { product.multiply(operands[0], operands[1], into: &result) },
        output: { result.map { Double($0) } })
    }
  }
}
