import Foundation
import Runtime

/// What folders of data are asked of the file system.
enum Files {
  /// The system's word about the last call.
  static func failure(_ path: String) -> FileError {
    [ENOSPC, EDQUOT, EFBIG].contains(errno)
      ? .diskFull(path: path) : .failed(path: path, reason: String(cString: strerror(errno)))
  }

  /// The names in a folder that are not hidden, in order; none where there is no such folder.
  static func names(in folder: String) throws(FileError) -> [String] {
    if access(folder, F_OK) != 0, errno == ENOENT { return [] }
    return try Folder.names(in: folder).filter { !$0.hasPrefix(".") }
  }
}

/// Lists folders for readers of data.
enum DataListing {
  /// The names in a folder, in order; none where there is no such folder. One that may not be listed
  /// is not an empty one.
  static func names(in folder: String) throws(DataError) -> [String] {
    do {
      return try Files.names(in: folder)
    } catch {
      throw .unreadable(path: folder, reason: error.diagnosis.finding)
    }
  }
}
