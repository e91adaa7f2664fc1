import Foundation
import Glibc

/// Where a secret is kept: `env:NAME` or `file:PATH`. A configuration holds this, never the secret.
public enum SecretReference: Hashable, Sendable, CustomStringConvertible {
  case environment(String)
  /// A file that is the user's own and that nobody else may read: mode 0600.
  case file(String)

  private static let bytesMax = 64 * 1024

  public init?(_ text: String) {
    if text.hasPrefix("env:") {
      let name = String(text.dropFirst(4))
      guard Self.isVariableName(name) else { return nil }
      self = .environment(name)
    } else if text.hasPrefix("file:"), text.utf8.count > 5 {
      self = .file(String(text.dropFirst(5)))
    } else {
      return nil
    }
  }

  public var description: String {
    switch self {
    case .environment(let name): "env:\(name)"
    case .file(let path): "file:\(path)"
    }
  }

  /// The secret itself; a newline at its end does not belong to it.
  public func load(
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws(SecretError) -> Secret {
    switch self {
    case .environment(let name):
      guard let text = environment[name] else { throw .notSet(variable: name) }
      guard !text.isEmpty else { throw .empty(place: name) }
      return Secret(text)
    case .file(let path):
      return try Self.load(file: path.hasPrefix("~/") ? NSHomeDirectory() + path.dropFirst() : path)
    }
  }

  private static func load(file path: String) throws(SecretError) -> Secret {
    var bytes = try checkedBytes(path)
    while bytes.last == UInt8(ascii: "\n") || bytes.last == UInt8(ascii: "\r") {
      bytes.removeLast()
    }
    guard !bytes.isEmpty else { throw .empty(place: path) }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw .notText(path: path) }
    return Secret(text)
  }

  private static func checkedBytes(_ path: String) throws(SecretError) -> [UInt8] {
    let status: stat
    let bytes: [UInt8]
    do throws(FileError) {
      let file = try FileDescriptor(path: path, flags: O_RDONLY | O_NONBLOCK)
      // Asked of the open file, so that nobody can swap it between the question and the reading.
      status = try file.status()
      guard status.st_mode & S_IFMT == S_IFREG else { throw .notARegularFile(path: path) }
      bytes = try SmallFile.read(file, bytesMax: bytesMax)
    } catch {
      throw .unreadable(error)
    }
    guard status.st_uid == geteuid() else { throw .notYours(path: path) }
    let mode = status.st_mode & 0o7777
    guard mode & 0o177 == 0 else { throw .openToOthers(path: path, mode: mode) }
    return bytes
  }

  private static func isVariableName(_ name: String) -> Bool {
    let letters = name.utf8.allSatisfy { byte in
      (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x5F
        || (0x30...0x39).contains(byte)
    }
    return letters && !name.isEmpty && name.utf8.count <= 128
      && !(name.utf8.first.map { (0x30...0x39).contains($0) } ?? false)
  }
}
