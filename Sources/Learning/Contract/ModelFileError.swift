import Runtime

/// A file of a saved model that is not what the model wrote.
package struct ModelFileError: DiagnosedError, Equatable {
  package let path: String
  package let finding: String

  package init(path: String, finding: String) {
    self.path = path
    self.finding = finding
  }

  package var diagnosis: Diagnosis {
    Diagnosis(
      place: path, finding: finding,
      remedy: "the file is damaged or of another model: train it again, or take another version")
  }
}
