// Asks the page's server once a second what there is to see, and draws it. It asks nobody else.

const COLOURS = { confirmed: "green", pending: "amber", rejected: "red", cancelled: "violet" };
const PAUSE = 1000;
const FEWEST = 60; // points: a minute, until there is more
const FEW_MILLISECONDS = 0.001;

const find = (id) => document.getElementById(id);

/** Make an element of attributes, and of children that are elements or text. */
function make(tag, attributes = {}, ...children) {
  const drawn = ["svg", "path", "title"].includes(tag);
  const element = drawn ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "onclick") element.addEventListener("click", value);
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

const number = (value) => (value >= 100 ? value.toFixed(0) : value.toFixed(1));
const percent = (share) => (share === 0 ? "0 %" : `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`);

function time(seconds) {
  if (seconds === null) return "–";
  if (seconds === 0) return "0 s";
  if (seconds < FEW_MILLISECONDS) return "< 1 ms";
  return seconds < 1 ? `${(seconds * 1000).toFixed(0)} ms` : `${seconds.toFixed(1)} s`;
}

/** Write the outline of values over the last minutes, a second each, the newest at the right. */
function outline(values, top) {
  const points = Math.max(FEWEST, values.length);
  const x = (index) => (((points - values.length + index) / (points - 1)) * 100).toFixed(2);
  const y = (value) => (38 - (value / top) * 36).toFixed(2);
  return values.map((value, index) => `${index ? "L" : "M"}${x(index)} ${y(value)}`).join("");
}

function area(values, top, colour, below = null) {
  const upper = outline(values, top);
  const base = below ?? values.map(() => 0);
  const lower = outline(base, top).replace(/[ML]/g, " L").trim().split(" L").map((point) => point.replace("L", ""));
  const fill = `${upper}L${lower.reverse().join("L")}Z`;
  return [
    make("path", { d: fill, fill: `var(--${colour})`, "fill-opacity": 0.22 }),
    make("path", { d: upper, fill: "none", stroke: `var(--${colour})` }),
  ];
}

function picture(title, newest, ...paths) {
  const svg = make("svg", { viewBox: "0 0 100 40", preserveAspectRatio: "none", role: "img", "aria-label": title }, ...paths);
  return make("figure", {}, svg, make("figcaption", {}, make("span", {}, title), make("span", {}, newest)));
}

function fact(term, value, unit = "", isBad = false) {
  const said = make("dd", isBad ? { class: "bad" } : {}, value, ...(unit ? [make("small", {}, ` ${unit}`)] : []));
  return make("div", {}, make("dt", {}, term), said);
}

const turn = (name, deed) => fetch(`services/${name}/${deed}`, { method: "POST", headers: { "X-Observe": "page" } });

function drawService(name, service) {
  const state = !service.is_up ? ["bad", "does not answer"] : service.is_ready ? ["good", "ready"] : ["", "not ready"];
  const deed = service.is_up ? ["kill", "Kill it"] : ["start", "Start it again"];
  const rates = service.history.map((moment) => moment.rate);
  const delays = service.history.map((moment) => moment.p95 ?? 0);
  const fastest = Math.max(1, ...rates), slowest = Math.max(0.05, ...delays);
  const peers = Object.entries(service.breakers).filter(([peer]) => peer !== name);
  return make(
    "article",
    { class: service.is_up ? "card" : "card away", "data-service": name, "data-state": state[1] },
    make(
      "div",
      { class: "name" },
      make("span", { class: `dot ${state[0]}` }),
      make("h2", {}, name),
      make("span", { class: "says" }, state[1]),
      make("button", { type: "button", onclick: () => turn(name, deed[0]) }, deed[1]),
    ),
    make(
      "dl",
      {},
      fact("a second", number(service.rate)),
      fact("failed", percent(service.errors), "", service.errors > 0.001),
      fact("p50", time(service.p50)),
      fact("p95", time(service.p95)),
      fact("p99", time(service.p99)),
    ),
    picture("Requests a second", `up to ${number(fastest)}`, ...area(rates, fastest, "blue")),
    picture("Latency, p95", `up to ${time(slowest)}`, ...area(delays, slowest, "violet")),
    make(
      "ul",
      { class: "chips", "aria-label": "Breakers" },
      ...peers.map(([peer, now]) => make("li", { class: now, "data-peer": peer }, `→ ${peer}: ${now.replace("_", " ")}`)),
    ),
  );
}

