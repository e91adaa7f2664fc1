import Foundation
import Learning
import Market
import MarketData
import Runtime

private let model: Flag<String> = .required(
  "model", short: "m", .text, metavariable: "MODEL",
  help: "A kind with a version in production, a version, a run, or a folder with model.json.")
private let data: Flag<String?> = .optional(
  "data", .text, metavariable: "FILE",
  help: "A Parquet file with datetime, symbol and the model's features.")
private let out: Flag<String> = .value(
  "out", .text, metavariable: "FILE", default: "predictions.parquet",
  help: "The Parquet file to write.")
private let isRaw: Flag<Bool> = .toggle(
  "raw", help: "Features are as computed; bring them to the model's scale first.")
private let isStream: Flag<Bool> = .toggle(
  "stream", help: "Read rows as JSON lines from standard input and answer each with one.")

let predictVerb = Verb(
  "predict", summary: "Foresee with a trained model, from a Parquet file or row by row",
  discussion: """
    Features are on the model's scale, as martinet features build writes them; --raw brings them there. \
    Probabilities are calibrated with what was learned beside the model.

    With --stream every line is {"symbol":"NVDA","time":"2026-01-02T21:00:00Z","features":{"x":0.1,…}}, \
    features by name or as a list in the model's order; the answer is one line with probabilities, \
    choice, score and the classes that split conformal cannot rule out, or "waiting" while a symbol has \
    too few rows.
    """,
  flags: [model, data, out, isRaw, isStream, LearningFlags.runs, LearningFlags.production],
  examples: [
    .init(
      "martinet predict --model v1 --data data/splits/scaled/test_scaled.parquet",
      "A file of rows into predictions.parquet."),
    .init("martinet predict --model v1 --stream", "Row by row."),
  ]
) { invocation in
  let artefact = try LearningFlags.artefact(try invocation[model], invocation)
  let registry = try ModelRegistry.standard()
  if try invocation[isStream] {
    try answer(artefact, registry, isScaled: !invocation[isRaw], on: invocation.console)
    return .done
  }
  guard let path = try invocation[data] else {
    throw UsageError.missingFlag(name: "data", metavariable: "FILE")
  }
  let samples = try Windows(
    ParquetFile(path: path).samples(), for: artefact, isScaled: !(try invocation[isRaw]),
    place: path)
  let output = try artefact.forecasts(samples, by: artefact.model(registry).predictor())
  let target = try invocation[out]
  try UserFolder.makeFolder(ofFile: target)
  try ParquetFile(path: target).write(output.table())
  if invocation.wantsJSON {
    invocation.console.print([
      "out": JSON(target), "rows": JSON(output.count), "model_id": JSON(artefact.id),
      "horizon": JSON(output.horizon),
    ])
  } else {
    invocation.console.print(
      "\(NumberText.count(output.count)) forecasts, \(output.horizon) bars ahead, by \(artefact.kind)"
    )
    invocation.console.printResult("predictions", at: target)
  }
  return .done
}

/// A line in, a line out, until the input ends.
private func answer(
  _ artefact: Artefact, _ registry: ModelRegistry, isScaled: Bool, on console: Console
) throws {
  let stream = try ForecastStream(artefact, registry)
  let names = artefact.features.map(\.name)
  var number = 0
  while let line = readLine() {
    number += 1
    guard !line.isEmpty else { continue }
    let row = try StreamedRow(line, number: number, names: names)
    let output = try stream.take(row.symbol, at: row.time, row.values, isScaled: isScaled)
    console.output.write(row.answer(output, artefact).text() + "\n")
  }
}

/// A line of the input of `--stream`.
private struct StreamedRow {
  let symbol: Symbol
  let time: Int64
  let values: [Double]

  init(_ line: String, number: Int, names: [String]) throws {
    let json = try JSON(parsing: line, source: "line \(number)")
    guard let symbol = json["symbol"]?.string.flatMap({ Symbol($0) }) else {
      throw ForecastInputError.line(number, "names no symbol")
    }
    guard let stamp = json["time"]?.string else {
      throw ForecastInputError.line(number, "names no time")
    }
    time = try Timestamp(parsing: stamp).nanoseconds
    self.symbol = symbol
    switch json["features"] {
    case .array(let list)?:
      values = list.map { $0.double ?? .nan }
    case .object(let members)?:
      let given = Dictionary(members.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
      values = try names.map { name in
        guard let value = given[name] else {
          throw ForecastInputError.missing(
            "line \(number)", name,
            nearest: Words.nearest(to: name, among: members.map(\.key)))
        }
        return value.double ?? .nan
      }
    default: throw ForecastInputError.line(number, "has no features")
    }
  }

  func answer(_ output: PredictionOutput?, _ artefact: Artefact) -> JSON {
    var json: JSON = [
      "symbol": JSON(symbol.text), "time": JSON(Timestamp(nanoseconds: time).description),
    ]
    guard let output else {
      json.append("waiting", true)
      return json
    }
    json.append("horizon", JSON(output.horizon))
    if !output.probabilities.isEmpty {
      for (place, name) in ["p_down", "p_flat", "p_up"].enumerated() {
        json.append(name, JSON(output.probabilities[place]))
      }
      if let conformal = artefact.calibration.conformal.last {
        let inside = zip(PredictionOutput.classes, conformal.set(output.probabilities))
        json.append("set", JSON(inside.filter(\.1).map { JSON($0.0) }))
      }
    } else {
      json.append("point", JSON(output.points[0]))
      if let conformal = artefact.calibration.conformal.last {
        json.append("radius", JSON(conformal.radius))
      }
    }
    json.append("choice", JSON(output.choice(0)))
    json.append("score", JSON(output.score(0)))
    return json
  }
}
