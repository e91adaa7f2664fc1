import Foundation
import TestKit
import Testing

/// Package.swift has the table of rooms; these tests hold the code to it.
@Suite("The rooms")
struct RoomTests {
  struct Room {
    let name: String
    let uses: [String]
  }

  /// The lines `"Market": ["Runtime", "Numerics"],` of the manifest's table, in its order.
  private static let rooms: [Room] = {
    let manifest = SourceTree.all.first { $0.path == "Package.swift" }?.lines ?? []
    let table = manifest.drop { !$0.hasPrefix("let rooms") }.dropFirst().prefix { $0 != "]" }
    // An entry may be broken over several lines.
    return table.joined(separator: " ").components(separatedBy: "]").compactMap { entry in
      let parts = entry.components(separatedBy: "[")
      guard parts.count == 2, let name = quoted(parts[0]).first else { return nil }
      return Room(name: name, uses: quoted(parts[1]))
    }
  }()

  private static func quoted(_ text: String) -> [String] {
    text.components(separatedBy: "\"").enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
  }

  /// The modules a file imports, as `import X` or `internal import struct X.Y`.
  private static func imports(of file: SourceTree.File) -> [String] {
    file.lines.compactMap { line in
      let words = line.split(separator: " ").map(String.init)
      guard let place = words.firstIndex(of: "import"),
        words[..<place].allSatisfy({ $0.hasPrefix("@") || ["internal", "public"].contains($0) })
      else { return nil }
      return words.last?.split(separator: ".").first.map(String.init)
    }
  }

  private static func files(of room: String) -> [SourceTree.File] {
    SourceTree.sources.filter { $0.path.hasPrefix("Sources/\(room)/") && $0.suffix == "swift" }
  }

  @Test("the table is read: it has the rooms that have folders")
  func tableIsRead() throws {
    let folders = try FileManager.default.contentsOfDirectory(atPath: Package.path("Sources"))
    #expect(Set(folders) == Set(Self.rooms.map(\.name) + ["C", "martinet"]))
    #expect(Self.rooms.first { $0.name == "Market" }?.uses == ["Runtime", "Numerics"])
  }

  @Test("a room uses only rooms above it")
  func order() {
    for (index, room) in Self.rooms.enumerated() {
      let above = Set(Self.rooms[..<index].map(\.name))
      let below = room.uses.filter { !$0.hasPrefix("C") && !above.contains($0) }
      #expect(below == [], "\(room.name) uses what is not above it")
    }
  }

  @Test("a file imports only what the table gives to its room")
  func imports() {
    let names = Set(Self.rooms.map(\.name))
    let libraries = Set(Self.rooms.flatMap(\.uses)).subtracting(names)
    for room in Self.rooms {
      for file in Self.files(of: room.name) {
        let forbidden = Self.imports(of: file).filter {
          (names.contains($0) || libraries.contains($0)) && !room.uses.contains($0)
        }
        #expect(forbidden == [], "\(file.path)")
      }
    }
  }

  @Test("a C library is imported by one room, and by no verb")
  func libraries() {
    let names = Set(Self.rooms.map(\.name))
    for library in Set(Self.rooms.flatMap(\.uses)).subtracting(names) {
      let users = Self.rooms.filter { $0.uses.contains(library) }.map(\.name)
      #expect(users.count == 1, "\(library) is used by \(users)")
      let verbs = Self.files(of: "martinet").filter { Self.imports(of: $0).contains(library) }
      #expect(verbs.map(\.path) == [])
    }
  }

  @Test("there are at most thirteen Swift targets besides C libraries and tests")
  func fewTargets() {
    // The two programs, martinet and bench, are not in the table.
    #expect(Self.rooms.count + 2 <= 13)
  }
}
