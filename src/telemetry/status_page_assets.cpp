#include "telemetry/status_page.hpp"

namespace oes {

std::string_view status_page_style() {
  return R"css(
:root{color-scheme:light dark;--bg:#f6f6f2;--card:#fff;--ink:#1e2528;--soft:#5b656b;--line:#e2e3dd;
--good:#1d6b41;--info:#275d9b;--warn:#855408;--bad:#a92f25;--tint:10%}
@media(prefers-color-scheme:dark){:root{--bg:#131719;--card:#1a1f22;--ink:#e4e8e6;--soft:#9fa9af;--line:#2f363a;
--good:#6fc793;--info:#84b4ea;--warn:#e2b062;--bad:#f08e83;--tint:16%}}
*{box-sizing:border-box}
[hidden]{display:none!important}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;
font-variant-numeric:tabular-nums}
main,footer{max-width:1180px;margin:0 auto;padding:0 24px}
main{padding-top:28px}
header{display:flex;flex-wrap:wrap;align-items:center;gap:10px 16px}
h1{font-size:20px;font-weight:650;letter-spacing:-.01em;margin:0;overflow-wrap:anywhere}
h2{font-size:15px;font-weight:600;margin:32px 0 10px}h3{font-size:15px;font-weight:600;margin:0 0 8px}
small,.soft{color:var(--soft);font-size:13px}small{display:block;font-weight:400;overflow-wrap:anywhere}
.clock{margin-left:auto;text-align:right}
.mark{display:inline-flex;align-items:center;gap:8px;white-space:nowrap;color:var(--tone)}
.mark:before{content:"";width:8px;height:8px;border-radius:50%;background:currentColor;flex:none}
.pill{padding:3px 12px 3px 10px;border-radius:99px;font-weight:550;font-size:14px;
background:color-mix(in srgb,var(--tone) var(--tint),transparent)}
.good{--tone:var(--good)}.info{--tone:var(--info)}.warn{--tone:var(--warn)}.bad{--tone:var(--bad)}.idle{--tone:var(--soft)}
.health{margin-top:16px;padding:16px 20px;border-radius:14px;border-left:5px solid var(--tone);
background:color-mix(in srgb,var(--tone) var(--tint),var(--card));overflow-wrap:anywhere}
.sentence{margin:0;font-size:24px;font-weight:650;letter-spacing:-.01em;line-height:1.25}
.reason{margin:10px 0 0}.reason b{font-weight:600;display:block}.reason span{display:block}
.card,dl{background:var(--card);border:1px solid var(--line);border-radius:14px}
dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(190px,1fr));margin:16px 0 0;overflow:hidden;gap:1px;
background:var(--line)}
dl div{padding:14px 20px;min-width:0;background:var(--card)}
dt{color:var(--soft);font-size:13px}
dd{margin:2px 0 0;font-size:20px;font-weight:600;letter-spacing:-.01em}dd small{letter-spacing:0}
.bar{display:block;width:100%;height:4px;border-radius:2px;margin:6px 0 4px;fill:var(--tone)}.bar .all{fill:var(--line)}
.card{overflow:hidden}
.head{display:flex;flex-wrap:wrap;align-items:end;justify-content:space-between;gap:0 20px}
.tools{display:flex;flex-wrap:wrap;align-items:center;gap:8px 16px;margin:0 0 10px;font-size:13px}
.tools input,.tools select{font:inherit;color:inherit;background:var(--card);border:1px solid var(--soft);border-radius:8px;
padding:5px 8px;margin-left:4px}.tools input{width:230px;max-width:60vw}
:focus-visible{outline:2px solid var(--info);outline-offset:2px}
table{width:100%;border-collapse:collapse}
thead th{font-weight:500;font-size:13px;color:var(--soft);text-align:left;padding:10px 12px}
td,tbody th{padding:10px 12px;vertical-align:top;text-align:left;font-weight:400}
tbody th{font-weight:600;overflow-wrap:anywhere}
tr>:first-child{padding-left:20px}tr>:last-child{padding-right:20px}
tbody tr{border-top:1px solid var(--line)}
th.n,td.n{text-align:right;white-space:nowrap}td.n small{white-space:normal}
td b{font-weight:600}.late{color:var(--warn)}
.why{margin:4px 0 0;color:var(--tone);font-size:13.5px;overflow-wrap:anywhere;max-width:34em}
.spark{display:block;width:110px;height:22px;margin:6px 0 0 auto;fill:none;stroke:var(--info);stroke-width:1.3}
.spark path,.line{vector-effect:non-scaling-stroke}
figure{margin:0 0 14px;padding:16px 20px}
.stack,.price{display:block;width:calc(100% - 56px);margin-left:56px;overflow:visible}.stack{height:250px}.price{height:150px;margin-top:14px}
.line{fill:none;stroke-width:1.6;stroke:var(--tint-of)}
.grid{stroke:var(--ink);stroke-opacity:.13}
.tick{font-size:11px;fill:var(--ink);paint-order:stroke;stroke:var(--card);stroke-width:3px;stroke-linejoin:round}
.left{text-anchor:end}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:4px 16px;margin:8px 0 0;padding:0;font-size:13px}
.swatch{width:10px;height:10px;border-radius:2px;margin-right:6px;vertical-align:-1px}
figcaption{color:var(--soft);font-size:13px;margin-top:10px}
.f-coal{fill:#6b5f58}.f-gas{fill:#d98a4b}.f-distillate{fill:#b5473c}.f-bioenergy{fill:#8c8a3c}.f-hydro{fill:#4a90c2}
.f-wind{fill:#5aa567}.f-solar{fill:#e9c23b}.f-battery,.f-battery_discharging{fill:#8767c4}.f-battery_charging{fill:#b79fe0}
.f-pumps{fill:#8cc1e3}.f-other{fill:#9a9fa3}
.p-0{--tint-of:#c8452f;fill:#c8452f}.p-1{--tint-of:#2f74c8;fill:#2f74c8}.p-2{--tint-of:#3f9a55;fill:#3f9a55}
.p-3{--tint-of:#9a5fc0;fill:#9a5fc0}.p-4{--tint-of:#c08a1d;fill:#c08a1d}.line{fill:none}
ol{list-style:none;margin:0;padding:8px 0}
.records{font:13px/1.6 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
.records li{display:grid;grid-template-columns:12.5em minmax(8em,22em) 8em 12em 7em;gap:0 12px;padding:2px 20px}
.records li>:nth-child(4){text-align:right}.records .raw{display:block;overflow-wrap:anywhere;color:var(--soft)}
.records .wide>:nth-child(3){grid-column:3/5}
.scrolls{max-height:320px;overflow:auto}
.events li{display:grid;grid-template-columns:13em 8em 1fr;gap:0 12px;padding:4px 20px;font-size:14px;overflow-wrap:anywhere}
.events time{color:var(--soft)}
.none{padding:18px 20px;color:var(--soft);margin:0}figure .none{padding:6px 0}
.job{padding:18px 20px;margin:0}.job progress{accent-color:var(--good);width:12em;margin:0 .6em;vertical-align:middle}
footer{padding-top:24px;padding-bottom:40px;display:flex;flex-wrap:wrap;gap:4px 20px;overflow-wrap:anywhere}
a{color:inherit;text-underline-offset:3px}
#lost,#paused{position:fixed;inset:auto 0 0;padding:12px 24px;background:var(--bad);color:var(--bg);font-weight:600;text-align:center}
#paused{background:var(--warn)}
.lost #live{filter:grayscale(1)}
@media(max-width:820px){main,footer{padding-left:14px;padding-right:14px}main{padding-top:18px}
.clock{margin-left:0;text-align:left;width:100%}.sentence{font-size:21px}dl{grid-template-columns:1fr 1fr}dl div{padding:12px 14px}
dl div:last-child:nth-child(odd){grid-column:1/-1}
table,tbody{display:block}thead{position:absolute;clip-path:inset(50%);height:1px;overflow:hidden}
tbody tr{display:grid;grid-template-columns:1fr 1fr;gap:8px 14px;padding:12px 14px}
tr>td,tr>th,tr>:first-child,tr>:last-child{display:block;padding:0;text-align:left}
tbody tr:first-child{border-top:0}tbody th,td[data-is="State"]{grid-column:1/-1}
td.n{text-align:left}.spark{margin-left:0}
td[data-is]:before{content:attr(data-is);display:block;color:var(--soft);font-size:12px}td[data-is="State"]:before{display:none}
figure{padding:12px 14px}.stack{height:200px}.price{height:130px}
.records li{grid-template-columns:1fr auto;padding:5px 14px}.records li>:nth-child(4){text-align:right}
.records li>:nth-child(1){grid-column:1/-1;color:var(--soft)}.records li>:nth-child(3){display:none}
.records .wide>:nth-child(3){display:block;grid-column:1/-1}
.events li{grid-template-columns:auto 1fr;padding:6px 14px}.events li>:last-child{grid-column:1/-1}}
)css";
}

// The server writes the page in one place only. The script asks for it again and changes what has changed, in place:
// what has the focus keeps it, and nothing scrolls. Rows are filtered and sorted in the new page before it is compared,
// so that they are never seen otherwise. It asks only while someone looks.
std::string_view status_page_script() {
  return R"js(
const tools=()=>document.getElementById("tools");
function arrange(page){
  const form=page.getElementById("tools");
  if(!form)return;
  form.hidden=false;
  const wanted=(document.getElementById("filter")?.value||"").toLowerCase().split(/\s+/).filter(Boolean);
  const by=document.getElementById("sort")?.value||"";
  const body=page.getElementById("rows");
  const rows=[...body.children];
  const number=(row,name)=>Number(row.dataset[name]);
  const order={state:(a,b)=>number(b,"state")-number(a,"state"),lag:(a,b)=>number(b,"lag")-number(a,"lag"),
    next:(a,b)=>number(a,"next")-number(b,"next")}[by]||(()=>0);
  rows.sort((a,b)=>order(a,b)||(a.dataset.key<b.dataset.key?-1:1)).forEach(row=>body.append(row));
  let shown=0;
  for(const row of rows){
    const text=row.textContent.toLowerCase();
    row.hidden=!wanted.every(word=>text.includes(word));
    if(!row.hidden)shown++;
  }
  const all=rows.length+" streams";
  page.getElementById("count").textContent=shown===rows.length?all:shown+" of "+all;
}
function change(old,now){
  if(old.nodeType!==now.nodeType||old.nodeName!==now.nodeName||old.dataset?.key!==now.dataset?.key)return old.replaceWith(now);
  if(old.nodeType!==1){if(old.data!==now.data)old.data=now.data;return}
  if(old.isEqualNode(now))return;
  for(const {name} of [...old.attributes])if(!now.hasAttribute(name))old.removeAttribute(name);
  for(const {name,value} of now.attributes)if(old.getAttribute(name)!==value)old.setAttribute(name,value);
  const keyed=new Map([...old.children].filter(c=>c.dataset.key!==undefined).map(c=>[c.dataset.key,c]));
  const wanted=[...now.childNodes];
  wanted.forEach((child,i)=>{
    const same=keyed.get(child.dataset?.key);
    if(same&&same!==old.childNodes[i])old.insertBefore(same,old.childNodes[i]||null);
    const there=old.childNodes[i];
    if(there)change(there,child);else old.append(child);
  });
  while(old.childNodes.length>wanted.length)old.lastChild.remove();
}
let selected=0;
function paused(){
  selected=getSelection().isCollapsed?0:selected||Date.now();
  document.getElementById("paused").hidden=!selected||Date.now()-selected<10000;
  return selected>0;
}
async function refresh(){
  if(document.hidden||paused())return;
  try{
    const answer=await fetch(location.pathname,{cache:"no-store",signal:AbortSignal.timeout(5000)});
    if(!answer.ok)throw 0;
    const next=new DOMParser().parseFromString(await answer.text(),"text/html");
    arrange(next);
    change(document.getElementById("live"),next.getElementById("live"));
    if(document.title!==next.title)document.title=next.title;
    lose(false);
  }catch{lose(true)}
}
function lose(lost){document.getElementById("lost").hidden=!lost;document.body.classList.toggle("lost",lost)}
arrange(document);
document.addEventListener("input",event=>{if(event.target.form===tools())arrange(document)});
document.addEventListener("submit",event=>event.preventDefault());
document.addEventListener("visibilitychange",refresh);
setInterval(refresh,2000);
)js";
}

}  // namespace oes
