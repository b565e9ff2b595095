#include "telemetry/status_page.hpp"

namespace oes {

std::string_view status_page_style() {
  return R"css(
:root{color-scheme:light dark;--bg:#f6f6f2;--card:#fff;--ink:#1e2528;--soft:#667077;--line:#e5e6e0;
--good:#23784a;--info:#2f66a6;--warn:#95600b;--bad:#b1352a;--tint:10%}
@media(prefers-color-scheme:dark){:root{--bg:#131719;--card:#1a1f22;--ink:#e4e8e6;--soft:#97a2a8;--line:#2a3135;
--good:#6fc793;--info:#84b4ea;--warn:#e2b062;--bad:#f08e83;--tint:16%}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;
font-variant-numeric:tabular-nums}
main,footer{max-width:1120px;margin:0 auto;padding:0 24px}
main{padding-top:36px}
header{display:flex;flex-wrap:wrap;align-items:center;gap:10px 16px}
h1{font-size:22px;font-weight:650;letter-spacing:-.01em;margin:0}
h2{font-size:15px;font-weight:600;margin:36px 0 10px}
small,.soft{color:var(--soft);font-size:13px}
td small{display:block;overflow-wrap:anywhere}
.clock{margin-left:auto;text-align:right}
.mark{display:inline-flex;align-items:center;gap:8px;white-space:nowrap;color:var(--tone)}
.mark:before{content:"";width:8px;height:8px;border-radius:50%;background:currentColor;flex:none}
.pill{padding:3px 12px 3px 10px;border-radius:99px;font-weight:550;font-size:14px;
background:color-mix(in srgb,var(--tone) var(--tint),transparent)}
.good{--tone:var(--good)}.info{--tone:var(--info)}.warn{--tone:var(--warn)}.bad{--tone:var(--bad)}.idle{--tone:var(--soft)}
.note{margin:16px 0 0;padding:10px 14px;border-radius:10px;overflow-wrap:anywhere;
background:color-mix(in srgb,var(--tone) var(--tint),transparent)}
.card,dl{background:var(--card);border:1px solid var(--line);border-radius:14px}
dl{display:grid;grid-template-columns:repeat(5,1fr);margin:24px 0 0;overflow:hidden}
dl div{padding:16px 20px;border-left:1px solid var(--line);min-width:0}
dl div:first-child{border-left:0}
dt{color:var(--soft);font-size:13px}
dd{margin:2px 0 0;font-size:22px;font-weight:600;letter-spacing:-.01em}
dd small{display:block;font-weight:400;letter-spacing:0}
.bar{display:block;height:4px;border-radius:2px;margin-top:8px;overflow:hidden;background:var(--line)}
.bar i{display:block;height:100%;border-radius:2px;background:var(--tone)}
.card{overflow:hidden}
table{width:100%;border-collapse:collapse}
th{font-weight:500;font-size:13px;color:var(--soft);text-align:left;padding:10px 14px}
td{padding:10px 14px;vertical-align:top}
th:first-child,td:first-child{padding-left:20px}th:last-child,td:last-child{padding-right:20px}
tbody{border-top:1px solid var(--line)}
.n{text-align:right;white-space:nowrap}
td b{font-weight:600;overflow-wrap:anywhere}
.why td{padding-top:0;color:var(--tone);font-size:13.5px;overflow-wrap:anywhere}
ol{list-style:none;margin:0;padding:8px 0;font:13px/1.6 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;color:var(--soft)}
li{padding:3px 20px;word-break:break-all;display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:1;overflow:hidden;
margin:2px 0}
.none{padding:18px 20px;color:var(--soft);margin:0}
.job{padding:18px 20px;margin:0}.job progress{accent-color:var(--good);width:12em;margin:0 .6em;vertical-align:middle}
footer{padding-top:24px;padding-bottom:40px;display:flex;flex-wrap:wrap;gap:4px 20px;overflow-wrap:anywhere}
a{color:inherit;text-underline-offset:3px;text-decoration-color:var(--line)}a:hover{text-decoration-color:currentColor}
#lost{display:none}.lost #lost{display:block}.lost #live{opacity:.55}
@media(max-width:760px){main,footer{padding-left:16px;padding-right:16px}main{padding-top:22px}.clock{margin-left:0;text-align:left;width:100%}
dl{grid-template-columns:1fr 1fr}dl div{border-left:0;padding:12px 16px}dl div+div{border-top:1px solid var(--line)}
dl div:nth-child(2){border-top:0}dl div:nth-child(even){border-left:1px solid var(--line)}dl div:last-child:nth-child(odd){grid-column:1/-1}
thead{display:none}table,tbody{display:block}tbody{padding:12px 16px}thead+tbody{border-top:0}
tr{display:grid;grid-template-columns:repeat(6,minmax(0,1fr));gap:10px 12px}
td,td:first-child,td:last-child{display:block;padding:0;text-align:left;grid-column:span 3;overflow-wrap:anywhere}
tr td.n,tr td.n:last-child{grid-column:span 2;text-align:left}td:nth-child(-n+2) small{overflow-wrap:anywhere}
td[data-is]:before{content:attr(data-is);display:block;color:var(--soft);font-size:12px}
.why{display:block;margin-top:10px}li{padding:3px 16px;-webkit-line-clamp:3}.none{padding:16px}}
)css";
}

// The server writes the page in one place only; the script asks for it again and puts the new part in. It leaves the
// page alone while someone selects text, and says when the daemon no longer answers.
std::string_view status_page_script() {
  return R"js(
setInterval(async()=>{
  if(document.hidden||!getSelection().isCollapsed)return;
  try{
    const answer=await fetch(location.pathname,{cache:"no-store",signal:AbortSignal.timeout(5000)});
    if(!answer.ok)throw 0;
    const next=new DOMParser().parseFromString(await answer.text(),"text/html");
    document.getElementById("live").replaceWith(next.getElementById("live"));
    document.title=next.title;
    document.body.classList.remove("lost");
  }catch{document.body.classList.add("lost")}
},2000);
)js";
}

}  // namespace oes
