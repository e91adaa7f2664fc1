import Runtime

/// Everything about market data before it is used.
let dataVerb = Verb(
  "data", summary: "Get, check, keep and look at market data",
  verbs: [
    dataGenerateVerb,
    dataAggregateVerb,
    dataShowVerb,
  ])
