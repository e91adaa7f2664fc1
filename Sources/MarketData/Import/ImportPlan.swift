import Foundation
import Market
import Runtime

/// What an import was asked for, beyond the files.
public struct ImportOptions: Sendable {
  /// What a person declares; it goes before what files and folders say.
  public var declaration: BarDeclaration
  /// The frame's column name to the file's.
  public var columns: [String: String]
  /// How a text is written, where it is not detected rightly.
  public var text: TextOptions
  /// Whose bars are wanted; all where empty. For one file that does not say whose bars it has, the
  /// one symbol given is their name.
  public var symbols: [Symbol]
  /// The length of the bars that are wanted; `nil` for all.
  public var interval: BarInterval?

  public init(
    declaration: BarDeclaration = BarDeclaration(), columns: [String: String] = [:],
    text: TextOptions = TextOptions(), symbols: [Symbol] = [], interval: BarInterval? = nil
  ) {
    self.declaration = declaration
    self.columns = columns
    self.text = text
    self.symbols = symbols
    self.interval = interval
  }
}

/// The files that are to be imported, in order.
public struct ImportPlan: Sendable {
  /// One file, or one member of an archive of several.
  public struct Item: Sendable, Equatable {
    public let path: String
    public let member: String?

    public var place: String { member.map { "\(path):\($0)" } ?? path }
  }

  public let items: [Item]
  /// Files in folders whose names are not those of data: a README, a licence.
  public let passedOver: [String]

  /// Files as they are named; of folders, every file of data in them and in the folders below.
  public init(paths: [String]) throws(DataError) {
    var items: [Item] = []
    var passedOver: [String] = []
    for path in paths {
      var isFolder: ObjCBool = false
      // What is not there is refused when its turn comes, and does not stop the others.
      _ = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      guard isFolder.boolValue else {
        items += Self.items(of: path)
        continue
      }
      for file in try Self.files(below: path) {
        if FileEnding.isData(FilePath.name(file)) {
          items += Self.items(of: file)
        } else {
          passedOver.append(file)
        }
      }
    }
    self.items = items
    self.passedOver = passedOver
  }

  private static func files(below folder: String) throws(DataError) -> [String] {
    guard let names = FileManager.default.enumerator(atPath: folder) else {
      throw .unreadable(path: folder, reason: "it is not a folder that can be listed")
    }
    let base = folder.hasSuffix("/") ? String(folder.dropLast()) : folder
    return names.compactMap { $0 as? String }.sorted().compactMap { name in
      guard !name.split(separator: "/").contains(where: { $0.hasPrefix(".") }) else { return nil }
      var isFolder: ObjCBool = false
      let path = base + "/" + name
      _ = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      return isFolder.boolValue ? nil : path
    }
  }

  /// An archive of several files is as many items; one that cannot be listed is refused when its
  /// turn comes.
  private static func items(of path: String) -> [Item] {
    guard LeanPath(FilePath.absolute(path)) == nil,
      let members = try? FileText.members(of: path), members.count > 1
    else { return [Item(path: path, member: nil)] }
    let data = members.filter { FileEnding.isData(FilePath.name($0)) }
    return (data.isEmpty ? members : data).map { Item(path: path, member: $0) }
  }
}
