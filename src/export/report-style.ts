/** Of the report: no image, no font, nothing from elsewhere; readable on a screen and on paper. */
export const reportStyle = `
:root{--ink:#1c2024;--soft:#5b6670;--line:#d9dee3;--wash:#f4f6f8}
*{box-sizing:border-box}
body{font:14px/1.5 system-ui,"Segoe UI",Roboto,"Helvetica Neue",sans-serif;max-width:62rem;margin:2rem auto;padding:0 1.25rem;color:var(--ink);background:#fff}
header{border-bottom:2px solid var(--ink);padding-bottom:.75rem;margin-bottom:1.25rem}
h1{font-size:1.7rem;line-height:1.2;margin:0 0 .25rem}
header p{margin:0;max-width:none;color:var(--soft)}
h2{font-size:1.1rem;margin:2rem 0 .5rem;break-after:avoid}
p{margin:.3rem 0 .7rem;max-width:48rem}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.5rem,1fr));gap:.6rem;margin:0;padding:0;list-style:none}
.figures li{background:var(--wash);border:1px solid var(--line);border-radius:4px;padding:.55rem .75rem}
.figures b{display:block;font-size:1.35rem;line-height:1.25;font-variant-numeric:tabular-nums}
.figures span{color:var(--soft);font-size:.85rem}
table{border-collapse:collapse;width:100%;font-size:.93rem}
th,td{text-align:left;vertical-align:top;border-bottom:1px solid var(--line);padding:.3rem .9rem .3rem 0;overflow-wrap:break-word}
table+table{margin-top:1rem}
.narrow{max-width:34rem}
.bars{width:55%}
td:last-child{overflow-wrap:anywhere}
th:last-child,td:last-child{padding-right:0}
thead th{color:var(--soft);font-weight:600;border-bottom:1px solid var(--ink);overflow-wrap:normal;white-space:nowrap}
tbody th{font-weight:500}
.pairs tbody th{width:24rem}
h2+p{break-after:avoid}
tr,.end{break-inside:avoid}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.when{white-space:nowrap}
.bar{display:block;height:.7rem;background:#4b6b8a;min-width:1px;border-radius:1px;margin-top:.3rem}
.critical{background:#8c1d18}.high{background:#c2410c}.medium{background:#b58a00}.low{background:#4b6b8a}.informational{background:#8a949e}
code,.hash{font:12px/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;overflow-wrap:anywhere}
pre{background:var(--wash);border:1px solid var(--line);border-radius:4px;padding:.6rem .75rem;white-space:pre-wrap}
.none{color:var(--soft)}
footer{margin-top:2.5rem;border-top:1px solid var(--line);padding-top:.6rem;color:var(--soft);font-size:.85rem}
@page{margin:16mm 14mm}
@media print{.figures{grid-template-columns:repeat(6,1fr)}.hash{font-size:7pt}.pairs tbody th{width:55%}body{margin:0;padding:0;max-width:none;font-size:10pt}.figures li,pre,.bar{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
@media (max-width:40rem){.pairs tbody th{width:auto}}
`;
