/** The style sheet of pages: one column of cards, light or dark as the reader's system is set. */
export const STYLE = `
:root { color-scheme: light dark; --page: #f6f7f9; --card: #fff; --ink: #1b2330; --faint: #5d6776; --rule: #e3e6eb;
  --c1: #2563c9; --c2: #c25e00; --c3: #12876f; --c4: #8a3fb5; --c5: #b93040; --c6: #5f6b13; --c7: #0b7fa3; --c8: #7a5230; --good: #0f7a64; --bad: #b93040; --map: #2563c9; --high: #d63031; --mix: 0.55; --lift: 1; }
@media (prefers-color-scheme: dark) { :root { --page: #12161d; --card: #1b212b; --ink: #e6eaf0; --faint: #a3adbd; --rule: #343d4b;
  --c1: #6ea8fe; --c2: #f5a35c; --c3: #4fc7a9; --c4: #cf9cf0; --c5: #f59aa4; --c6: #c3cf5c; --c7: #67c9e8; --c8: #d3a883; --good: #4fc7a9; --bad: #f59aa4; --map: #8cbcff; --high: #ff7b7c; --mix: 0.45; --lift: 1.5; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.55 system-ui, "Apple SD Gothic Neo", "Noto Sans KR", "Malgun Gothic", sans-serif; overflow-wrap: break-word; }
:lang(ko) { word-break: keep-all; }
main { max-width: 1120px; margin: 0 auto; padding: 32px 20px 64px; }
header h1 { margin: 0; font-size: 26px; letter-spacing: -0.01em; }
header p { margin: 4px 0 0; color: var(--faint); }
section { background: var(--card); border: 1px solid var(--rule); border-radius: 12px; padding: 20px 22px; margin-top: 18px; }
section.note { color: var(--faint); border-style: dashed; } .note p { margin: 0; }
h2 { margin: 0 0 12px; font-size: 17px; }
h3 { margin: 0 0 6px; font-size: 14px; }
small { color: var(--faint); font-size: 12px; }
.yes { color: var(--good); } .no { color: var(--bad); }
.tiles { display: flex; flex-wrap: wrap; gap: 12px; margin-top: 18px; }
.tile { flex: 1 1 180px; background: var(--card); border: 1px solid var(--rule); border-radius: 12px; padding: 14px 16px; }
.tile b { display: block; font-size: 25px; font-weight: 650; font-variant-numeric: tabular-nums; letter-spacing: -0.02em; }
.tile span { color: var(--faint); font-size: 13px; line-height: 1.35; display: block; } .tile .name { color: var(--ink); font-weight: 550; }
.tile.main b { color: var(--c1); }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(430px, 100%), 1fr)); gap: 22px; }
figure { margin: 0; }
figcaption { font-weight: 600; font-size: 14px; margin-bottom: 4px; }
.key { font-weight: 400; color: var(--faint); font-size: 13px; margin-left: 14px; white-space: nowrap; }
.key i { display: inline-block; width: 14px; height: 3px; border-radius: 2px; margin-right: 6px; vertical-align: middle; }
.k1 { background: var(--c1); } .k2 { background: var(--c2); } .k3 { background: var(--c3); } .k4 { background: var(--c4); } .k5 { background: var(--c5); } .k6 { background: var(--c6); } .k7 { background: var(--c7); } .k8 { background: var(--c8); }
svg { display: block; max-width: 100%; height: auto; }
.chart svg { width: 100%; }
svg text { fill: var(--faint); font-size: 12px; font-variant-numeric: tabular-nums; }
.tick line { stroke: var(--rule); }
.mark line { stroke: var(--ink); stroke-dasharray: 4 3; }
.line { fill: none; stroke-width: 2; stroke-linejoin: round; }
.s1 { stroke: var(--c1); } .s2 { stroke: var(--c2); } .s3 { stroke: var(--c3); } .s4 { stroke: var(--c4); } .s5 { stroke: var(--c5); } .s6 { stroke: var(--c6); } .s7 { stroke: var(--c7); } .s8 { stroke: var(--c8); }
.f1 { fill: var(--c1); } .f2 { fill: var(--c2); } .f3 { fill: var(--c3); } .f4 { fill: var(--c4); } .f5 { fill: var(--c5); } .f6 { fill: var(--c6); } .f7 { fill: var(--c7); } .f8 { fill: var(--c8); }
.dot { stroke: var(--card); stroke-width: 1.5; }
.k0 { background: var(--faint); opacity: 0.5; } .about { margin: -6px 0 16px; color: var(--faint); }
.parallel path { fill: none; stroke: var(--faint); stroke-width: 1.5; stroke-opacity: 0.28; } .parallel .good { stroke: var(--c1); stroke-opacity: 0.75; } .parallel .best { stroke: var(--c2); stroke-width: 3; stroke-opacity: 1; } .parallel path:hover { stroke: var(--ink); stroke-width: 3; stroke-opacity: 1; }
.axis line { stroke: var(--faint); } .axis text { paint-order: stroke; stroke: var(--card); stroke-width: 4px; } .axis .name { fill: var(--ink); font-size: 13px; }
.effect circle { fill: var(--c1); fill-opacity: 0.75; stroke: var(--card); } .effect circle.pruned { fill: var(--card); stroke: var(--c1); stroke-opacity: 0.75; } .effect circle.best { fill: var(--c2); fill-opacity: 1; } .effect circle:hover { stroke: var(--ink); }
.effect g.other path { fill: none; stroke: var(--c1); stroke-opacity: 0.35; } .effect g.best path { fill: none; stroke: var(--c2); stroke-width: 2.5; } .effect g path:hover { stroke: var(--ink); stroke-opacity: 1; }
.hover { fill: transparent; } .hover:hover { fill: var(--faint); fill-opacity: 0.12; }
.key-bar { display: flex; align-items: center; gap: 8px; margin: 0 0 14px; color: var(--faint); font-size: 12px; font-variant-numeric: tabular-nums; }
.key-bar i { width: 160px; height: 10px; border-radius: 5px; border: 1px solid var(--rule); }
.shares .key-bar i { background: linear-gradient(90deg, transparent, color-mix(in srgb, var(--map) calc(100% * var(--mix)), transparent)); }
.signed .key-bar { margin: 12px 0 0; }
.signed .key-bar i { background: linear-gradient(90deg, color-mix(in srgb, var(--map) calc(100% * var(--mix)), transparent), transparent, color-mix(in srgb, var(--high) calc(100% * var(--mix)), transparent)); }
.maps { display: flex; flex-wrap: wrap; gap: 26px 34px; align-items: flex-start; }
.heads .tokens { margin-bottom: 10px; max-height: 380px; overflow-y: auto; font-size: 15px; } .heads .tokens span { cursor: pointer; } .heads small { display: block; } .heads img, .heads image { filter: brightness(var(--lift)); }
.heads .picked { outline: 2px solid var(--ink); outline-offset: 0; }
.grid { width: auto; border-collapse: separate; border-spacing: 6px 6px; margin: 0 0 14px -6px; } .grid th, .grid td { border: 0; padding: 0; vertical-align: middle; white-space: nowrap; } .grid th { padding-right: 8px; font-size: 13px; position: sticky; left: 0; background: var(--card); z-index: 1; }
button.head { font: inherit; color: inherit; background: none; border: 1px solid var(--rule); border-radius: 8px; padding: 5px; cursor: pointer; text-align: center; min-width: 96px; }
button.head img { display: block; width: 84px; height: 84px; margin: 0 auto 3px; image-rendering: pixelated; background: var(--page); } button.head small { font-size: 11.5px; }
button.head:hover { border-color: var(--faint); } button.head[aria-pressed="true"] { border-color: var(--c1); box-shadow: 0 0 0 1px var(--c1); }
:focus-visible { outline: 2px solid var(--c1); outline-offset: 2px; }
.head-view { display: grid; grid-template-columns: minmax(min(320px, 100%), 1fr) auto; gap: 20px 28px; align-items: start; } .head-title { margin: 6px 0 10px; }
.weight-map.labeled { max-width: none; } .weight-map text { fill: var(--ink); font-size: min(13px, var(--cell)); } .weight-map image { image-rendering: pixelated; cursor: crosshair; }
.weight-map .frame { fill: var(--page); stroke: var(--rule); } .weight-map .chosen { fill: none; stroke: var(--ink); stroke-width: 1.5; pointer-events: none; } .weight-map .chosen[hidden] { display: none; }
.lens-grid { border-spacing: 2px; } .lens-grid thead th { position: static; text-align: center; padding: 2px 4px; color: var(--ink); } .grid.lens-grid td { text-align: center; padding: 3px 6px; border-radius: 4px; min-width: 22px; cursor: pointer; font-size: 13.5px; } .lens-grid .same { text-decoration: underline 1.5px; text-underline-offset: 3px; } .lens .picked { outline: 2px solid var(--ink); outline-offset: -2px; }
.lens .charts { margin-top: 20px; } .lens:not(.live) .answer { display: none; }
.answer { margin: 0 0 8px; min-height: 3.1em; } .choice { font-size: 14px; } .heads:not(.live) .choice, .heads:not(.live) .answer { display: none; }
td.bar { width: 40%; min-width: 80px; } td.bar i { display: block; height: 12px; margin-top: 5px; border-radius: 3px; background: var(--c1); }
.group { display: inline-flex; align-items: center; gap: 6px; margin-right: 16px; }
.charts .scatter { max-width: 620px; } .scatter path { fill-opacity: 0.7; stroke: var(--card); stroke-width: 0.6; } .scatter path:hover { stroke: var(--ink); stroke-width: 1.5; fill-opacity: 1; }
.g0 { fill: #2577c9; } .g1 { fill: #d9730d; } .g2 { fill: #12946f; } .g3 { fill: #c0569a; } .g4 { fill: #49aede; } .g5 { fill: #b8860b; } .g6 { fill: #7a63d1; } .g7 { fill: #7d8590; }
details { margin-top: 14px; } summary { cursor: pointer; color: var(--faint); }
.attention { max-width: none; } .attention text { fill: var(--ink); font-size: 13.5px; }
.attention rect { fill: var(--map); stroke: var(--rule); } .attention rect:hover { stroke: var(--ink); }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th, td { text-align: left; vertical-align: top; padding: 7px 14px 7px 0; border-bottom: 1px solid var(--rule); }
th { color: var(--faint); font-weight: 500; }
tr:last-child td { border-bottom: 0; }
td.mark { width: 22px; padding-right: 0; font-weight: 700; }
mark { background: none; color: inherit; border-radius: 3px; padding: 0 1px; text-decoration: underline 2px; text-underline-offset: 3px; }
mark.extra { text-decoration-color: var(--bad); background: color-mix(in srgb, var(--bad) 16%, transparent); }
mark.missing { text-decoration-color: var(--good); background: color-mix(in srgb, var(--good) 16%, transparent); }
.numbers td.words { white-space: normal; min-width: 150px; } .numbers td:not(.words) { white-space: nowrap; font-variant-numeric: tabular-nums; }
.scroll { overflow-x: auto; max-width: 100%; }
.text { margin: 0; padding: 14px 16px; border-radius: 8px; background: var(--page); white-space: pre-wrap; overflow-wrap: anywhere; font: 13px/1.5 ui-monospace, "SF Mono", Menlo, Consolas, "Noto Sans Mono CJK KR", monospace; }
.text i { color: var(--faint); font-style: normal; }
.texts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(300px, 100%), 1fr)); gap: 16px; }
.units { line-height: 1.9; } .units span { border-radius: 2px; } .units .word { padding: 1px 3px; }
/* Mixed to at most --mix, so that letters keep a contrast of 4.5 on every color. */
.high, .wrong { background: color-mix(in srgb, var(--high) calc(var(--mix) * var(--share)), transparent); }
.low, .right { background: color-mix(in srgb, var(--map) calc(var(--mix) * var(--share)), transparent); }
table.confusion { width: auto; } .confusion td { min-width: 34px; padding: 5px 7px; text-align: right; border: 1px solid var(--rule); font-variant-numeric: tabular-nums; } .confusion th { padding: 5px 9px; }
.labeled { display: flex; flex-wrap: wrap; gap: 8px 12px; margin: 0 0 14px; } .labeled b { display: block; font-weight: 500; }
.ridge { fill-opacity: 1; stroke-width: 1.2; } .ridge.f1 { fill: color-mix(in srgb, var(--c1) 20%, var(--card)); } .ridge.f2 { fill: color-mix(in srgb, var(--c2) 20%, var(--card)); } .ridge:hover { stroke: var(--ink); } .ridges .base { stroke: var(--rule); } .ridges { width: 340px; }
table.modules { width: auto; } .modules tbody th, .modules th { overflow-wrap: anywhere; vertical-align: middle; max-width: 220px; color: var(--ink); } .modules thead th { color: var(--faint); }
.mistakes img { display: block; image-rendering: pixelated; border-radius: 4px; } .mistakes td { font-variant-numeric: tabular-nums; }
.strip { display: flex; flex-wrap: wrap; gap: 10px; margin-bottom: 14px; } .strip img { display: block; image-rendering: pixelated; border-radius: 4px; } .strip figure { text-align: center; }
.pairs { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(380px, 100%), 1fr)); gap: 0 36px; align-items: start; } .pairs h3 { margin-top: 22px; }
.tree, .tree dl { margin: 0; font-size: 14px; } .tree dl { padding-left: 16px; margin-left: 2px; border-left: 1px solid var(--rule); }
.tree div { display: flex; gap: 14px; padding: 2px 0; } .tree dt { color: var(--faint); flex: none; } .tree dd { margin: 0; min-width: 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
footer { color: var(--faint); font-size: 13px; margin-top: 22px; overflow-wrap: anywhere; }
@media (max-width: 760px) { .head-view { grid-template-columns: minmax(0, 1fr); } }
@media (max-width: 640px) {
  main { padding: 20px 12px 48px; } section { padding: 16px 14px; } .tile { flex-basis: 140px; }
  .stacked thead { display: none; } .stacked, .stacked tbody { display: block; }
  .stacked tr { display: grid; grid-template-columns: auto 1fr; padding: 8px 0; border-bottom: 1px solid var(--rule); } .stacked tr:last-child { border-bottom: 0; }
  .stacked td { grid-column: 2; padding: 2px 0; border: 0; } .stacked td:empty { display: none; }
  .stacked td.mark { grid-column: 1; grid-row: span 3; padding-right: 10px; }
  .stacked td[data-label]::before { content: attr(data-label); display: block; color: var(--faint); font-size: 12px; }
}
`
