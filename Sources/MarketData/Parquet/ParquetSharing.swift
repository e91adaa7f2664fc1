import Market

extension ParquetFile {
  /// Where Arrow put each column of numbers, and where the frame's column lies: for tests that
  /// nothing was copied in between.
  package func sharedAddresses() throws(DataError) -> [String: (arrow: UInt, column: UInt)] {
    let file = try ParquetHandle(path: path)
    let schema = try file.schema()
    let batch = try file.read(
      groups: Array(0..<file.rowGroupCount), leaves: Array(schema.fields.indices))
    var addresses: [String: (arrow: UInt, column: UInt)] = [:]
    for index in 0..<batch.columnCount {
      // A column that is not read as numbers has no second address, whatever the reason.
      guard let address = batch.sharedAddress(index),
        let values = try? batch.values(index), case .numbers(let column) = values
      else { continue }
      addresses[batch.field(index).name] = (
        address, column.withUnsafeValues { UInt(bitPattern: $0.baseAddress) }
      )
    }
    return addresses
  }
}
