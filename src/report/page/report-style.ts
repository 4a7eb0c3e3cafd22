/** The page's style: light and dark by the reader's setting, light on paper, one column on a phone. */
export const REPORT_STYLE = `
:root{color-scheme:light dark;
--page:light-dark(#f6f7f9,#101317);--card:light-dark(#fff,#191d23);--line:light-dark(#e3e6eb,#2b313a);
--ink:light-dark(#161a20,#e8ebf0);--soft:light-dark(#5b6472,#98a2b1);--track:light-dark(#eef0f4,#242a32);
--a:light-dark(#2f6fde,#5b93f5);--b:light-dark(#c9d2df,#454f5d);--c:light-dark(#d9822b,#e89a4a);
--good:light-dark(#2f9e5b,#3fb36f);--fair:light-dark(#d6a318,#dcb13d);--bad:light-dark(#d1453b,#e5655c);
--p0:light-dark(#3b76dd,#5e94f2);--p1:light-dark(#e0803a,#e89558);--p2:light-dark(#2f9e86,#46b49c);--p3:light-dark(#a05bc4,#b57ad5);
--p4:light-dark(#c9507f,#dd6f98);--p5:light-dark(#8a8f2d,#aab04a);--p6:light-dark(#5a6bb0,#7f8fd0);--p7:light-dark(#7a6152,#a78b7a);--p8:light-dark(#9aa3b0,#707a88)}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"PingFang SC","Hiragino Sans GB","Noto Sans CJK SC","Noto Sans SC","Microsoft YaHei",sans-serif;font-variant-numeric:tabular-nums;-webkit-text-size-adjust:100%}
main{max-width:1160px;margin:0 auto;padding:28px 24px 40px}
header{margin-bottom:20px}
h1{font-size:26px;line-height:1.25;margin:0 0 4px;letter-spacing:-.01em;overflow-wrap:anywhere}
h2{font-size:17px;line-height:1.3;margin:0 0 14px}
h3{font-size:13px;font-weight:600;color:var(--soft);margin:22px 0 8px}
h3:first-child{margin-top:0}
p{margin:0}
.soft,.help{color:var(--soft)}
.help{font-size:13.5px;margin:-8px 0 14px;max-width:75ch}
section{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:20px 22px;margin:0 0 16px}
.two{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:28px}
.pair{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:16px;margin:0 0 16px}
.pair>section{margin:0}.pair>section:only-child{grid-column:1/-1}
.two>*,.pair>*{min-width:0}
.tiles{display:grid;grid-template-columns:repeat(4,minmax(0,1fr));gap:12px;margin:0 0 16px}
.tile{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:14px 16px}
.tile b{display:block;font-size:25px;line-height:1.2;font-weight:650;letter-spacing:-.01em}
.tile span{display:block;font-size:13.5px}
.tile small{display:block;font-size:12.5px;color:var(--soft);margin-top:2px}
.tile.bad b{color:var(--bad)}
.tile.good b{color:var(--good)}
.lanes{display:grid;grid-template-columns:minmax(90px,max-content) minmax(0,1fr) minmax(64px,max-content);gap:8px 14px;align-items:center}
.lanes .name{font-size:13.5px;overflow-wrap:anywhere;max-width:190px}
.lanes .figure{font-size:13.5px;text-align:right;color:var(--soft)}
.lanes .axis{grid-column:2}
.lane{display:contents}
.strip.tall{height:44px}
.strip{display:block;width:100%;height:20px;border-radius:4px}
.ground{fill:var(--track)}
.grid{fill:none;stroke:var(--line);stroke-width:1;vector-effect:non-scaling-stroke}
.strip .grid{stroke:var(--card);opacity:.55}
.touch{fill:transparent}
.axis{position:relative;height:18px;font-size:12px;color:var(--soft)}
.axis span{position:absolute;transform:translateX(-50%);white-space:nowrap}
.plot{display:grid;grid-template-columns:38px minmax(0,1fr);gap:8px}
.plot svg{display:block;width:100%;height:130px}
.scale{display:flex;flex-direction:column;justify-content:space-between;text-align:right;font-size:12px;line-height:1;color:var(--soft);height:130px}
.over .axis{margin-left:46px;margin-top:4px}
.histogram .labels{display:flex;margin:4px 0 0 46px;font-size:12px;color:var(--soft)}
.histogram .labels span{flex:1;text-align:center;white-space:nowrap}
.legend{display:flex;flex-wrap:wrap;gap:4px 16px;font-size:13px;color:var(--soft);margin:10px 0 0}
.legend span{display:inline-flex;align-items:center;gap:6px}
.legend i,.swatch{display:inline-block;width:11px;height:11px;border-radius:3px;flex:none}
.swatch{margin-right:8px}
.bars{list-style:none;margin:0;padding:0;display:grid;gap:7px}
.bars li{display:grid;grid-template-columns:minmax(84px,32%) minmax(0,1fr) minmax(56px,max-content);gap:10px;align-items:center;font-size:14px}
.bars .name{overflow-wrap:anywhere}
.bars .track{display:flex;height:12px;background:var(--track);border-radius:3px;overflow:hidden}
.bars .track i{display:block;height:100%;min-width:2px}
.bars .figure{text-align:right;font-size:13.5px;color:var(--soft)}
.scroll{overflow-x:auto;margin:0 -4px;padding:0 4px}
table{border-collapse:collapse;width:100%;font-size:14px}
th{font-weight:600;font-size:12.5px;color:var(--soft);text-align:left;vertical-align:bottom;padding:0 20px 6px 0;border-bottom:1px solid var(--line)}
td{padding:7px 20px 7px 0;border-bottom:1px solid var(--line);vertical-align:top}
tr:last-child td{border-bottom:0;padding-bottom:0}
th.n,td.n{text-align:right;white-space:nowrap}
th:last-child,td:last-child{padding-right:0}
td.text{overflow-wrap:anywhere;min-width:150px}
.id{color:var(--soft);font-size:12.5px;overflow-wrap:anywhere}
.soon{color:var(--bad);font-weight:600}
td.name{white-space:nowrap}
code{font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;background:var(--track);padding:1px 5px;border-radius:4px}
footer{color:var(--soft);font-size:13px;margin-top:20px}
i.a,.dot.a{background:var(--a)}rect.a{fill:var(--a)}i.b{background:var(--b)}rect.b{fill:var(--b)}i.c{background:var(--c)}rect.c{fill:var(--c)}
i.good{background:var(--good)}rect.good{fill:var(--good)}i.fair{background:var(--fair)}rect.fair{fill:var(--fair)}i.bad{background:var(--bad)}rect.bad{fill:var(--bad)}
${Array.from({ length: 9 }, (_, i) => `i.p${i}{background:var(--p${i})}rect.p${i}{fill:var(--p${i})}`).join('')}
@media (max-width:900px){.tiles{grid-template-columns:repeat(2,minmax(0,1fr))}.two,.pair{grid-template-columns:minmax(0,1fr)}}
@media (max-width:640px){main{padding:18px 12px 28px}h1{font-size:22px}section{padding:16px 14px;border-radius:10px}.tile{padding:12px}.tile b{font-size:21px}.tiles{gap:8px}
.lanes{grid-template-columns:minmax(0,1fr);gap:8px}.lane{display:grid;grid-template-columns:minmax(0,1fr) max-content;gap:2px 10px}.lane .strip{grid-column:1/-1;grid-row:2}.lanes .axis{grid-column:1}.lanes .name{max-width:none}
.axis .odd{display:none}.plot svg,.scale{height:110px}.histogram .labels span:nth-child(even){visibility:hidden}
table.fold thead{display:none}table.fold,table.fold tbody,table.fold tr,table.fold td{display:block;width:100%}
table.fold tr{padding:10px 0;border-bottom:1px solid var(--line)}table.fold tr:first-child{padding-top:0}table.fold tr:last-child{border:0;padding-bottom:0}
table.fold td{border:0;padding:1px 0;text-align:left;white-space:normal}table.fold td[data-name]{display:flex;justify-content:space-between;gap:14px}table.fold td[data-name]:empty{display:none}
table.fold td[data-name]::before{content:attr(data-name);color:var(--soft);font-size:13px;flex:none}}
@media print{:root{color-scheme:light}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}body{background:#fff;font-size:12px}main{max-width:none;padding:0}
section,.tile{border-color:#d5d9df;break-inside:avoid}section.long{break-inside:auto}tr,.bars li{break-inside:avoid}.tiles{grid-template-columns:repeat(4,1fr)}.pair{grid-template-columns:1fr 1fr}h2{break-after:avoid}
@page{margin:14mm}}
`;
