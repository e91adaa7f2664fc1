import CProcessor
import Runtime

/// The program: a verb is listed here when it does something.
let martinet = Program(
  name: "martinet",
  summary: "from market data to a supervised portfolio, strictly",
  version: "0.1.0",
  build: [
    JSON.Member("processor_level", .string(String(cString: martinet_processor_level())))
  ],
  verbs: [
    initVerb,
    newVerb,
    configVerb,
    featuresVerb,
    proveVerb,
    doctorVerb,
    completionsVerb,
    helpVerb,
  ])
