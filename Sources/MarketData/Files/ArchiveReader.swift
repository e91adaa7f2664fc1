internal import CArchive
import Foundation
import Runtime

/// The only owner of one packed file that libarchive reads; it frees what it holds exactly once.
///
/// What is unpacked is never kept: a reader takes it in pieces as small as it likes.
final class ArchiveReader: ByteSource {
  /// A file that unpacks to more than this many times its size is meant to fill a machine.
  /// Prices repeat themselves, but no table of them ever shrank to a hundredth.
  static let ratioMax = 250
  /// Short files may repeat themselves as much as they like.
  static let bytesUnquestioned = 32 << 20
  static let membersMax = 10_000

  let path: String
  /// Not known before all of it is unpacked.
  var byteCount: Int? { nil }
  private let packing: Packing
  private let packedByteCount: Int
  private let archive: OpaquePointer
  private var place: String
  private var memberCount = 0
  private var unpacked = 0
  private var checksum = GzipChecksum()
  private var isAtEnd = false

  init(path: String, packing: Packing) throws(DataError) {
    self.path = path
    self.packing = packing
    place = path
    packedByteCount = try FileBytes(path: path).byteCount ?? 0
    guard let archive = archive_read_new() else {
      throw .unreadable(path: path, reason: "there is no memory to unpack it with")
    }
    self.archive = archive
    switch packing {
    case .gzip:
      archive_read_support_filter_gzip(archive)
      archive_read_support_format_raw(archive)
    case .zstd:
      archive_read_support_filter_zstd(archive)
      archive_read_support_format_raw(archive)
    // By its directory, which a file that was cut short has lost.
    case .zip: archive_read_support_format_zip_seekable(archive)
    }
    guard archive_read_open_filename(archive, path, 1 << 16) == ARCHIVE_OK else { throw failure() }
  }

  deinit { archive_read_free(archive) }

  /// Goes to the next file in the archive and says its name, or `nil` behind the last one.
  func nextMember() throws(DataError) -> String? {
    while true {
      var entry: OpaquePointer?
      let status = archive_read_next_header(archive, &entry)
      if status == ARCHIVE_EOF { return nil }
      guard status == ARCHIVE_OK, let entry else { throw failure() }
      memberCount += 1
      guard memberCount <= Self.membersMax else {
        throw .wrongFormat(
          place: path, found: "is an archive of more than \(Self.membersMax) files",
          remedy: "unpack it yourself where there is room for it")
      }
      guard packing == .zip else { return path }
      let name = archive_entry_pathname_utf8(entry).map { String(cString: $0) } ?? ""
      place = "\(path):\(Excerpt.bare(name, longest: 80))"
      try check(name, entry)
      if archive_entry_filetype(entry) == S_IFREG {
        unpacked = 0
        return name
      }
    }
  }

  private func check(_ name: String, _ entry: OpaquePointer) throws(DataError) {
    guard archive_entry_is_encrypted(entry) == 0 else {
      throw .wrongFormat(
        place: place, found: "is encrypted", remedy: "unpack it with its password first")
    }
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    guard !name.isEmpty, !name.hasPrefix("/"), !name.contains("\\"), !name.utf8.contains(0),
      !parts.contains("..")
    else {
      throw .wrongFormat(
        place: path,
        found: "has a member called \(Excerpt.quoted(name)), which leads out of the archive",
        remedy: "do not trust this file; get the data from its source again")
    }
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(DataError) -> Int {
    guard !isAtEnd else { return 0 }
    let count = archive_read_data(archive, buffer.baseAddress, buffer.count)
    guard count >= 0 else { throw failure() }
    let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
    if unpacked == 0, Packing.isNested(bytes) {
      throw .wrongFormat(
        place: place, found: "is packed more than once",
        remedy: "unpack it once: the data must lie in the first layer")
    }
    unpacked += count
    if unpacked > Self.bytesUnquestioned, unpacked / Self.ratioMax > packedByteCount {
      throw .wrongFormat(
        place: place,
        found: "unpacks to more than \(Self.ratioMax) times its \(packedByteCount) bytes",
        remedy: "unpack it yourself if it is meant to be so, and import what comes of it")
    }
    if packing == .gzip { try check(bytes) }
    isAtEnd = count == 0
    return count
  }

  /// libarchive leaves gzip's checksum unread.
  private func check(_ bytes: UnsafeRawBufferPointer) throws(DataError) {
    guard bytes.isEmpty else {
      checksum.update(bytes)
      return
    }
    guard try checksum.matches(trailerOf: path) else {
      throw .wrongFormat(
        place: path, found: "does not have the checksum that stands at its end",
        remedy: "it is damaged, or several gzip files in one: gunzip it, or fetch it again")
    }
  }

  private func failure() -> DataError {
    let words = archive_error_string(archive).map { String(cString: $0) } ?? "cannot be unpacked"
    let line = words.split(whereSeparator: \.isNewline).joined(separator: " ")
    return .wrongFormat(
      place: place, found: "cannot be unpacked: \(Excerpt.bare(line, longest: 160))",
      remedy: "it is cut short or damaged: fetch it again")
  }
}
