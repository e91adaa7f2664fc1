extension Diagnosis {
  /// The error's own diagnosis or, for one nobody foresaw, its description with `place`.
  public init(describing error: any Error, place: String) {
    if let diagnosed = error as? any DiagnosedError {
      self = diagnosed.diagnosis
      return
    }
    let lines = String(describing: error).split(whereSeparator: \.isNewline)
    self.init(
      place: place, finding: lines.joined(separator: " "),
      remedy: "this was not foreseen: run it again with --verbose and report what it prints")
  }
}
