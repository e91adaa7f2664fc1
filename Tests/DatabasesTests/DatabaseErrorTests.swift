import Databases
import Testing

@Suite struct DatabaseErrorTests {
  @Test func errorsAreEqualOnlyWithTheSameCodeWordsAndStatement() {
    let error = DatabaseError(code: "40001", message: "could not serialize", statement: "commit")
    #expect(
      error == DatabaseError(code: "40001", message: "could not serialize", statement: "commit"))
    #expect(
      error != DatabaseError(code: "40P01", message: "could not serialize", statement: "commit"))
  }
}
