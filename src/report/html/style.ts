// The style of report.html: calm, printable, light and dark. Colours keep a contrast of 4.5 : 1 and never speak alone:
// each severity is also a word.

/** The whole style sheet. */
export const style = `
:root{color-scheme:light dark;--paper:#fff;--ink:#1c2126;--soft:#57606a;--line:#d5dae0;--wash:#f5f7f9;--link:#0b57a4;
--critical:#8e1020;--high:#b3261e;--medium:#8a5300;--low:#1f5f8b;--info:#57606a;--good:#1a6b3c;
--critical-wash:#fbe9ea;--high-wash:#fdeeec;--medium-wash:#fdf3e3;--low-wash:#eaf3fa;--info-wash:#f1f3f5;--good-wash:#e8f5ec}
@media (prefers-color-scheme:dark){:root{--paper:#14181c;--ink:#e3e7eb;--soft:#9aa5b1;--line:#333b44;--wash:#1c2228;--link:#7cb7f2;
--critical:#ff8f8f;--high:#ff9d92;--medium:#f0b357;--low:#82bfee;--info:#9aa5b1;--good:#76cf97;
--critical-wash:#3a1519;--high-wash:#351917;--medium-wash:#302410;--low-wash:#14293a;--info-wash:#20262c;--good-wash:#12301e}}
*{box-sizing:border-box}
html{background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,"Liberation Sans",sans-serif;-webkit-text-size-adjust:100%}
body{margin:0 auto;max-width:68rem;padding:1.5rem 1.25rem 4rem}
h1{font-size:1.05rem;font-weight:600;color:var(--soft);margin:0 0 1rem;letter-spacing:.01em}
h2{font-size:1.4rem;margin:3rem 0 .75rem;padding-top:.6rem;border-top:1px solid var(--line)}
h3{font-size:1.1rem;margin:1.75rem 0 .5rem}
h4{font-size:.95rem;margin:1.25rem 0 .35rem}
p{margin:.5rem 0}ul,ol{margin:.4rem 0;padding-left:1.3rem}li{margin:.15rem 0}
a{color:var(--link)}.muted{color:var(--soft)}
code,pre,.bytes{font-family:ui-monospace,"SF Mono",Menlo,Consolas,"Liberation Mono",monospace;font-size:.875em}
code{background:var(--wash);border-radius:3px;padding:.05em .3em;overflow-wrap:anywhere}code.whole{white-space:nowrap}td>code:only-child{display:inline-block;min-width:7em}
pre{background:var(--wash);border:1px solid var(--line);border-radius:6px;padding:.6rem .8rem;overflow-x:auto;line-height:1.4;margin:.5rem 0}
nav{font-size:.9rem;margin:1.25rem 0 0}nav ul{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:.2rem 1.1rem}
.verdict{border-left:6px solid var(--tone);background:var(--tone-wash);border-radius:4px;padding:1rem 1.25rem 1.1rem}
.verdict h2{border:0;margin:0 0 .4rem;padding:0;font-size:1.75rem;line-height:1.25;color:var(--tone);overflow-wrap:anywhere}
.card{border:1px solid var(--line);border-left:5px solid var(--tone);border-radius:6px;padding:.25rem 1.1rem 1rem;margin:1.25rem 0;break-inside:auto}
.card>h3{margin-top:.75rem}
.bad,.high{--tone:var(--high);--tone-wash:var(--high-wash)}.critical{--tone:var(--critical);--tone-wash:var(--critical-wash)}
.warn,.medium{--tone:var(--medium);--tone-wash:var(--medium-wash)}.low{--tone:var(--low);--tone-wash:var(--low-wash)}
.neutral,.info,.plain{--tone:var(--info);--tone-wash:var(--info-wash)}.good{--tone:var(--good);--tone-wash:var(--good-wash)}
.badge{display:inline-block;color:var(--tone);background:var(--tone-wash);border:1px solid var(--tone);border-radius:4px;font-size:.8rem;font-weight:600;padding:0 .45em;line-height:1.5;white-space:nowrap}
.scroll{overflow-x:auto;margin:.5rem 0}
table{border-collapse:collapse;width:100%;font-size:.875rem}
caption{text-align:left;font-weight:600;padding:.25rem 0}
th,td{text-align:left;vertical-align:top;padding:.3rem .7rem .3rem 0;border-bottom:1px solid var(--line);overflow-wrap:break-word;min-width:3.5rem}
th{color:var(--soft);font-weight:600;white-space:nowrap}
td.number,th.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
dl{display:grid;grid-template-columns:minmax(7rem,max-content) 1fr;gap:.2rem 1.1rem;margin:.6rem 0}
dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
details{margin:.6rem 0}summary{cursor:pointer;font-weight:600;font-size:.95rem}
figure{margin:.75rem 0;overflow-x:auto}figcaption{font-size:.875rem;color:var(--soft);margin-top:.3rem}
svg{display:block;width:100%;min-width:44rem;height:auto;font:13px system-ui,-apple-system,"Segoe UI",Roboto,Arial,"Liberation Sans",sans-serif}
svg text{fill:var(--ink)}svg .tick,svg .lane-who,svg .traffic{fill:var(--soft);font-size:11px}svg .lane-text{font-size:12px}
svg .grid{stroke:var(--line)}svg .lane{fill:var(--wash);opacity:.55}svg .bar{fill:var(--tone)}
svg .box{fill:var(--tone-wash);stroke:var(--tone);stroke-width:1.5}svg .box.plain{fill:var(--paper);stroke:var(--line)}
svg .edge{fill:none;stroke:var(--tone);opacity:.75}svg .arrow{fill:var(--soft)}
svg .machine{fill:var(--wash);stroke:var(--ink);stroke-width:2}svg .machine-text{font-weight:600}
footer{margin-top:3rem;padding-top:.75rem;border-top:1px solid var(--line);color:var(--soft);font-size:.85rem}
@media (max-width:40rem){body{padding:1rem .8rem 3rem}.verdict h2{font-size:1.35rem}dl{grid-template-columns:1fr;gap:0}dt{margin-top:.4rem}.card{padding:.2rem .7rem .8rem}}
@media print{:root{color-scheme:light}html{font-size:11pt}body{max-width:none;padding:0}nav{display:none}details::details-content{content-visibility:visible;block-size:auto}.scroll,figure{overflow:visible}svg{min-width:0}h2,h3,h4{break-after:avoid}tr,figure,pre{break-inside:avoid}pre{white-space:pre-wrap}}
`;
