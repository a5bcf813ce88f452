// Draws the charts of a report from the document in #charts. Names in it come from a scenario:
// they only ever become text.
"use strict";
(() => {
  const specs = JSON.parse(document.getElementById("charts").textContent);
  const groups = new Map();  // by name: the charts that share a crosshair
  const drawn = [];

  const looks = {
    p50: ["p50", [2, 3], "circle"], p95: ["p95", [7, 4], "rect"], p99: ["p99", [], "triangle"],
    offered: ["c6", [6, 4], "rectRot"], served: ["c0", [], "circle"], goodput: ["c2", [2, 3], "triangle"],
  };
  [[], [8, 4], [2, 3], [9, 3, 2, 3], [13, 4], [4, 2], [1, 4], [6, 2, 2, 2]].forEach((dash, i) => {
    const mark = ["circle", "rect", "triangle", "rectRot", "rectRounded", "star", "crossRot", "cross"][i];
    looks["c" + i] = ["c" + i, dash, mark];
  });
  const look = (style) => looks[style] || looks.c0;
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
  const faded = (hex, share) => hex + Math.round(share * 255).toString(16).padStart(2, "0");

  // Numbers for people: three digits and a unit.
  const digits = (v) => {
    const size = Math.abs(v);
    if (size >= 1000) return Math.round(v).toLocaleString("en-US");
    return String(Number(v.toPrecision(3)));
  };
  const seconds = (v) => {
    if (v === 0) return "0";
    for (const [size, unit] of [[1, " s"], [1e-3, " ms"], [1e-6, " µs"]]) {
      if (Math.abs(v) >= 0.9995 * size) return digits(v / size) + unit;
    }
    return digits(v / 1e-9) + " ns";
  };
  const shown = (v, unit) => unit === "s" ? seconds(v) : unit === "share" ? digits(100 * v) + " %"
    : unit === "/s" ? digits(v) + " /s" : digits(v);
  // A moment on an axis that is `length` seconds long, and what its text means.
  const clocks = [[172800, 86400, "d:h", 3600], [7200, 3600, "h:min", 60], [120, 60, "min:s", 1]];
  const clock = (length) => clocks.find(([least]) => length >= least);
  const moment = (v, length) => {
    if (!clock(length)) return v === 0 ? "0" : seconds(v);
    const [, large, , small] = clock(length);
    const rest = Math.round((v % large) / small);
    return Math.floor(v / large + 1e-9) + ":" + String(rest).padStart(2, "0");
  };
  const percentile = (nines) => {
    const left = 100 / nines;  // of a hundred
    const places = Math.max(0, Math.min(8, Math.ceil(-Math.log10(left) + 0.01)));
    return String(Number((100 - left).toFixed(places)));
  };

  const known = (values) => (values || []).filter((v) => v !== null);
  const pairs = (xs, ys, floor) => xs.map((x, i) => ({
    x, y: ys[i] === null || ys[i] === undefined ? null : Math.max(ys[i], floor),
  }));

  // Where the values lie, and whether only a logarithm shows them all.
  function heights(spec) {
    // The fastest requests have no weight on a percentile axis: the upper half decides.
    const counts = (line, i) => spec.across !== "share" || line.x[i] >= 2;
    const values = spec.lines.flatMap((line) => known(line.y.filter((_, i) => counts(line, i))));
    if (!values.length) values.push(...spec.lines.flatMap((line) => known(line.y)));
    const most = Math.max(...values, ...spec.lines.flatMap((line) => known(line.high)));
    const positive = values.filter((v) => v > 0);
    const least = positive.length ? Math.min(...positive) : 0;
    // By the bulk of the values: one far outlier alone does not make a logarithm.
    const log = spec.unit === "s" && least > 0 && Math.max(...values) / least > 40;
    const isNear = (limit) => spec.unit === "share" || limit.at <= (log ? 20 : 4) * Math.max(...values);
    const near = (spec.limits || []).filter(isNear);
    const top = Math.max(most, ...near.map((l) => l.at)) * 1.04;
    // A share ends at one.
    const max = spec.unit === "share" && most <= 1 && top > 0.6 ? 1 : undefined;
    return { log, near, max, floor: log ? least / 1.3 : -Infinity,
      min: log ? least / 1.3 : 0, top: top > 0 ? top : spec.unit === "share" ? 0.01 : 1 };
  }

  function datasets(spec, floor) {
    const sets = [];
    for (const line of spec.lines) {
      const [name, dash, mark] = look(line.style);
      const ink = colour(name);
      const xs = line.x || spec.x;
      const base = { borderColor: ink, backgroundColor: ink, pointRadius: 0, pointHoverRadius: 0, borderWidth: 0 };
      if (line.low && !line.whiskers) {
        sets.push({ ...base, data: pairs(xs, line.low, floor), band: true });
        sets.push({ ...base, data: pairs(xs, line.high, floor), band: true, fill: "-1", backgroundColor: faded(ink, 0.18) });
      }
      const points = line.whiskers || spec.across === "number";
      sets.push({ ...base, data: pairs(xs, line.y, floor), line, showLine: !line.whiskers, borderWidth: 2,
        borderDash: dash, borderJoinStyle: "round", pointStyle: mark, pointRadius: points ? 4 : 0,
        pointBorderWidth: 1.5, pointHoverRadius: 5, clip: 6 });
    }
    return sets;
  }

  // Ticks that people would choose.
  function timeTicks(from, to, room) {
    const steps = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300,
      600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400, 172800, 604800, 2592000, 31536000];
    const wanted = Math.max(3, Math.floor(room / 75));
    const step = steps.find((s) => (to - from) / s <= wanted) || (to - from) / wanted;
    const ticks = [];
    for (let v = Math.ceil(from / step) * step; v <= to * 1.000001; v += step) ticks.push({ value: v });
    return ticks;
  }
  // Of these values those whose labels do not meet, the least and the largest among them.
  function apart(values, room) {
    const rising = values.sort((a, b) => a - b), last = rising[rising.length - 1];
    const least = (last - rising[0]) * 62 / room;
    const kept = [];
    for (const v of rising) {
      if (!kept.length || v === last || (v - kept[kept.length - 1] >= least && last - v >= least)) kept.push(v);
    }
    return kept;
  }
  function shareTicks(to) {
    const ticks = [{ value: 1 }, { value: 2 }];
    for (let v = 10; v <= to * 1.0001; v *= 10) ticks.push({ value: v });
    return ticks;
  }

  function across(spec) {
    const xs = spec.lines.flatMap((line) => line.x || spec.x || []);
    const low = Math.min(...xs), high = Math.max(...xs);
    const axis = {
      type: spec.across === "share" ? "logarithmic" : "linear", min: low, max: high,
      title: { display: spec.xTitle !== "", text: spec.xTitle, color: colour("soft"), font: { size: 12 } },
      grid: { color: colour("grid"), borderColor: colour("line"), tickColor: colour("line") },
      ticks: { color: colour("soft"), maxRotation: 0, autoSkipPadding: 10, font: { size: 11.5 } },
    };
    if (spec.across === "share") {
      axis.afterBuildTicks = (scale) => { scale.ticks = shareTicks(scale.max); };
      axis.ticks.callback = percentile;
    } else if (spec.across === "time") {
      axis.min = 0;
      axis.max = high + low;  // places are the middles of windows
      axis.afterBuildTicks = (scale) => { scale.ticks = timeTicks(scale.min, scale.max, scale.width); };
      axis.ticks.callback = (v) => moment(v, axis.max);
      if (clock(axis.max) && spec.xTitle) axis.title.text += " (" + clock(axis.max)[2] + ")";
    } else {
      const room = (high - low || 1) * 0.025;
      axis.min = low - room;
      axis.max = high + room;
      const texts = new Map((spec.ticks || []).map((t) => [t.at, t.text]));
      if (texts.size) {
        axis.afterBuildTicks = (scale) => { scale.ticks = apart([...texts.keys()], scale.width).map((value) => ({ value })); };
        axis.ticks.callback = (v) => texts.get(v);
      }
    }
    return axis;
  }

  const withinArea = (chart, draw) => {
    const { ctx, chartArea: a } = chart;
    ctx.save();
    ctx.beginPath();
    ctx.rect(a.left, a.top, a.width, a.height);
    ctx.clip();
    draw(ctx, a);
    ctx.restore();
  };

  function hatch(ctx, left, right, area, ink) {
    ctx.fillStyle = faded(ink, 0.08);
    ctx.fillRect(left, area.top, right - left, area.height);
    ctx.save();
    ctx.beginPath();
    ctx.rect(left, area.top, right - left, area.height);
    ctx.clip();
    ctx.strokeStyle = faded(ink, 0.45);
    ctx.lineWidth = 1;
    ctx.beginPath();
    for (let x = left - area.height; x < right; x += 9) {
      ctx.moveTo(x, area.bottom);
      ctx.lineTo(x + area.height, area.top);
    }
    ctx.stroke();
    ctx.restore();
  }

  // A text on a ground of its own, held within the area; where it ends.
  function label(ctx, text, x, y, area, ink) {
    ctx.font = "11.5px " + Chart.defaults.font.family;
    const most = area.width - 8;
    let short = text;
    while (short.length > 4 && ctx.measureText(short).width > most) short = short.slice(0, -2).trimEnd() + "…";
    const width = ctx.measureText(short).width;
    const left = Math.max(area.left + 3, Math.min(x, area.right - width - 5));
    ctx.fillStyle = faded(colour("card"), 0.82);
    ctx.fillRect(left - 3, y - 7.5, width + 6, 15);
    ctx.fillStyle = ink;
    ctx.textBaseline = "middle";
    ctx.fillText(short, left, y + 0.5);
    return left + width;
  }

  const straight = (ctx, x1, y1, x2, y2, ink, dash) => {
    ctx.strokeStyle = ink;
    ctx.setLineDash(dash);
    ctx.beginPath();
    ctx.moveTo(x1, y1);
    ctx.lineTo(x2, y2);
    ctx.stroke();
    ctx.setLineDash([]);
  };
  const upright = (ctx, x, area, ink, dash) => straight(ctx, x, area.top, x, area.bottom, ink, dash);

  const extras = {
    id: "extras",
    beforeDatasetsDraw(chart) {
      const { spec } = chart.config.options;
      withinArea(chart, (ctx, area) => {
        for (const span of spec.shaded || []) {
          const left = chart.scales.x.getPixelForValue(span.from), right = chart.scales.x.getPixelForValue(span.to);
          ctx.fillStyle = faded(colour("shade"), 0.1);
          ctx.fillRect(left, area.top, right - left, area.height);
          ctx.lineWidth = 1;
          for (const x of [left, right]) upright(ctx, x, area, faded(colour("shade"), 0.5), [3, 3]);
        }
        for (const span of spec.unsettled || []) {
          const last = Math.max(...spec.x), first = Math.min(...spec.x);
          const left = span.from <= first ? area.left : chart.scales.x.getPixelForValue(span.from);
          const right = span.to >= last ? area.right : chart.scales.x.getPixelForValue(span.to);
          hatch(ctx, left, right, area, colour("undecided"));
        }
      });
    },
    afterDatasetsDraw(chart) {
      const { spec, near } = chart.config.options;
      const { x, y } = chart.scales;
      withinArea(chart, (ctx, area) => {
        chart.data.datasets.forEach((set) => {
          if (!set.line || !set.line.whiskers) return;
          ctx.strokeStyle = set.borderColor;
          ctx.lineWidth = 1.5;
          set.data.forEach((point, i) => {
            const at = x.getPixelForValue(point.x);
            const low = y.getPixelForValue(set.line.low[i]), high = y.getPixelForValue(set.line.high[i]);
            ctx.beginPath();
            for (const [x1, y1, x2, y2] of [[at, low, at, high], [at - 4, low, at + 4, low], [at - 4, high, at + 4, high]]) {
              ctx.moveTo(x1, y1);
              ctx.lineTo(x2, y2);
            }
            ctx.stroke();
          });
        });
        ctx.lineWidth = 1.5;
        const told = [];  // labels of limits: those of like limits stand on both sides, then side by side
        const free = (row) => Math.max(area.left + 6, ...told.filter((t) => Math.abs(t.row - row) < 15).map((t) => t.end + 10));
        for (const limit of near) {
          const at = y.getPixelForValue(limit.at);
          straight(ctx, area.left, at, area.right, at, colour("missed"), [9, 5]);
          const crowded = area.top + (spec.shaded || spec.marks || spec.unsettled ? 26 : 8);
          const [row, other] = at - 10 < crowded ? [at + 10, at - 10] : [at - 10, at + 10];
          const hasRoom = Math.min(other - area.top, area.bottom - other) > 8;
          const best = hasRoom && free(other) < free(row) ? other : row;
          told.push({ row: best, end: label(ctx, limit.text, free(best), best, area, colour("missed")) });
        }
        for (const mark of spec.marks || []) {
          const at = x.getPixelForValue(mark.at);
          upright(ctx, at, area, colour("ink"), [2, 4]);
          label(ctx, mark.text, at + 5, area.top + 9, area, colour("ink"));
        }
        for (const span of [...(spec.shaded || []), ...(spec.unsettled || [])]) {
          const left = Math.max(area.left, x.getPixelForValue(span.from));
          label(ctx, span.text, left + 5, area.top + (spec.marks ? 26 : 9), area, colour(spec.shaded ? "shade" : "undecided"));
        }
        const cross = spec.group ? groups.get(spec.group).at : null;
        if (cross !== null) upright(ctx, x.getPixelForValue(cross), area, colour("soft"), []);
      });
    },
    afterEvent(chart, { event }) {
      const { spec } = chart.config.options;
      const group = spec.group && groups.get(spec.group);
      if (!group || group.busy || (event.type !== "mousemove" && event.type !== "mouseout")) return;
      const active = event.type === "mouseout" ? [] : chart.getElementsAtEventForMode(event, "index", { axis: "x", intersect: false }, false);
      const index = active.length ? active[0].index : null;
      if (index === group.index) return;
      group.index = index;
      group.at = index === null ? null : spec.x[index];
      group.busy = true;
      for (const other of group.charts) {
        if (other !== chart) {
          const same = index === null ? [] : other.data.datasets.flatMap((set, datasetIndex) => set.line ? [{ datasetIndex, index }] : []);
          other.tooltip.setActiveElements(same, { x: 0, y: 0 });
        }
        other.update("none");
      }
      group.busy = false;
    },
  };

  function said(item) {
    const { spec } = item.chart.config.options;
    const { line } = item.dataset, at = item.dataIndex;
    const text = " " + line.name + "  " + shown(line.y[at], spec.unit);
    if (!line.low || line.low[at] === null) return text;
    return text + "  (" + shown(line.low[at], spec.unit) + " to " + shown(line.high[at], spec.unit) + ")";
  }
  function place(spec, items) {
    if (!items.length) return "";
    const { x } = items[0].raw;
    if (spec.across === "share") return "p" + percentile(x);
    if (spec.across === "time") return "at " + seconds(x);
    const tick = (spec.ticks || []).find((t) => t.at === x);
    return tick ? tick.text.join(", ") : digits(x);
  }

  // What each line is, in text beside a sample of it.
  function key(spec, far) {
    const list = document.createElement("ul");
    list.className = "key";
    const svg = (name, attributes) => {
      const element = document.createElementNS("http://www.w3.org/2000/svg", name);
      for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value);
      return element;
    };
    for (const line of spec.lines) {
      const [name, dash, mark] = look(line.style);
      const ink = "var(--" + name + ")";
      const item = document.createElement("li");
      const sample = svg("svg", { width: 30, height: 12, "aria-hidden": "true" });
      if (!line.whiskers) sample.append(svg("line", { x1: 0, y1: 6, x2: 30, y2: 6, stroke: ink, "stroke-width": 2, "stroke-dasharray": dash.join(" ") }));
      if (line.whiskers) sample.append(svg("path", { d: "M15 0V12M11 0.5H19M11 11.5H19", stroke: ink, "stroke-width": 1.5, fill: "none" }));
      if (line.whiskers || spec.across === "number") {
        const shapes = { circle: "M15 2a4 4 0 1 0 0.01 0z", rect: "M11.5 2.5h7v7h-7z", triangle: "M15 1.5l4.5 8h-9z",
          rectRot: "M15 1l5 5l-5 5l-5 -5z", rectRounded: "M12.5 2.5h5l1 1v5l-1 1h-5l-1 -1v-5z" };
        const strokes = { star: "M15 1.5v9M11 3.5l8 5M19 3.5l-8 5", cross: "M15 1.5v9M10.5 6h9", crossRot: "M11.5 2.5l7 7M18.5 2.5l-7 7" };
        sample.append(svg("path", { d: shapes[mark] || strokes[mark], fill: shapes[mark] ? ink : "none", stroke: ink, "stroke-width": 1.5 }));
      }
      item.append(sample, line.name);
      list.append(item);
    }
    for (const limit of far) {
      const item = document.createElement("li");
      item.append("limit above the chart: " + limit.text);
      list.append(item);
    }
    return list;
  }

  function draw(spec) {
    const canvas = document.getElementById(spec.id);
    const room = heights(spec);
    const figure = canvas.closest("figure");
    const old = figure.querySelector(".key");
    if (old) old.remove();
    figure.querySelector("figcaption").after(key(spec, (spec.limits || []).filter((l) => !room.near.includes(l))));
    const shared = spec.across !== "share";
    if (spec.group && !groups.has(spec.group)) groups.set(spec.group, { charts: [], at: null, index: null });
    const chart = new Chart(canvas, {
      type: "line",
      data: { datasets: datasets(spec, room.floor) },
      plugins: [extras],
      options: {
        spec, near: room.near, animation: false, responsive: true, maintainAspectRatio: false, spanGaps: false,
        layout: { padding: { right: 8 } },
        interaction: { mode: shared ? "index" : "nearest", axis: "x", intersect: false },
        scales: {
          x: across(spec),
          y: {
            type: room.log ? "logarithmic" : "linear", min: room.min, max: room.max, suggestedMax: room.top,
            afterFit: (scale) => { scale.width = 66; },
            grid: { color: colour("grid"), borderColor: colour("line"), tickColor: colour("line") },
            ticks: { color: colour("soft"), font: { size: 11.5 }, maxTicksLimit: 7, autoSkipPadding: 8, callback: (v) => shown(v, spec.unit) },
          },
        },
        plugins: {
          legend: { display: false }, filler: { drawTime: "beforeDatasetsDraw" },
          tooltip: {
            filter: (item) => Boolean(item.dataset.line) && item.raw.y !== null,
            callbacks: { title: (items) => place(spec, items), label: said },
            backgroundColor: colour("ink"), titleColor: colour("card"), bodyColor: colour("card"), usePointStyle: true,
          },
        },
      },
    });
    if (spec.group) groups.get(spec.group).charts.push(chart);
    drawn.push(chart);
  }

  function drawAll() {
    drawn.splice(0).forEach((chart) => chart.destroy());
    groups.clear();
    Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
    specs.forEach(draw);
  }

  drawAll();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
  // Paper is white and as wide as it is.
  addEventListener("beforeprint", () => {
    document.documentElement.classList.add("paper");
    drawAll();
    drawn.forEach((chart) => chart.resize(Math.min(680, chart.width), chart.height));
  });
  addEventListener("afterprint", () => {
    document.documentElement.classList.remove("paper");
    drawAll();
  });
})();
