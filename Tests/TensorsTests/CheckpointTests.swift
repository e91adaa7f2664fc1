import Foundation
import Numerics
import Runtime
import TestKit
import Testing

@testable import Tensors

@Suite("Checkpoints")
struct CheckpointTests {
  private let model = MLP([3, 17, 2], activation: .tanh)

  private func weights(_ seed: UInt64) throws -> Parameters<Float> {
    try Parameters(seed: seed) { (graph) throws(TensorError) in
      _ = try model("mlp", graph.input([1, 3])).dropout(0.1)
    }
  }

  private func trainer(
    _ weights: Parameters<Float>
  ) throws -> Trainer<Float, (Node<Float>, Indices)> {
    try Trainer(weights, optimizer: .adamW(), batch: 8, slice: 4, seed: 5) {
      (graph, rows) throws(TensorError) in
      let x = graph.input([rows, 3])
      let y = graph.indices([rows], below: 2)
      return (inputs: (x, y), loss: try model("mlp", x).dropout(0.1).crossEntropy(y))
    }
  }

  private func step(_ trainer: Trainer<Float, (Node<Float>, Indices)>, _ number: Int) throws {
    try trainer.step(rate: 0.01) { (plan, inputs, rows) throws(TensorError) in
      var stream = RandomStream(seed: 1, purpose: "batch").split(number).split(rows.lowerBound)
      try plan.write(inputs.0) { span in for i in span.indices { span[i] = Float(stream.normal()) }
      }
      try inputs.1.write(rows.map { $0 % 2 })
    }
  }

  @Test("a resumed run gives the same bytes as one that was never interrupted")
  func resume() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("state.safetensors")
    let (first, second) = (try weights(1), try weights(2))
    let whole = try trainer(first)
    for number in 0..<5 { try step(whole, number) }
    try whole.save(to: path)
    for number in 5..<9 { try step(whole, number) }
    let resumed = try trainer(second)
    try resumed.resume(from: Safetensors(path))
    for number in 5..<9 { try step(resumed, number) }
    for entry in first.entries {
      let (a, b) = (first[entry.name]?.elements ?? [], second[entry.name]?.elements ?? [1])
      #expect(a.map(\.bitPattern) == b.map(\.bitPattern))
    }
  }

  @Test("what is written is read back", arguments: [NumberFormat.float32, .bfloat16, .float16])
  func roundTrip(format: NumberFormat) throws {
    let folder = try TemporaryFolder()
    let path = folder.path("weights.safetensors")
    let (first, second) = (try weights(1), try weights(2))
    try first.save(to: path, as: format, metadata: [("note", "a \"quoted\" word")])
    let file = try Safetensors(path)
    #expect(file.metadata["note"] == "a \"quoted\" word")
    try second.load(file)
    let tolerance: Float = format == .float32 ? 0 : format == .bfloat16 ? 0x1p-8 : 0x1p-11
    for entry in first.entries {
      for (a, b) in zip(first[entry.name]?.elements ?? [], second[entry.name]?.elements ?? []) {
        #expect((a - b).magnitude <= tolerance * a.magnitude + (format == .float16 ? 0x1p-25 : 0))
      }
    }
  }

  @Test("every half is itself again, and what lies between goes to the nearest even one")
  func halves() {
    for bits in UInt16.min...UInt16.max {
      let value = halfToFloat(bits)
      if value.isNaN { continue }
      #expect(floatToHalf(value) == bits)
    }
    #expect(floatToHalf(65519.99) == 0x7BFF)
    #expect(floatToHalf(65520) == 0x7C00)
    #expect(floatToHalf(1 + 0x1p-11) == 0x3C00)
    #expect(floatToHalf(1 + 0x3p-11) == 0x3C02)
    #expect(BFloat16(1 + 0x1p-8).bits == 0x3F80)
    #expect(BFloat16(.infinity).float == .infinity)
    #expect(BFloat16(.nan).float.isNaN)
  }

  @Test("another model's file is refused with what differs")
  func mismatch() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("weights.safetensors")
    let other = try Parameters<Float>(seed: 1) { (graph) throws(TensorError) in
      _ = try MLP([3, 16, 2, 4])("mlp", graph.input([1, 3]))
    }
    try other.save(to: path)
    let file = try Safetensors(path)
    let error = CheckpointError.mismatch(
      path: path, missing: [], surplus: ["mlp.2.weight", "mlp.2.bias"],
      shapes: [
        "mlp.0.weight [16, 3], not [17, 3]", "mlp.0.bias [16], not [17]",
        "mlp.1.weight [2, 16], not [2, 17]",
      ])
    #expect(throws: error) { try weights(1).load(file) }
    #expect(error.diagnosis.finding.contains("not in the model: mlp.2.weight"))
  }

  private static let good =
    #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"BF16","shape":[],"data_offsets":[8,10]}}"#

  private static let hostile = [
    "", "[]", "{", "{}}", "\u{FEFF}{}", #"{"a":1}"#, #"{"a":{}}"#,
    #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,9]}}"#,
    #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}"#,
    #"{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}"#,
    #"{"a":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}}"#,
    #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[1,9]}}"#,
    #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[2],"data_offsets":[2,10]}}"#,
    #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#,
    #"{"a":{"dtype":"F4","shape":[2],"data_offsets":[0,8]}}"#,
    #"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}"#,
    #"{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,0]}}"#,
    #"{"a":{"dtype":"BF16","shape":[5],"data_offsets":[0,10]},"a":{"dtype":"BF16","shape":[0],"data_offsets":[10,10]}}"#,
    #"{"__metadata__":{"a":1}}"#, #"{"a":{"dtype":"BF16","shape":[[5]],"data_offsets":[0,10]}}"#,
    #"{"\ud800":{"dtype":"BF16","shape":[5],"data_offsets":[0,10]}}"#,
    String(repeating: #"{"a":"#, count: 10_000),
  ]

  private func write(_ header: [UInt8], length: Int? = nil, data: Int, to path: String) throws {
    var bytes = withUnsafeBytes(of: UInt64(length ?? header.count)) { Array($0) }
    bytes += header + [UInt8](repeating: 7, count: data)
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }

  @Test("hostile and damaged files are refused, whatever is wrong with them")
  func damage() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("file.safetensors")
    let good = Array(Self.good.utf8)
    try write(good, data: 10, to: path)
    #expect(try Safetensors(path).entries.map(\.name) == ["a", "b"])
    #expect(try Safetensors(path).tensor("b")?.count == 1)
    for header in Self.hostile {
      try write(Array(header.utf8), data: 10, to: path)
      #expect(throws: CheckpointError.self, "\(header.prefix(80))") { try Safetensors(path) }
    }
    for (length, data) in [(good.count + 11, 10), (1 << 60, 10), (good.count, 9), (good.count, 11)]
    {
      try write(good, length: length, data: data, to: path)
      #expect(throws: CheckpointError.self) { try Safetensors(path) }
    }
    for count in 0..<8 {
      try Data([UInt8](repeating: 0, count: count)).write(to: URL(fileURLWithPath: path))
      #expect(throws: CheckpointError.self) { try Safetensors(path) }
    }
    // Any one byte of the header changed: read or refused, never a crash.
    var stream = RandomStream(seed: 1, purpose: "damage")
    for _ in 0..<500 {
      var bytes = good
      bytes[stream.index(below: bytes.count)] = UInt8(truncatingIfNeeded: stream.nextWord())
      try write(bytes, data: 10, to: path)
      _ = try? Safetensors(path)
    }
  }
}
