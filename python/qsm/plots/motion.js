// Replays a recorded run of a station: customers in line and at servers, and the curves of the still figure up to now.
// What happened comes with the page; this script only asks which of it lies before the time shown.
const SVG = "http://www.w3.org/2000/svg";
const draw = (name, parent, attributes = {}, text) => {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (text !== undefined) node.textContent = text;
  parent.append(node);
  return node;
};
const make = (name, parent, properties = {}) => {
  const node = Object.assign(document.createElement(name), properties);
  parent.append(node);
  return node;
};
const upTo = (times, now) => {  // how many of the sorted times are at most now
  let low = 0, high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] <= now) low = middle + 1; else high = middle;
  }
  return low;
};
const short = value => value === null ? "without bound" : Number(value.toPrecision(4)).toString();

function player(section, data) {
  const stage = section.querySelector('[data-part="stage"]');
  const figure = section.querySelector("figure svg");
  const gentle = matchMedia("(prefers-reduced-motion: reduce)");
  const { arrivals, starts, departures, server, servers, theory, end } = data;
  const ordered = [...departures].sort((a, b) => a - b);
  const events = [...new Set([...arrivals, ...starts, ...departures])].sort((a, b) => a - b);
  const served = Array.from({ length: servers }, () => []);
  server.forEach((at, customer) => served[at].push(customer));
  const waited = [0];
  starts.forEach((start, customer) => waited.push(waited[customer] + start - arrivals[customer]));

  // --- controls ---
  const row = make("div", stage, { className: "qsm-controls" });
  row.setAttribute("role", "group");
  row.setAttribute("aria-label", "playback");
  row.style.cssText = "display:flex;flex-wrap:wrap;gap:0.5em;align-items:center;margin:0.4em 0";
  const button = text => {
    const node = make("button", row, { type: "button", textContent: text });
    node.style.cssText = "min-width:5.5em;min-height:2em;font:inherit";
    return node;
  };
  const play = button("Play"), back = button("Step back"), step = button("Step"), again = button("Restart");
  const speedLabel = make("label", row, { textContent: "speed " });
  const speed = make("select", speedLabel);
  for (const factor of [0.1, 0.25, 0.5, 1, 2, 4, 8])
    make("option", speed, { value: factor, textContent: `${factor} ×`, selected: factor === 1 });
  const sliderLabel = make("label", row, { textContent: "time " });
  const slider = make("input", sliderLabel, { type: "range", min: 0, max: end, step: "any", value: 0 });
  slider.style.cssText = "width:min(22em,60vw);vertical-align:middle";
  for (const node of [section, play, back, step, again, speed, slider]) node.dataset.lmSuppressShortcuts = "true";

  // --- picture ---
  const rows = Math.ceil(Math.min(servers, 24) / 6), room = 30;
  const picture = draw("svg", stage, { viewBox: `0 0 640 ${Math.max(70, 34 + rows * 34)}`, role: "img" });
  picture.style.cssText = "width:100%;max-width:48em;height:auto;display:block";
  draw("title", picture, {}, "The station now");
  const saying = draw("desc", picture);
  draw("text", picture, { x: 4, y: 14, "font-size": 12 }, "waiting line");
  draw("text", picture, { x: 420, y: 14, "font-size": 12 }, servers > 24 ? "servers (24 of them)" : "servers");
  draw("path", picture, { d: "M404 22V62", stroke: "#595959", "stroke-dasharray": "3 3" });
  const line = Array.from({ length: room }, (_, place) =>
    draw("circle", picture, { cx: 392 - 13 * place, cy: 42, r: 5.2, fill: "#0072B2" }));
  const more = draw("text", picture, { x: 4, y: 62, "font-size": 12 });
  const boxes = Array.from({ length: Math.min(servers, 24) }, (_, place) => {
    const x = 420 + 36 * (place % 6), y = 26 + 34 * Math.floor(place / 6);
    draw("rect", picture, { x, y, width: 28, height: 28, rx: 4, fill: "none", stroke: "#595959", "stroke-width": 1.5 });
    return {
      done: draw("rect", picture, { x: x + 3, y: y + 22, width: 0, height: 4, fill: "#B34A00" }),
      who: draw("circle", picture, { cx: x + 14, cy: y + 12, r: 6.5, fill: "#B34A00" }),
    };
  });

  // --- words, numbers and curves ---
  const table = make("table", stage);
  make("caption", table, { textContent: "Now, and since the start" });
  const cells = {};
  const names = { time: "time [s]", waiting: "waiting", busy: "busy servers", left: "served", mean: "mean wait so far [s]", theory: "mean wait by theory [s]" };
  const head = make("tr", make("thead", table)), body = make("tr", make("tbody", table));
  for (const [key, name] of Object.entries(names)) {
    make("th", head, { textContent: name, scope: "col" });
    cells[key] = make("td", body);
    cells[key].style.cssText = "min-width:6em;text-align:right;font-variant-numeric:tabular-nums";
  }
  cells.theory.textContent = short(theory);
  const said = make("p", stage);
  said.setAttribute("role", "status");
  said.style.cssText = "min-height:1.3em;margin:0.3em 0";
  const clips = data.axes.map(([left, right, top, bottom], index) => {
    const id = `${section.dataset.motion}-${index}-${Math.random().toString(36).slice(2, 8)}`;
    const area = draw("rect", draw("clipPath", draw("defs", figure), { id }), { x: left, y: top - 9, width: 0, height: bottom - top + 18 });
    figure.querySelector(`[id$="-${data.curves[index]}"]`).setAttribute("clip-path", `url(#${id})`);
    const cursor = draw("path", figure, { stroke: "#595959", "stroke-width": 1, "data-cursor": index });
    return now => {
      const x = left + (right - left) * now / end;
      area.setAttribute("width", Math.max(0, x - left));
      cursor.setAttribute("d", `M${x.toFixed(1)} ${top}V${bottom}`);
    };
  });

  let now = 0, running = false, last = 0;
  const show = aloud => {
    const come = upTo(arrivals, now), begun = upTo(starts, now), left = upTo(ordered, now);
    const waiting = come - begun, busy = begun - left, mean = begun ? waited[begun] / begun : 0;
    line.forEach((dot, place) => dot.setAttribute("visibility", place < waiting ? "visible" : "hidden"));
    more.textContent = waiting > room ? `and ${waiting - room} more` : "";
    boxes.forEach(({ done, who }, place) => {
      const mine = served[place], last = mine[upTo(mine.map(customer => starts[customer]), now) - 1];
      const at = last !== undefined && departures[last] > now;
      const share = at ? (now - starts[last]) / (departures[last] - starts[last]) : 0;
      who.setAttribute("visibility", at ? "visible" : "hidden");
      done.setAttribute("width", (22 * share).toFixed(1));
    });
    for (const clip of clips) clip(now);
    Object.entries({ time: now.toPrecision(4), waiting, busy, left, mean: short(mean) })
      .forEach(([key, value]) => { cells[key].textContent = value; });
    const words = `At ${now.toPrecision(4)} s: ${waiting} waiting, ${busy} of ${servers} servers busy, ${left} served; ` +
      `mean wait so far ${short(mean)} s, by theory ${short(theory)} s.`;
    saying.textContent = words;
    slider.value = now;
    slider.setAttribute("aria-valuetext", words);
    if (aloud) said.textContent = words;
  };
  const pause = () => {
    running = false;
    play.textContent = "Play";
    play.setAttribute("aria-pressed", "false");
  };
  const go = (time, aloud = true) => { now = Math.min(end, Math.max(0, time)); show(aloud); };
  const tick = time => {
    if (!running || !section.isConnected) return;
    const passed = Math.min(1000, time - last);
    // A run takes a minute at speed 1. Where motion is to be reduced, the picture changes twice a second, and nothing slides.
    if (!gentle.matches || passed >= 500) {
      last = time;
      go(now + passed / 60000 * end * Number(speed.value), false);
      if (now >= end) { pause(); show(true); }
    }
    requestAnimationFrame(tick);
  };
  play.addEventListener("click", () => {
    if (running) { pause(); show(true); return; }
    if (now >= end) now = 0;
    running = true;
    play.textContent = "Pause";
    play.setAttribute("aria-pressed", "true");
    said.textContent = "";
    last = performance.now();
    requestAnimationFrame(tick);
  });
  step.addEventListener("click", () => { pause(); go(events[upTo(events, now)] ?? end); });
  back.addEventListener("click", () => { pause(); go(events.findLast(time => time < now) ?? 0); });
  again.addEventListener("click", () => { pause(); go(0); });
  slider.addEventListener("input", () => { pause(); said.textContent = ""; go(slider.valueAsNumber, false); });
  play.setAttribute("aria-pressed", "false");
  show(false);
}

function begin(mark, data) {
  for (const section of document.querySelectorAll(`[data-motion="${mark}"]:not([data-ready])`)) {
    section.dataset.ready = "true";
    player(section, data);
  }
}
