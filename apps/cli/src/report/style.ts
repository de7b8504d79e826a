/** The report's style sheet: one column of cards, light or dark as the reader's system has it. */
export const STYLE = `
:root { color-scheme: light dark; --page: #f6f7f9; --card: #fff; --ink: #1b2330; --faint: #66707f; --rule: #e3e6eb;
  --c1: #2563c9; --c2: #d9730d; --c3: #12876f; --good: #12876f; --bad: #c23b4b; --map: #2563c9; }
@media (prefers-color-scheme: dark) { :root { --page: #12161d; --card: #1b212b; --ink: #e6eaf0; --faint: #97a2b3; --rule: #2d3542;
  --c1: #6ea8fe; --c2: #f5a35c; --c3: #4fc7a9; --good: #4fc7a9; --bad: #f0818d; --map: #6ea8fe; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.55 system-ui, "Apple SD Gothic Neo", "Noto Sans KR", "Malgun Gothic", sans-serif; }
main { max-width: 1120px; margin: 0 auto; padding: 32px 20px 64px; }
header h1 { margin: 0; font-size: 26px; letter-spacing: -0.01em; }
header p { margin: 4px 0 0; color: var(--faint); }
section { background: var(--card); border: 1px solid var(--rule); border-radius: 12px; padding: 20px 22px; margin-top: 18px; }
h2 { margin: 0 0 12px; font-size: 17px; }
.tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(160px, 1fr)); gap: 12px; margin-top: 18px; }
.tile { background: var(--card); border: 1px solid var(--rule); border-radius: 12px; padding: 14px 16px; }
.tile b { display: block; font-size: 25px; font-weight: 650; font-variant-numeric: tabular-nums; letter-spacing: -0.02em; }
.tile span { color: var(--faint); font-size: 13px; line-height: 1.35; display: block; }
.tile.main b { color: var(--c1); }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(430px, 100%), 1fr)); gap: 22px; }
figure { margin: 0; }
figcaption { font-weight: 600; font-size: 14px; margin-bottom: 4px; }
.key { font-weight: 400; color: var(--faint); font-size: 13px; margin-left: 14px; white-space: nowrap; }
.key i { display: inline-block; width: 14px; height: 3px; border-radius: 2px; margin-right: 6px; vertical-align: middle; }
.k1 { background: var(--c1); } .k2 { background: var(--c2); } .k3 { background: var(--c3); }
svg { display: block; max-width: 100%; height: auto; }
.chart svg { width: 100%; }
svg text { fill: var(--faint); font-size: 12px; font-variant-numeric: tabular-nums; }
.tick line { stroke: var(--rule); }
.line { fill: none; stroke-width: 2; stroke-linejoin: round; }
.s1 { stroke: var(--c1); } .s2 { stroke: var(--c2); } .s3 { stroke: var(--c3); }
.f1 { fill: var(--c1); } .f2 { fill: var(--c2); } .f3 { fill: var(--c3); }
.dot { stroke: var(--card); stroke-width: 1.5; }
.hover { fill: transparent; } .hover:hover { fill: var(--faint); fill-opacity: 0.12; }
.maps { display: flex; flex-wrap: wrap; gap: 26px 34px; align-items: flex-end; }
.attention text { fill: var(--ink); font-size: 13.5px; }
.attention rect { fill: var(--map); } .attention rect:hover { stroke: var(--ink); }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th, td { text-align: left; vertical-align: top; padding: 7px 14px 7px 0; border-bottom: 1px solid var(--rule); }
th { color: var(--faint); font-weight: 500; }
tr:last-child td { border-bottom: 0; }
td.mark { width: 22px; padding-right: 0; font-weight: 700; } .yes { color: var(--good); } .no { color: var(--bad); }
.scroll { overflow-x: auto; }
.text { margin: 0; padding: 14px 16px; border-radius: 8px; background: var(--page); white-space: pre-wrap; overflow-wrap: anywhere; font: 13px/1.5 ui-monospace, "SF Mono", Menlo, Consolas, "Noto Sans Mono CJK KR", monospace; }
.text i { color: var(--faint); font-style: normal; }
.texts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(300px, 100%), 1fr)); gap: 16px; }
table.confusion { width: auto; } .confusion td { min-width: 34px; padding: 5px 7px; text-align: right; border: 1px solid var(--rule); font-variant-numeric: tabular-nums; } .confusion th { padding: 5px 9px; }
.labelled { display: flex; flex-wrap: wrap; gap: 8px 12px; margin: 0 0 14px; } .labelled b { display: block; font-weight: 500; } small { color: var(--faint); font-size: 12px; }
.strip { display: flex; flex-wrap: wrap; gap: 10px; margin-bottom: 14px; } .strip img { display: block; image-rendering: pixelated; border-radius: 4px; } .strip figure { text-align: center; }
h3 { margin: 0 0 6px; font-size: 14px; }
.pairs { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(420px, 100%), 1fr)); gap: 0 36px; }
.pairs td:first-child { color: var(--faint); white-space: nowrap; } .pairs td { overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
footer { color: var(--faint); font-size: 13px; margin-top: 22px; }
`
