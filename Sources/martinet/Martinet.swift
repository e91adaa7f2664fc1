import CProcessor
import Runtime

/// The program: a verb is listed here when it does something.
let martinet = Program(
  name: Version.program,
  summary: "from market data to a supervised portfolio, strictly",
  version: Version.number,
  build: [
    JSON.Member("processor_level", .string(String(cString: martinet_processor_level())))
  ],
  verbs: [
    demoVerb,
    initVerb,
    newVerb,
    configVerb,
    dataVerb,
    backtestVerb,
    sweepVerb,
    walkForwardVerb,
    reportVerb,
    featuresVerb,
    proveVerb,
    trainVerb,
    experimentVerb,
    predictVerb,
    modelsVerb,
    runsVerb,
    journalVerb,
    riskVerb,
    doctorVerb,
    completionsVerb,
    helpVerb,
  ])
