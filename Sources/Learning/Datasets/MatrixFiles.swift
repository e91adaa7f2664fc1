import Features
import Foundation
import Glibc
import Runtime

/// Matrices in files that processes map and share: an experiment's models read the same memory, and
/// what is not looked at may leave it.
///
/// A file appears whole or not at all and is never changed; its SHA-256 stands in front of its numbers
/// and is checked when a process maps it. Nothing here throws: a disk that fails costs time and
/// nothing else.
package struct MatrixFiles: Sendable {
  private let files: CacheFolder

  package init(_ files: CacheFolder) { self.files = files }

  package static let ending = ".rows"
  package static let ofUser = CacheFolder.ofUser("windows", ending: ending).map { MatrixFiles($0) }

  /// What a matrix is made of: the columns of a file, in an order of rows that follows from it.
  ///
  /// - Parameter file: its hash
  package static func key(of file: String, names: [String]) -> SHA256Digest {
    var hash = SHA256()
    for part in ["rows 1", file] + names {
      // Lengths first, so that no two lists of parts run together into the same bytes.
      hash.update("\(part.utf8.count):\(part)")
    }
    return hash.finish()
  }

  /// The matrix from its file; made and written where there is none, or one that is damaged.
  package func matrix(
    _ key: SHA256Digest, names: [String], rows: Int,
    _ fill: (UnsafeMutableBufferPointer<Float>) -> Void
  ) -> FeatureMatrix {
    let path = files.path(key)
    if let found = map(path, names, rows) { return found }
    let made = FeatureMatrix(names: names, rows: rows, fill)
    guard write(made, to: path) else { return made }
    files.makeRoom()
    return map(path, names, rows) ?? made
  }

  /// A page, so that the numbers begin where pages do.
  private static let headBytes = 4096

  private func map(_ path: String, _ names: [String], _ rows: Int) -> FeatureMatrix? {
    let count = rows * names.count * MemoryLayout<Float>.stride
    let whole = Self.headBytes + count
    guard count > 0, access(path, R_OK) == 0 else { return nil }
    do {
      let file = try FileDescriptor(path: path, flags: O_RDONLY)
      guard try file.status().st_size == whole else { return nil }
      let start = try file.map(count: whole)
      let matrix = FeatureMatrix(
        names: names, rows: rows,
        at: UnsafePointer((start + Self.headBytes).assumingMemoryBound(to: Float.self)),
        release: Self.unmapping(start, whole))
      guard Self.head(of: matrix) == Array(UnsafeRawBufferPointer(start: start, count: 64)) else {
        unlink(path)
        return nil
      }
      files.touch(path)
      return matrix
    } catch {
      return nil
    }
  }

  /// 64 letters.
  private static func head(of matrix: FeatureMatrix) -> [UInt8] {
    var hash = SHA256()
    hash.update(matrix.bytes)
    return Array(hash.finish().description.utf8)
  }

  private static func unmapping(
    _ start: UnsafeMutableRawPointer, _ count: Int
  ) -> @Sendable () -> Void {
    // Only this closure unmaps it, once nobody has the matrix any more.
    nonisolated(unsafe) let mapped = start
    return { munmap(mapped, count) }
  }

  private func write(_ matrix: FeatureMatrix, to path: String) -> Bool {
    var head = Self.head(of: matrix)
    head += [UInt8](repeating: 0, count: Self.headBytes - head.count)
    do {
      try Folder.make(Folder.parent(of: path))
      try AtomicFile.replace(path) { fresh throws(FileError) in
        let file = try FileDescriptor(path: fresh, flags: O_WRONLY | O_CREAT | O_EXCL, mode: 0o644)
        try file.write(head)
        try file.write(matrix.bytes, at: head.count)
      } failure: {
        $0
      }
      return true
    } catch {
      return false
    }
  }
}
