import Foundation
import Models
import Runtime
import TestKit
import Testing

@Suite("Published tables are made again from shared data")
struct PublishedTests {
  static let folder = SharedData.path("")

  private func check(_ table: PublishedTable, compared: Int) throws {
    let cells = try table.make(Self.folder)
    #expect(cells.count(where: { $0.published != nil }) == compared)
    for cell in cells {
      #expect(cell.experiment == table.key)
      #expect(cell.ours.isFinite, "\(cell.name)")
      #expect(
        cell.isReproduced != false, "\(cell.name): \(cell.ours), not \(cell.published ?? .nan)")
    }
  }

  @Test(
    "Repeat in 16 of 16 cells, squares and magnitudes",
    .enabled(if: SharedData.has("ltsf"), "needs ../shared/data/ltsf"))
  func lastValue() throws { try check(.named("repeat"), compared: 32) }

  @Test(
    "ridge on ETTh1 at both look-backs and all four horizons",
    .enabled(
      if: SharedData.has("ltsf") && FuzzBudget.isNightly,
      "needs ../shared/data/ltsf, and eight large products: set MARTINET_NIGHTLY"))
  func ridge() throws { try check(.named("ridge"), compared: 8) }

  @Test(
    "seasonal naive on exchange rates",
    .enabled(if: SharedData.has("ltsf"), "needs ../shared/data/ltsf"))
  func seasonalNaive() throws { try check(.named("seasonal_naive"), compared: 2) }

  @Test(
    "SAMBA with its leak and repaired",
    .enabled(if: SharedData.has("samba"), "needs ../shared/data/samba"))
  func samba() throws { try check(.named("samba"), compared: 12) }

  @Test(
    "MambaStock's four rows on both banks",
    .enabled(if: SharedData.has("mambastock"), "needs ../shared/data/mambastock"))
  func mambaStock() throws { try check(.named("mambastock"), compared: 32) }

  @Test("a table whose files are absent says which")
  func missing() throws {
    let folder = try TemporaryFolder()
    for table in PublishedTable.all { #expect(table.missing(in: folder.path("")) == table.files) }
  }

  @Test("a figure outside its tolerance is not reproduced, and one without a table is not judged")
  func verdicts() {
    #expect(PublishedCell("a", "b", 1.0004, published: 1, tolerance: 5e-4).isReproduced == true)
    #expect(PublishedCell("a", "b", 1.0006, published: 1, tolerance: 5e-4).isReproduced == false)
    #expect(PublishedCell("a", "b", .nan, published: 1, tolerance: 5e-4).isReproduced == false)
    #expect(PublishedCell("a", "b", 7).isReproduced == nil)
  }

  @Test("an unknown table is named with the nearest one")
  func unknown() {
    do {
      _ = try PublishedTable.named("seasonal_niave")
      Issue.record("it was found")
    } catch {
      #expect(error.diagnosis.remedy.contains("seasonal_naive"))
    }
  }
}