function drawOrders(orders) {
  const kinds = Object.keys(COLOURS);
  const layers = kinds.map((kind) => orders.history.map((moment) => moment[kind] ?? 0));
  const sums = layers.map((_, depth) => orders.history.map((_, at) => layers.slice(0, depth + 1).reduce((sum, layer) => sum + layer[at], 0)));
  const most = Math.max(1, ...(sums.at(-1) ?? []));
  const paths = sums.flatMap((sum, depth) => area(sum, most, COLOURS[kinds[depth]], sums[depth - 1]));
  const key = (kind) => make("span", { class: "key", style: `background: var(--${COLOURS[kind]})` });
  const rate = (kind) => number(orders.outcomes[kind] ?? 0);
  return [
    make(
      "dl",
      {},
      ...kinds.map((kind) => make("div", { "data-outcome": kind }, make("dt", {}, key(kind), kind), make("dd", {}, rate(kind), make("small", {}, " a second")))),
      make("div", { "data-waiting": "pending" }, make("dt", {}, "wait now"), make("dd", {}, String(orders.waiting.pending ?? 0))),
      make("div", { "data-waiting": "parked" }, make("dt", {}, "parked"), make("dd", {}, String(orders.waiting.parked ?? 0))),
      fact("the oldest waits", time(orders.oldest), "", orders.oldest > 60),
    ),
    picture("Orders a second by what became of them", `up to ${number(most)}`, ...paths),
  ];
}

function drawOperation(operation) {
  return make(
    "tr",
    {},
    make("td", {}, operation.name),
    make("td", {}, number(operation.rate)),
    make("td", operation.errors > 0.001 ? { class: "bad" } : {}, percent(operation.errors)),
    make("td", {}, time(operation.p95)),
  );
}

const drawAlert = (alert) => make("p", { class: alert.severity, "data-alert": alert.alertname }, make("strong", {}, alert.alertname), ` ${alert.summary}`);

function sayState(services, alerts) {
  const away = Object.entries(services).filter(([, service]) => !service.is_ready).map(([name]) => name);
  const wrong = [...(away.length ? [`not ready: ${away.join(", ")}`] : []), ...(alerts.length ? [`alerts: ${alerts.length}`] : [])];
  find("state").textContent = wrong.join("; ") || "all is well";
  find("state").className = wrong.length ? "bad" : "good";
}

function draw(seen) {
  const names = Object.keys(seen.services);
  sayState(seen.services, seen.alerts);
  find("services").replaceChildren(...names.map((name) => drawService(name, seen.services[name])));
  find("orders").replaceChildren(...drawOrders(seen.orders));
  const operations = names.flatMap((name) => seen.services[name].operations);
  find("operations").replaceChildren(...operations.sort((a, b) => b.rate - a.rate).map(drawOperation));
  find("alerts").hidden = seen.alerts.length === 0;
  find("alerts").replaceChildren(...seen.alerts.map(drawAlert));
  const link = seen.prometheus && make("a", { href: `${seen.prometheus}/alerts` }, "All alerts, in Prometheus.");
  find("prometheus").replaceChildren(link || "Without Prometheus there are no alerts.");
}

async function look() {
  try {
    draw(await (await fetch("figures")).json());
  } catch {
    find("state").textContent = "the page's server has ended";
    find("state").className = "bad";
  }
  setTimeout(look, PAUSE);
}

find("theme").addEventListener("click", () => {
  const chosen = document.documentElement.style.colorScheme;
  const isDark = chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.style.colorScheme = isDark ? "light" : "dark";
});

look();
