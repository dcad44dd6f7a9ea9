/** Of the report alone: it is read on a phone, on a desk and on A4 paper, without any other file. */
export const style = `
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0; background: #fff; color: #1b2430; font: 15px/1.55 system-ui, "Segoe UI", Roboto, "Noto Sans", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; overflow-wrap: anywhere; }
main { max-width: 860px; margin: 0 auto; padding: 24px 16px 48px; }
h1 { font-size: 26px; line-height: 1.25; margin: 0 0 4px; }
h2 { font-size: 20px; margin: 40px 0 8px; padding-top: 12px; border-top: 2px solid #0b64b4; }
h3 { font-size: 16px; margin: 0 0 2px; }
p { margin: 0 0 8px; }
ul { margin: 0 0 8px; padding-left: 20px; }
.muted { color: #566173; font-size: 13px; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(170px, 1fr)); gap: 12px; margin: 12px 0; padding: 0; list-style: none; }
.tiles li { border: 1px solid #dde2ea; border-radius: 8px; padding: 10px 12px; }
.tiles b { display: block; font-size: 22px; line-height: 1.3; }
figure { margin: 20px 0; break-inside: avoid; }
figure svg { display: block; width: 100%; min-width: 560px; height: auto; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 13px; }
th, td { text-align: left; padding: 4px 8px; border-bottom: 1px solid #dde2ea; vertical-align: top; overflow-wrap: normal; }
th { color: #566173; font-weight: 600; }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
td.words { min-width: 220px; overflow-wrap: anywhere; }
summary { cursor: pointer; color: #0b64b4; font-size: 13px; }
@page { size: A4; margin: 16mm 14mm; }
@media print {
  body { font-size: 10.5pt; }
  main { max-width: none; padding: 0; }
  h2, h3 { break-after: avoid; }
  h2 { margin-top: 8mm; }
  tr, .tiles li { break-inside: avoid; }
  thead { display: table-header-group; }
  .wide { overflow: visible; }
  figure svg { min-width: 0; }
  details { display: none; }
}
`;
