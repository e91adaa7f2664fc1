/// What a file is, from its first bytes.
enum FileFormat {
  private static let signatures: [(bytes: [UInt8], found: String, remedy: String)] = [
    ([0x42, 0x5a, 0x68], "is compressed with bzip2", "unpack it first: bunzip2 FILE"),
    ([0xfd, 0x37, 0x7a, 0x58, 0x5a], "is compressed with xz", "unpack it first: unxz FILE"),
    ([0x37, 0x7a, 0xbc, 0xaf], "is a 7z archive", "unpack it first: 7z x FILE"),
    ([0x50, 0x41, 0x52, 0x31], "is a Parquet file", "name it with the ending .parquet"),
    ([0xff, 0xfe], "is text in UTF-16", "save it as UTF-8"),
    ([0xfe, 0xff], "is text in UTF-16", "save it as UTF-8"),
    ([0x7b], "is JSON", "convert it to CSV or Parquet"),
    ([0x3c], "is a web page or XML", "fetch the data itself, not the page that shows it"),
  ]

  /// Refuses what is no text with columns, saying what it is instead.
  static func refuseForeign(
    _ start: UnsafeBufferPointer<UInt8>, path: String
  ) throws(DataError) {
    for signature in signatures where start.starts(with: signature.bytes) {
      throw .wrongFormat(place: path, found: signature.found, remedy: signature.remedy)
    }
    let firstLine = start.prefix { $0 != 0x0a }
    if firstLine.contains(0) {
      throw .wrongFormat(
        place: "\(path):1", found: "holds a NUL byte, which no text has",
        remedy: "the file is damaged or not text; fetch it again")
    }
    if firstLine.dropLast().contains(0x0d) {
      throw .wrongFormat(
        place: path, found: "has lines that end in carriage returns only",
        remedy: "convert it: tr '\\r' '\\n' < FILE")
    }
  }
}
