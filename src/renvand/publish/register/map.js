// The map of the register: `facts` holds everything that is shown.
"use strict";
const $ = (id) => document.getElementById(id);
const words = facts.words;
const language = document.documentElement.lang;
const number = (x, digits) =>
  x === null ? "–" : x.toLocaleString(language, { maximumSignificantDigits: digits });
const chart = echarts.init($("map"), null, { renderer: "canvas" });
echarts.registerMap("region", facts.shape);

for (const sector of facts.sectors) {
  const label = document.createElement("label");
  const box = Object.assign(document.createElement("input"), {
    type: "checkbox", checked: true, value: sector.id, name: "sector",
  });
  const dot = Object.assign(document.createElement("span"), { className: "dot" });
  dot.style.background = sector.tone;
  label.append(box, dot, sector.name);
  $("sectors").append(label);
}
for (const [id, name] of facts.divisions) $("division").append(new Option(name, id));

const largest = Math.log10(Math.max(...facts.sites.map((s) => s.load || 1), 10));
const size = (load) => 5 + 20 * Math.max(0, Math.log10(load || 1) / largest - 0.5) * 2;
const million = (load) => (load === null ? null : load / 1e6);

function told(site) {
  const lines = [
    [words.rank, number(site.rank, 6)],
    [words.load, `${number(million(site.load), 3)} ${words.load_unit}`],
    [words.exceedance, number(site.exceedance, 2)],
    [words.probability, site.probability_first === null ? "–"
      : site.probability_first.toLocaleString(language, { style: "percent" })],
    [words.quality, words[site.quality] || "–"],
  ];
  const box = document.createElement("div");
  const name = document.createElement("strong");
  name.textContent = site.name;
  box.append(name);
  for (const [key, value] of lines) {
    const line = document.createElement("div");
    line.textContent = `${key}: ${value}`;
    box.append(line);
  }
  return box;
}

function wanted() {
  const sectors = new Set([...document.querySelectorAll("[name=sector]:checked")].map((b) => b.value));
  const division = $("division").value;
  const first = Number($("first").value) || Infinity;
  const text = $("search").value.trim().toLowerCase();
  return facts.sites.filter((s) =>
    sectors.has(s.sector || "") &&
    (!division || s.division === division) &&
    (first === Infinity || (s.rank !== null && s.rank <= first)) &&
    (!$("exceeding").checked || s.exceedance > 1) &&
    (!text || `${s.name} ${s.id}`.toLowerCase().includes(text)));
}

function series(sites) {
  return facts.sectors.map((sector) => ({
    id: `sector-${sector.id}`, type: "scatter", coordinateSystem: "geo", zlevel: 1,
    itemStyle: { color: sector.tone, opacity: 0.75, borderColor: "#fff", borderWidth: 0.5 },
    emphasis: { itemStyle: { borderColor: facts.tones.ink, borderWidth: 2, opacity: 1 } },
    data: sites.filter((s) => (s.sector || "") === sector.id)
      .map((s) => ({ value: s.at, site: s, symbolSize: size(s.load) })),
  }));
}

function listed(sites) {
  const body = document.querySelector("#list tbody");
  body.replaceChildren();
  const sorted = [...sites].sort((a, b) => (a.rank ?? Infinity) - (b.rank ?? Infinity));
  for (const site of sorted.slice(0, 500)) {
    const row = body.insertRow();
    row.tabIndex = 0;
    for (const text of [number(site.rank, 6), site.name, number(million(site.load), 3)])
      row.insertCell().textContent = text;
    const go = () => {
      chart.setOption({ geo: { center: site.at, zoom: Math.max(zoom(), 6) } });
      const at = facts.sectors.findIndex((s) => s.id === (site.sector || ""));
      const inside = chart.getOption().series[at + 1].data.findIndex((d) => d.site.id === site.id);
      chart.dispatchAction({ type: "showTip", seriesIndex: at + 1, dataIndex: inside });
    };
    row.addEventListener("click", go);
    row.addEventListener("keydown", (event) => { if (event.key === "Enter") go(); });
  }
}

function show() {
  const sites = wanted();
  chart.setOption({ series: series(sites) });
  listed(sites);
  $("count").textContent = words.shown.replace("{count}", sites.length)
    .replace("{total}", facts.sites.length);
}

const zoom = () => chart.getOption().geo[0].zoom || 1;
const whole = { zoom: 1, center: undefined };
chart.setOption({
  animation: false,
  tooltip: { formatter: (p) => (p.data && p.data.site ? told(p.data.site) : ""), confine: true },
  geo: {
    map: "region", roam: true, zoom: 1, scaleLimit: { min: 0.8, max: 200 }, silent: true,
    nameProperty: "name_zh", label: { show: false }, layoutCenter: ["50%", "50%"],
    layoutSize: "98%",
    itemStyle: { areaColor: facts.tones.land, borderColor: facts.tones.edge },
  },
  series: [
    { id: "rivers", type: "lines", coordinateSystem: "geo", polyline: true, silent: true,
      lineStyle: { color: facts.tones.river, width: 1.5, opacity: 1 },
      data: facts.rivers.map((coords) => ({ coords })) },
    ...series(facts.sites),
  ],
});
$("filters").addEventListener("input", show);
$("in").addEventListener("click", () => chart.setOption({ geo: { zoom: zoom() * 1.5 } }));
$("out").addEventListener("click", () => chart.setOption({ geo: { zoom: zoom() / 1.5 } }));
$("whole").addEventListener("click", () => chart.setOption({ geo: whole }));
addEventListener("resize", () => chart.resize());
show();
