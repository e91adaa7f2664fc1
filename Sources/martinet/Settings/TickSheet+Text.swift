import MarketData

extension TickSheet {
  /// A column of texts, each distinct one kept once.
  mutating func addText<Record>(
    _ name: String, _ records: [Record], _ value: (Record) -> String
  ) {
    var (words, places): ([String], [String: Int]) = ([], [:])
    let codes = records.map { record in
      let word = value(record)
      if let place = places[word] { return place }
      places[word] = words.count
      words.append(word)
      return words.count - 1
    }
    addWords(name, Array(codes.indices), of: words) { codes[$0] }
  }
}
