import Runtime

extension Safetensors {
  /// What is written under a name.
  struct Item {
    let name: String
    let format: NumberFormat
    let shape: TensorShape
    let bytes: [UInt8]
  }

  /// Writes a file, whole or not at all; tensors in the order given.
  static func write(
    _ items: [Item], metadata: [(String, String)] = [], to path: String
  ) throws(CheckpointError) {
    var header: [JSON.Member] = []
    if !metadata.isEmpty {
      header.append(
        JSON.Member("__metadata__", .object(metadata.map { JSON.Member($0.0, .string($0.1)) })))
    }
    var offset = 0
    for item in items {
      let end = offset + item.bytes.count
      header.append(
        JSON.Member(
          item.name,
          [
            "dtype": .string(item.format.rawValue),
            "shape": .array(item.shape.dimensions.map { JSON($0) }),
            "data_offsets": .array([JSON(offset), JSON(end)]),
          ]))
      offset = end
    }
    var text = Array(JSON.object(header).text().utf8)
    // Numbers begin on cache lines.
    while (8 + text.count) % 64 != 0 { text.append(UInt8(ascii: " ")) }
    var bytes = withUnsafeBytes(of: UInt64(text.count).littleEndian) { Array($0) }
    bytes.reserveCapacity(8 + text.count + offset)
    bytes += text
    for item in items { bytes += item.bytes }
    do throws(FileError) {
      try AtomicFile.write(bytes, to: path)
    } catch {
      throw .file(error)
    }
  }
}

extension Parameters where T == Float {
  /// Writes all parameters.
  ///
  /// - Parameter format: F32 keeps every bit; BF16 and F16 halve the file
  package func save(
    to path: String, as format: NumberFormat = .float32, metadata: [(String, String)] = []
  ) throws(CheckpointError) {
    try Safetensors.write(
      entries.map { item($0.name, $0.shape, start + $0.offset, format) }, metadata: metadata,
      to: path)
  }

  func item(
    _ name: String, _ shape: TensorShape, _ start: UnsafeMutablePointer<Float>,
    _ format: NumberFormat
  ) -> Safetensors.Item {
    let numbers = UnsafeBufferPointer(start: start, count: shape.count)
    switch format {
    case .bfloat16:
      return Safetensors.Item(
        name: name, format: format, shape: shape,
        bytes: numbers.map { BFloat16($0).bits }.withUnsafeBytes { Array($0) })
    case .float16:
      return Safetensors.Item(
        name: name, format: format, shape: shape,
        bytes: numbers.map { floatToHalf($0) }.withUnsafeBytes { Array($0) })
    default:
      return Safetensors.Item(
        name: name, format: .float32, shape: shape, bytes: Array(UnsafeRawBufferPointer(numbers)))
    }
  }

  /// Takes all parameters from a file that has the same names and shapes and no others.
  ///
  /// - Parameter ignoring: the beginning of names in the file that are not the model's
  package func load(
    _ file: Safetensors, ignoring prefix: String? = nil
  ) throws(CheckpointError) {
    let known = Set(entries.map(\.name))
    let missing = entries.map(\.name).filter { file[$0] == nil }
    let surplus = file.entries.map(\.name).filter { name in
      // PyTorch counts the batches of a running statistic, which nothing here depends on.
      !known.contains(name) && !(prefix.map { name.hasPrefix($0) } ?? false)
        && !name.hasSuffix(".num_batches_tracked")
    }
    let shapes = entries.compactMap { entry in
      file[entry.name].flatMap { stored in
        stored.shape == entry.shape ? nil : "\(entry.name) \(stored.shape), not \(entry.shape)"
      }
    }
    guard missing.isEmpty, surplus.isEmpty, shapes.isEmpty else {
      throw .mismatch(path: file.path, missing: missing, surplus: surplus, shapes: shapes)
    }
    for entry in entries {
      try file.tensor(entry.name)?.copy(to: start + entry.offset)
    }
    changed()
  }
}

extension Trainer where T == Float {
  private static var stateName: String { "optimizer." }

  /// Writes parameters and all that a later run needs to go on as if it had never stopped.
  package func save(to path: String, metadata: [(String, String)] = []) throws(CheckpointError) {
    var items: [Safetensors.Item] = []
    for entry in parameters.entries {
      items.append(
        parameters.item(entry.name, entry.shape, parameters.start + entry.offset, .float32))
    }
    for (name, start) in [("first", descent.first), ("second", descent.second)] {
      guard let start else { continue }
      items.append(
        parameters.item(Self.stateName + name, [parameters.count], start, .float32))
    }
    let counts = [
      ("optimizer.step", String(descent.stepCount)), ("optimizer.runs", String(runCount)),
    ]
    try Safetensors.write(items, metadata: metadata + counts, to: path)
  }

  /// Goes on from a file that `save` wrote.
  package func resume(from file: Safetensors) throws(CheckpointError) {
    func number(_ key: String) throws(CheckpointError) -> UInt64 {
      guard let number = file.metadata[key].flatMap(UInt64.init), number < 1 << 62 else {
        throw .malformed(path: file.path, finding: "\(key) is missing: this is no training state")
      }
      return number
    }
    let (step, runs) = (try number("optimizer.step"), try number("optimizer.runs"))
    var moments: [(Tensor<Float>, UnsafeMutablePointer<Float>)] = []
    for (name, start) in [("first", descent.first), ("second", descent.second)] {
      guard let start else { continue }
      guard let tensor = try file.tensor(Self.stateName + name), tensor.count == parameters.count
      else {
        throw .mismatch(
          path: file.path, missing: [Self.stateName + name], surplus: [], shapes: [])
      }
      moments.append((tensor, start))
    }
    try parameters.load(file, ignoring: Self.stateName)
    for (tensor, start) in moments { tensor.copy(to: start) }
    descent.stepCount = Int(step)
    runCount = runs
  }
}
