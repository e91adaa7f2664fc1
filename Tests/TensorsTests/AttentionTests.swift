import Foundation
import Numerics
import Testing

@testable import Tensors

@Suite("Norms, attention and the Transformer encoder")
struct AttentionTests {
  @Test("gradients of norms agree with central differences", arguments: [3, 16, 21])
  func norms(width: Int) throws {
    let check = try GradientCheck { (graph) throws(TensorError) in
      let x = graph.input([5, width], wantsGradient: true)
      let labels = graph.indices([5], below: width)
      let normed = try LayerNorm(width)("l", x)
      return try (RMSNorm(width)("r", normed + x)).crossEntropy(labels)
    }
    let error = try check.greatestError()
    #expect(error < 1e-6)
  }

  @Test(
    "gradients of attention agree with central differences, over several blocks too",
    arguments: [(5, 5, false), (5, 9, true), (70, 70, true), (67, 300, false)])
  func attention(queries: Int, keys: Int, isCausal: Bool) throws {
    let check = try GradientCheck { (graph) throws(TensorError) in
      let q = graph.input([1, queries, 12], wantsGradient: true)
      let k = graph.input([1, keys, 6], wantsGradient: true)
      let v = graph.input([1, keys, 6], wantsGradient: true)
      let mixed = try q.attention(
        to: k, values: v, heads: 4, keyHeads: 2, isCausal: isCausal, dropout: 0.2)
      return try mixed.crossEntropy(graph.indices([queries], below: 12))
    }
    let error = try check.greatestError(samples: 12)
    #expect(error < 1e-6)
  }

  /// Softmax and sums written out.
  @Test("fused attention agrees with plain loops, with masks", arguments: [(7, 3), (65, 300)])
  func plain(queries: Int, keys: Int) throws {
    let weights = try Parameters<Double>(seed: 1) { (graph) throws(TensorError) in
      _ = graph.input([1])
    }
    for isCausal in [false, true] where !isCausal || keys >= queries {
      let graph = Graph(weights)
      let (q, k, v) = (
        graph.input([2, queries, 8]), graph.input([2, keys, 8]), graph.input([2, keys, 8])
      )
      let mask = graph.input([2, keys])
      let output = try q.attention(
        to: k, values: v, heads: 2, isCausal: isCausal, keyMask: mask)
      let plan = try Plan(computing: [output])
      var stream = RandomStream(seed: 1, purpose: "attention")
      for node in [q, k, v] {
        try plan.write(node) { span in for i in span.indices { span[i] = stream.normal() } }
      }
      try plan.write(mask) { span in
        for i in span.indices { span[i] = i % 3 == 1 ? -.infinity : 0 }
      }
      try plan.run()
      let (a, b, c) = (
        try plan.value(of: q).elements, try plan.value(of: k).elements,
        try plan.value(of: v).elements
      )
      let (m, y) = (try plan.value(of: mask).elements, try plan.value(of: output).elements)
      for (batch, head) in [(0, 0), (1, 1)] {
        for i in 0..<queries {
          var scores = (0..<keys).map { j -> Double in
            let (query, key) = ((batch * queries + i) * 8, (batch * keys + j) * 8)
            let products = (0..<4).map { a[query + head * 4 + $0] * b[key + head * 4 + $0] }
            return products.reduce(0, +) / 2 + m[batch * keys + j]
          }
          if isCausal { for j in 0..<keys where j > i + keys - queries { scores[j] = -.infinity } }
          let powers = scores.map { exp($0) }
          let total = powers.reduce(0, +)
          for d in 0..<4 {
            let plain = (0..<keys).reduce(0.0) {
              $0 + powers[$1] * c[(batch * keys + $1) * 8 + head * 4 + d]
            }
            let ours = y[(batch * queries + i) * 8 + head * 4 + d]
            #expect((ours - plain / total).magnitude < 1e-12)
          }
        }
      }
    }
  }

  @Test("a query that sees no key gets zeros, and no NaN")
  func allMasked() throws {
    let weights = try Parameters<Float>(seed: 1) { (graph) throws(TensorError) in
      _ = graph.input([1])
    }
    let graph = Graph(weights)
    let x = graph.input([1, 4, 6])
    let mask = graph.input([1, 4])
    let output = try x.selfAttention(heads: 1, keyMask: mask)
    let plan = try Plan(computing: [output])
    try plan.write(x) { span in for i in span.indices { span[i] = Float(i) } }
    try plan.write(mask) { span in for i in span.indices { span[i] = -.infinity } }
    try plan.run()
    #expect(try plan.value(of: output).elements == [Float](repeating: 0, count: 8))
  }

  @Test("gradients of an encoder agree with central differences", arguments: [true, false])
  func encoder(isNormFirst: Bool) throws {
    let model = TransformerEncoder(
      TransformerEncoderLayer(
        8, heads: 2, feedForward: 12, activation: .gelu, dropout: 0.1, isNormFirst: isNormFirst),
      count: 2)
    let check = try GradientCheck { (graph) throws(TensorError) in
      let x = graph.input([2, 5, 8], wantsGradient: true)
      return try model("encoder", x).lastStep().crossEntropy(graph.indices([2], below: 8))
    }
    let error = try check.greatestError()
    #expect(error < 1e-6)
  }

  @Test("arithmetic stretches and sums back", arguments: ["+", "-", "*", "/"])
  func arithmetic(sign: String) throws {
    let check = try GradientCheck { (graph) throws(TensorError) in
      let a = graph.input([2, 3, 1, 5], wantsGradient: true)
      let b = try graph.input([3, 4, 1], wantsGradient: true).square() + 0.5
      let c =
        switch sign {
        case "+": try a + b
        case "-": try a - b
        case "*": try a * b
        default: try a / b
        }
      return try c.crossEntropy(graph.indices([24], below: 5))
    }
    let error = try check.greatestError()
    #expect(error < 1e-6)
  }

  @Test("shapes that do not fit are told with both shapes, the operation and the layer's path")
  func shapes() {
    #expect(
      throws: TensorError.shapes(
        .init(operation: "linear", path: "encoder.0"), first: [2, 5], second: [3, 4])
    ) {
      _ = try Parameters<Float>(seed: 1) { (graph) throws(TensorError) in
        _ = try graph.named("encoder") { () throws(TensorError) in
          try Linear(4, 3)("0", graph.input([2, 5]))
        }
      }
    }
  }
}
