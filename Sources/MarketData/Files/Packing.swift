/// How a file is packed, by its first bytes and never by its name.
enum Packing {
  case gzip
  case zstd
  case zip

  private static let signatures: [(packing: Packing, bytes: [UInt8])] = [
    (.gzip, [0x1f, 0x8b]), (.zstd, [0x28, 0xb5, 0x2f, 0xfd]), (.zip, [0x50, 0x4b, 0x03, 0x04]),
    // An archive without members has nothing but its directory.
    (.zip, [0x50, 0x4b, 0x05, 0x06]),
  ]
  /// What else is packed and is not unpacked here.
  private static let others: [[UInt8]] = [
    [0x42, 0x5a, 0x68], [0xfd, 0x37, 0x7a, 0x58, 0x5a], [0x37, 0x7a, 0xbc, 0xaf],
    [0x52, 0x61, 0x72],
  ]
  static let signatureLength = 6

  init?(signature: some Collection<UInt8>) {
    guard let found = Self.signatures.first(where: { signature.starts(with: $0.bytes) }) else {
      return nil
    }
    self = found.packing
  }

  /// How the file is packed, or `nil` where it is not.
  init?(path: String) throws(DataError) {
    let file = try FileBytes(path: path)
    self.init(signature: try file.start(Self.signatureLength))
  }

  /// Whether bytes that were unpacked already are packed once more.
  static func isNested(_ bytes: UnsafeRawBufferPointer) -> Bool {
    if Packing(signature: bytes) != nil { return true }
    if others.contains(where: { bytes.starts(with: $0) }) { return true }
    return bytes.count > 262 && bytes[257..<262].elementsEqual("ustar".utf8)
  }
}

extension ByteSource {
  /// The first bytes, at most `count` of them; they are gone from the source.
  func start(_ count: Int) throws(DataError) -> [UInt8] {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 1)
    defer { buffer.deallocate() }
    var filled = 0
    while filled < count {
      let read = try read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
      if read == 0 { break }
      filled += read
    }
    return Array(buffer[..<filled])
  }
}

/// The text of a file, wherever it lies: plain, in gzip or zstd, or as a member of a zip archive.
enum FileText {
  /// The bytes of a file that holds one text; of several, the one called `member`.
  static func open(_ path: String, member: String? = nil) throws(DataError) -> any ByteSource {
    guard let packing = try Packing(path: path) else { return try FileBytes(path: path) }
    let archive = try ArchiveReader(path: path, packing: packing)
    guard packing == .zip else {
      _ = try archive.nextMember()
      return archive
    }
    if let member {
      while let name = try archive.nextMember() {
        if name == member { return archive }
      }
      throw .wrongFormat(
        place: path, found: "has no member called \(member)", remedy: "list it: unzip -l FILE")
    }
    let names = try members(of: path)
    guard names.count == 1 else {
      throw .wrongFormat(
        place: path,
        found: names.isEmpty
          ? "is an archive without a file in it"
          : "is an archive of \(names.count) files: \(names.prefix(4).joined(separator: ", "))",
        remedy: "unpack the one that is meant, or import them all: martinet data import FILE")
    }
    return try open(path, member: names[0])
  }

  /// The names of the files in a zip archive; empty for a file of another kind.
  static func members(of path: String) throws(DataError) -> [String] {
    guard try Packing(path: path) == .zip else { return [] }
    let archive = try ArchiveReader(path: path, packing: .zip)
    var names: [String] = []
    while let name = try archive.nextMember() { names.append(name) }
    return names
  }
}
