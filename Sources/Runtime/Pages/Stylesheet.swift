/// The one look of every page.
enum Stylesheet {
  /// Also of drawings that stand alone.
  static let palette = """
    :root { color-scheme: light dark;
      --paper: #fdfcf9; --ink: #1a1d21; --quiet: #6b675e; --grid: #e7e4dc; --subject: #0b6e99;
      --benchmark: #8a8578; --gain: #1b7f5c; --loss: #b3402e; --warning: #9a6410; }
    @media screen and (prefers-color-scheme: dark) { :root {
      --paper: #14171a; --ink: #e8e6e1; --quiet: #9a9588; --grid: #2a2f34; --subject: #4fb3d9;
      --benchmark: #9a9588; --gain: #4cc38a; --loss: #e5735f; --warning: #e0a94a; } }
    """

  static let text = """
    \(palette)
    * { box-sizing: border-box; }
    body { margin: 0; background: var(--paper); color: var(--ink);
      font: 15px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
    main { max-width: 1112px; margin: 0 auto; padding: 24px 16px 48px; }
    h1 { font-size: 24px; line-height: 1.2; margin: 0 0 16px; font-weight: 600; }
    h2 { font-size: 18px; line-height: 1.3; margin: 40px 0 12px; font-weight: 600; }
    p { max-width: 75ch; margin: 0 0 12px; }
    .verdict { font-size: 18px; line-height: 1.4; max-width: 70ch; margin: 24px 0;
      padding-left: 16px; border-left: 4px solid var(--subject); }
    dl { margin: 0; }
    dd { margin: 0; }
    .facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 300px), 1fr));
      gap: 6px 32px; }
    .facts div { display: grid; grid-template-columns: 96px 1fr; }
    .facts dt, .figures dt, .note, caption, figcaption, summary { color: var(--quiet); }
    .facts dt, .facts dd { overflow-wrap: anywhere; }
    .facts dt { padding-right: 8px; }
    .figures { display: grid; grid-template-columns: repeat(4, 1fr); gap: 1px 24px; }
    .figures div { padding: 10px 0 12px; border-top: 1px solid var(--grid); }
    .figures dt { font-size: 13px; }
    .figures dd { font-size: 18px; font-variant-numeric: tabular-nums; }
    .interval { white-space: nowrap; font-size: 15px; }
    .figures .note, .figures .warning { font-size: 13px; }
    .missing { color: var(--quiet); }
    .warning { color: var(--warning); }
    @media (max-width: 899px) { .figures { grid-template-columns: repeat(2, 1fr); gap: 1px 16px; } }
    figure { margin: 28px 0 0; }
    figure h3 { font-size: 15px; font-weight: 600; margin: 0 0 4px; }
    figcaption { font-size: 13px; max-width: 75ch; margin-top: 4px; }
    svg { display: none; width: 100%; height: auto; overflow: visible; font-size: 13px;
      font-variant-numeric: tabular-nums; }
    svg text { fill: var(--quiet); }
    svg .label { font-weight: 600; paint-order: stroke; stroke: var(--paper); stroke-width: 4px;
      stroke-linejoin: round; }
    svg .grid { stroke: var(--grid); stroke-width: 1; }
    svg .zero { stroke: var(--quiet); stroke-width: 1; }
    svg path { fill: none; stroke-width: 1.5; stroke-linejoin: round; }
    svg .subject { stroke: var(--subject); } svg text.subject { fill: var(--subject); stroke: var(--paper); }
    svg .benchmark { stroke: var(--benchmark); } svg text.benchmark { fill: var(--quiet); stroke: var(--paper); }
    svg .second { stroke: var(--warning); } svg text.second { fill: var(--warning); stroke: var(--paper); }
    svg .third { stroke: var(--gain); } svg text.third { fill: var(--gain); stroke: var(--paper); }
    svg .fourth { stroke: var(--ink); } svg text.fourth { fill: var(--ink); stroke: var(--paper); }
    svg .loss { stroke: var(--loss); } svg text.loss { fill: var(--loss); stroke: var(--paper); }
    svg path.area { fill: var(--loss); fill-opacity: .22; stroke: var(--loss); stroke-width: 1; }
    svg .enter { fill: var(--gain); stroke: var(--paper); } svg .leave { fill: var(--loss); stroke: var(--paper); }
    svg .there { fill: var(--subject); fill-opacity: .55; } svg .part { fill: var(--warning); fill-opacity: .7; }
    svg path.there { stroke: none; } svg .rises { fill: var(--gain); } svg .falls { fill: var(--loss); }
    svg text.cell { fill: var(--ink); }
    svg .cross { stroke: var(--loss); stroke-width: 2; } svg .halo { stroke: var(--paper); stroke-width: 4.5; }
    svg .mark { stroke: var(--quiet); stroke-dasharray: 3 3; }
    svg .attention { fill: var(--warning); stroke: var(--paper); stroke-width: 1; }
    @media screen and (max-width: 559px) { svg.narrow { display: block; } }
    @media screen and (min-width: 560px) and (max-width: 899px) { svg.medium { display: block; } }
    @media screen and (min-width: 900px) { svg.wide { display: block; } }
    .live { height: 420px; display: none; outline-offset: 2px; }
    @media screen and (max-width: 559px) { .live { height: 320px; } }
    .drawn .live { display: block; }
    @media screen { .drawn .still { display: none; } }
    .live:focus-visible, .table:focus-visible, summary:focus-visible, a:focus-visible {
      outline: 2px solid var(--subject); }
    a { color: var(--subject); }
    details { margin-top: 4px; font-size: 13px; }
    summary { cursor: pointer; width: fit-content; }
    .fold { font-size: 15px; margin-top: 12px; }
    .table { overflow-x: auto; margin-top: 12px; }
    .moved { overflow-x: auto; }
    .table + p, figure + p, details + p { margin-top: 16px; }
    figure details .table { max-height: 360px; overflow-y: auto; }
    table { border-collapse: collapse; font-size: 13px; font-variant-numeric: tabular-nums; }
    caption { text-align: left; padding-bottom: 6px; }
    th, td { text-align: left; padding: 4px 20px 4px 0; white-space: nowrap; font-weight: 400;
      border-bottom: 1px solid var(--grid); }
    td.long { white-space: normal; min-width: 34ch; }
    th { color: var(--quiet); }
    th.number, td.number { text-align: right; }
    @media print { body { font-size: 13px; } main { padding: 0; max-width: none; }
      svg.medium { display: block; } .live, details { display: none !important; }
      .table { overflow: visible; } th, td { padding-right: 10px; }
      figure, .figures div, tr { break-inside: avoid; } h2 { break-after: avoid; } }
    """
}
