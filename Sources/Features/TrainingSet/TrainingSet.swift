import Market
import MarketData
import Runtime

/// Features and labels of many symbols in three parts, ready to learn from.
///
/// The files of a folder that `martinet features build` wrote. Which columns are features and which
/// are labels is read from them.
public struct TrainingSet: Sendable {
  public let folder: String
  public let featureNames: [String]
  public let labelNames: [String]
  /// When the values of each feature can be known, by name.
  public let knowledge: [String: ColumnKnowledge]
  /// The scale the features were brought to, and the time it was learned from.
  public let scaler: FittedScaler
  public let featureVersion: String
  public let manifest: JSON
  private let tables: [Part: SampleTable]

  /// The rows of a part; none where the split made it empty.
  public subscript(part: Part) -> SampleTable { tables[part] ?? .empty }

  /// The set as its manifest tells it, for whoever has taken what is needed of the rows.
  package var withoutRows: TrainingSet {
    TrainingSet(
      folder: folder, featureNames: featureNames, labelNames: labelNames, knowledge: knowledge,
      scaler: scaler, featureVersion: featureVersion, manifest: manifest, tables: [:])
  }

  /// Of a part's file, as the manifest has it.
  package func hash(of part: Part) -> String? { manifest["parts"]?[part.rawValue]?["sha256"]?.string }

  /// Whether a column of that name can be no feature.
  static func isReserved(_ name: String) -> Bool {
    name == "datetime" || name == "symbol" || isLabel(name) || name.hasPrefix(outcomePrefix)
  }

  /// Of the columns `outcome_h5`, the change of the close over 5 bars: what forecasts are judged by.
  public static let outcomePrefix = "outcome_"

  static func isLabel(_ name: String) -> Bool { name.hasPrefix("label_") }

  /// Reads the folder. Refuses files that are not those the manifest describes, and a scaler that
  /// learned from validation or test.
  public static func open(_ folder: String) throws -> TrainingSet {
    let path = "\(folder)/\(manifestName)"
    let manifest = try json(path)
    guard manifest["kind"]?.string == kind, let version = manifest["feature_version"]?.string,
      let columns = manifest["columns"]?.elements
    else {
      throw TrainingSetError.damaged(path: path, finding: "is no manifest of a training set")
    }
    let scalerPath = "\(folder)/\(scalerName)"
    let scaler = try FittedScaler(try json(scalerPath), source: scalerPath)
    var tables: [Part: SampleTable] = [:]
    for part in Part.allCases {
      tables[part] = try read(part, folder, manifest, scaler)
    }
    let names = tables[.train]?.numbers.names ?? []
    let features = names.filter { !isReserved($0) }
    guard features == columns.compactMap({ $0["name"]?.string }), features == scaler.names,
      tables.values.allSatisfy({ $0.numbers.names == names })
    else {
      throw TrainingSetError.damaged(
        path: path, finding: "the columns of files, scaler and manifest are not the same")
    }
    return TrainingSet(
      folder: folder, featureNames: features, labelNames: names.filter(isLabel),
      knowledge: Dictionary(
        zip(features, columns).map { name, column in
          (name, column["knowledge"]?.string.flatMap(ColumnKnowledge.init(rawValue:)) ?? .pastOnly)
        }, uniquingKeysWith: { first, _ in first }),
      scaler: scaler, featureVersion: version, manifest: manifest, tables: tables)
  }

  private static func read(
    _ part: Part, _ folder: String, _ manifest: JSON, _ scaler: FittedScaler
  ) throws -> SampleTable {
    let path = "\(folder)/\(part.file)"
    let hash = try SHA256.hash(file: path).description
    guard manifest["parts"]?[part.rawValue]?["sha256"]?.string == hash else {
      throw TrainingSetError.damaged(path: path, finding: "is not the file that the manifest names")
    }
    let table = try ParquetFile(path: path).samples()
    if part != .train, let first = table.datetimes.first, let last = table.datetimes.last {
      try scaler.check(
        unseen: part.words,
        Timestamp(nanoseconds: first)...Timestamp(nanoseconds: last))
    }
    return table
  }

  private static func json(_ path: String) throws -> JSON {
    try JSON(parsing: try SmallFile.read(path, bytesMax: 64 << 20), source: path)
  }
}

extension TrainingSet.Built {
  /// Writes the files into a folder, all of them or none: readers see the old set or the new one.
  public func write(to folder: String) throws {
    try AtomicFolder.replace(folder, names: TrainingSet.fileNames) { fresh in
      var manifest = manifest
      var files: JSON = .object([])
      for (part, table) in parts {
        let path = "\(fresh)/\(part.file)"
        try ParquetFile(path: path).write(table)
        files.append(part.rawValue, try Self.account(of: table, part.file, path))
      }
      manifest.append("parts", files)
      let scaler = Array((scaler.json.text(pretty: true) + "\n").utf8)
      try AtomicFile.write(scaler, to: "\(fresh)/\(TrainingSet.scalerName)")
      manifest.append(
        "scaler",
        [
          "file": .string(TrainingSet.scalerName),
          "sha256": .string(SHA256.hash(scaler).description),
          "fitted": self.scaler.json["fitted"] ?? .null,
        ])
      manifest.append("certificate", certificate)
      try AtomicFile.write(
        manifest.text(pretty: true) + "\n", to: "\(fresh)/\(TrainingSet.manifestName)")
    }
  }

  private static func account(
    of table: SampleTable, _ file: String, _ path: String
  ) throws -> JSON {
    func instant(_ nanoseconds: Int64?) -> JSON {
      JSON(nanoseconds.map { Timestamp(nanoseconds: $0).description })
    }
    return [
      "file": .string(file), "rows": JSON(table.rowCount),
      "from": instant(table.datetimes.first), "to": instant(table.datetimes.last),
      "sha256": .string(try SHA256.hash(file: path).description),
    ]
  }
}
