import Runtime

extension FeatureCache.Limits: Configured {
  /// The room in memory in the unit in which settings state it.
  public var megabytes: Int {
    get { byteCount >> 20 }
    set { byteCount = newValue << 20 }
  }

  public static let schema = Schema<Self>("The cache of features in memory") {
    Field("memory", \.megabytes, in: 0...1_048_576, unit: "MiB", "Room for tables")
    Field("age", \.age, in: .zero..., "How long a table is kept, as in 10m")
    Field("entries", \.entryCount, in: 0...10_000_000, "How many tables are kept")
  }
}
