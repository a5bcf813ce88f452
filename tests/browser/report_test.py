#!/usr/bin/env python3
"""Opens reports in a headless Chromium without a network: wide and narrow, light and dark. No error,
no request, every chart drawn, nothing wider than the page, names of the scenario inert, and all
figures there without scripts. Skipped (exit code 77) where Chromium is not installed.

usage: report_test.py PROGRAM [DIRECTORY for screenshots]
"""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

import chromium

GALLERY = pathlib.Path(__file__).resolve().parents[2] / "scenarios"
HOSTILE = '</script><img src=x onerror="window.hit=1"><svg onload=window.hit=1>\'"&'

# Pixels that differ from the corner: axes and lines of a chart are thousands, a blank canvas none.
CHARTS = """[...document.querySelectorAll('canvas')].map(canvas => {
  const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  const colours = new Set();
  let inked = 0;
  for (let i = 0; i < data.length; i += 4) {
    if (data[i + 3] > 0) { inked++; colours.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]); }
  }
  return {id: canvas.id, inked, colours: colours.size, told: canvas.getAttribute('aria-label')};
})"""
FAULTY = """<!doctype html><body style="margin:0"><div style="width:2000px">wide</div>
<section id="s1-slos"><div class="frame" aria-label="cut" style="width:9em;overflow:auto">
<div style="width:20em">wide</div></div></section><canvas id="blank"></canvas><img src="http://example.invalid/x.png"><script>nothing.there();</script>"""

passed = failed = 0


def check(holds, what):
    global passed, failed
    passed += bool(holds)
    failed += not holds
    if not holds:
        print(f"MISS {what}")


def is_too_wide(browser):
    return browser.value("document.documentElement.scrollWidth > innerWidth")


# Tables of these sections that are wider than their frame: a column is cut or under the verdict.
CUT = """[...document.querySelectorAll(SECTIONS)].flatMap(
  each => [...each.querySelectorAll('.frame')].filter(frame => frame.scrollWidth > frame.clientWidth + 1)
    .map(frame => frame.getAttribute('aria-label')))"""


def cut_tables(browser, *sections):
    found = ", ".join(f"section[id$='-{name}']" for name in sections)
    return browser.value(CUT.replace("SECTIONS", json.dumps(found)))


def blank_charts(browser):
    return [chart["id"] for chart in browser.value(CHARTS) if chart["inked"] < 500 or chart["colours"] < 4]


def headroom(program, *words):
    done = subprocess.run([program, *map(str, words)], capture_output=True, stdin=subprocess.DEVNULL)
    if done.returncode not in (0, 3, 4):
        sys.exit(f"{words} exits {done.returncode}: {done.stderr.decode()[:400]}")


def many_services(folder):
    """A scenario of thirty services in a tree, with long names."""
    services = {}
    for i in range(30):
        steps = [{"cpu": {"exp": f"{1 + i % 3}ms"}}]
        steps += [{"call": f"service-with-a-long-name-{j:02}", "timeout": "1s"}
                  for j in (2 * i + 1, 2 * i + 2) if j < 30]
        services[f"service-with-a-long-name-{i:02}"] = {
            "kind": "server", "replicas": 1 + i % 4, "concurrency": 32, "endpoints": {"call": steps}}
    services["wide"] = {"kind": "server", "replicas": 60, "concurrency": 2, "service_time": {"exp": "40ms"}}
    clients = {f"clients-{i}": {"target": "service-with-a-long-name-00", "timeout": "2s",
                                "arrivals": {"poisson": f"{5 + i}/s"}} for i in range(5)}
    clients["bulk"] = {"target": "wide", "arrivals": {"poisson": "900/s"}}
    scenario = {"headroom": 1, "name": "many services", "workloads": clients, "services": services,
                "run": {"warmup": "2s", "duration": "6s", "replications": 3},
                "slos": {f"goal {i}": {"workload": f"clients-{i}", "require": "p50 < 300ms"}
                         for i in range(5)}}
    path = folder / "many.json"
    path.write_text(json.dumps(scenario))
    return path


def make_reports(program, folder):
    """Name and file of reports of all kinds."""
    short = ["--replications", "3", "--exit-zero", "-q", "--json"]
    headroom(program, "run", GALLERY / "replica_lost.json", "--set", "run.duration=40s", "--set",
             "failures[0].at=10s", "--set", "failures[0].for=15s", "-o", folder / "failure", *short)
    headroom(program, "sweep", GALLERY / "three_tier.json", "--vary", "run.load=0.6..1.8:5",
             "--set", "run.warmup=2s", "--duration", "4s", "-o", folder / "sweep", *short)
    headroom(program, "sweep", GALLERY / "mm1.json", "--vary", "run.load=0.4..1.6:7", "--set",
             "run.duration=20s", "-o", folder / "breaking", *short)
    headroom(program, "run", GALLERY / "mm1.json", "--set", "run.load=3", "--set",
             "run.duration=20s", "-o", folder / "unsettled", *short)
    headroom(program, "run", many_services(folder), "-o", folder / "many", *short)
    headroom(program, "capacity", GALLERY / "mm1.json", "--resolution", "10%", "--set",
             "run.duration=20s", "-o", folder / "capacity", *short)
    headroom(program, "compare", GALLERY / "mm1.json", "--set", "services.app.concurrency=2",
             "--set", "run.duration=20s", "-o", folder / "compared", *short)
    headroom(program, "run", GALLERY / "cap_partition.json", "-o", folder / "store", *short)
    headroom(program, "cap", GALLERY / "cap_partition.json", "-o", folder / "protocols", *short)
    headroom(program, "run", GALLERY / "open_versus_closed.json", "-o", folder / "limits", *short)
    headroom(program, "report", folder / "failure", folder / "many", folder / "sweep", "-o",
             folder / "several.html")
    kinds = ["failure", "sweep", "breaking", "unsettled", "many", "capacity", "compared", "store",
             "protocols", "limits"]
    return [(kind, folder / kind / "report.html") for kind in kinds] + [
        ("several", folder / "several.html")]


def look(browser, name, report, width, scheme, pictures):
    what = f"{name}, {width} px, {scheme}"
    browser.open(report, width, scheme)
    for fault in browser.faults:
        check(False, f"{what}: {fault}")
    check(not browser.faults, f"{what}: silent")
    charts = browser.value(CHARTS)
    told = browser.value("JSON.parse(document.getElementById('charts').textContent).length")
    check(charts and len(charts) == told, f"{what}: {len(charts)} charts of {told}")
    check(not blank_charts(browser), f"{what}: blank {blank_charts(browser)}")
    check(all(len(chart["told"]) > 20 for chart in charts), f"{what}: charts told in words")
    check(not is_too_wide(browser), f"{what}: scrolls sideways")
    # What a reader came for is there without scrolling: all of it on a desk, the goals and names
    # with their values on a telephone.
    cut = cut_tables(browser, *(("load", "slos", "spent", "network") if width > 1000 else ("slos", "further")))
    check(not cut, f"{what}: columns cut of {cut}")
    light = browser.value("getComputedStyle(document.body).backgroundColor.match(/\\d+/g)[0] > 128")
    check(light == (scheme == "light"), f"{what}: colours of the scheme")
    if pictures:
        browser.picture(pictures / f"{name}-{width}-{scheme}.png")


def without_scripts(browser, name, report):
    browser.open(report, 1000, scripts=False)
    text = browser.value("document.body.innerText")
    summary = json.loads((report.parent / "summary.json").read_text())
    check(summary["scenario"] in text, f"{name} without scripts: title")
    check("tables" in text, f"{name} without scripts: says that charts need them")
    for slo, judged in summary.get("slos", {}).items():
        check(slo in text and judged["limit"] in text, f"{name} without scripts: {slo}")


def pointer(browser, report):
    """Every panel of a timeline answers to the pointer over one of them."""
    browser.open(report, 1440)
    active = """Object.values(Chart.instances).filter(chart => chart.options.spec.across === 'time')
        .map(chart => chart.tooltip.getActiveElements().length)"""
    check(not any(browser.value(active)), "no panel is asked before the pointer comes")
    place = browser.value("""(() => {
        const chart = Object.values(Chart.instances).find(c => c.options.spec.across === 'time');
        chart.canvas.scrollIntoView({block: 'center'});
        const box = chart.canvas.getBoundingClientRect();
        return {x: box.x + box.width / 2, y: box.y + box.height / 2};
    })()""")
    browser.ask("Input.dispatchMouseEvent", type="mouseMoved", **place)
    browser.value("new Promise(done => setTimeout(done, 100))")
    counts = browser.value(active)
    check(len(counts) > 2 and all(counts), f"all panels answer to the pointer: {counts}")
    check(not browser.faults, f"pointer: {browser.faults}")


# Where the canvases of a page write texts that begin so: left, upper edge, right, lower edge.
WRITTEN = """window.written = [];
const write = CanvasRenderingContext2D.prototype.fillText;
CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
  if (text.startsWith('fast for ')) written.push([this.canvas.id, x, y - 7, x + this.measureText(text).width, y + 7]);
  write.call(this, text, x, y);
};"""


def limits_apart(browser, report):
    """The labels of two goals with the same limit in one chart can both be read."""
    script = browser.ask("Page.addScriptToEvaluateOnNewDocument", source=WRITTEN)["identifier"]
    for width in (360, 1440):
        browser.open(report, width)
        first = browser.value("document.querySelector('canvas').id")
        places = [place for id, *place in browser.value("written") if id == first]
        check(len(places) >= 2, f"limits, {width} px: {len(places)} labels")
        (left, top, right, bottom), (left2, top2, right2, bottom2) = places[-2:]
        check(right < left2 or right2 < left or bottom < top2 or bottom2 < top,
              f"limits, {width} px: one label is over the other")
    browser.ask("Page.removeScriptToEvaluateOnNewDocument", identifier=script)


def on_paper(browser, report):
    browser.open(report, 1440, "dark")
    pdf = browser.ask("Page.printToPDF", printBackground=True)["data"]
    check(len(pdf) > 50_000, "a printed report has its charts")
    check(not browser.faults, f"print: {browser.faults}")
    dark = browser.value("getComputedStyle(document.body).backgroundColor.match(/\\d+/g)[0] < 128")
    check(dark, "the screen is dark again after printing")


# Cells of these sections over which another one lies, told by what stands at their middle.
COVERED = """[...document.querySelectorAll('section:is([id$=-slos], [id$=-load], [id$=-spent]) :is(td, tbody th)')]
  .filter(cell => {
    cell.scrollIntoView({block: 'center'});
    const box = cell.getBoundingClientRect();
    return cell.innerText && !cell.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2));
  }).map(cell => cell.innerText)"""


def tables_on_paper(browser, name, report):
    """Every column is within a sheet of A4, none under another."""
    browser.open(report, 917)  # what a browser lays out on the 182 mm between the margins
    browser.ask("Emulation.setEmulatedMedia", media="print")
    covered = browser.value(COVERED)
    check(not covered, f"{name} on paper: hidden {covered[:5]}")
    cut = cut_tables(browser, "slos", "load", "spent")
    check(not cut, f"{name} on paper: columns cut of {cut}")
    browser.ask("Emulation.setEmulatedMedia", media="")


def rename_all(json_value):
    """The same with hostile names of workloads, services, endpoints and SLOs."""
    if isinstance(json_value, list):
        return [rename_all(each) for each in json_value]
    if not isinstance(json_value, dict):
        return json_value
    return {HOSTILE + key if key in ("shoppers", "app", "browse", "browse is fast") else key:
            rename_all(value) for key, value in json_value.items()}


def hostile(browser, program, folder):
    directory = folder / "hostile"
    shutil.copytree(folder / "failure", directory)
    for name in ("summary.json", "scenario.resolved.json"):
        document = rename_all(json.loads((directory / name).read_text()))
        document["scenario"] = document["name"] = document["description"] = HOSTILE
        for slo in document["slos"].values():
            if slo.get("workload") == "shoppers":
                slo["workload"] = HOSTILE + "shoppers"
        (directory / name).write_text(json.dumps(document))
    series = directory / "timeseries.csv"
    series.write_text(series.read_text().replace("shoppers", HOSTILE + "shoppers"))
    events = directory / "events.jsonl"
    events.write_text("".join(json.dumps({**json.loads(line), "target": HOSTILE}) + "\n"
                              for line in events.read_text().splitlines()))
    headroom(program, "report", directory)
    browser.open(directory / "report.html", 360)
    check(browser.value("window.hit") is None, "a hostile name runs")
    check(browser.value("document.images.length") == 0, "a hostile name becomes an element")
    check(HOSTILE in browser.value("document.querySelector('h1').textContent"), "the name is shown")
    check(browser.value("document.querySelectorAll('canvas').length") >= 4, "hostile charts")
    check(not blank_charts(browser), "hostile charts are drawn")
    check(not browser.faults, f"hostile: {browser.faults}")
    check(not is_too_wide(browser), "hostile names widen the page")


def canary(browser, folder):
    """What is forbidden is noticed."""
    page = folder / "faulty.html"
    page.write_text(FAULTY)
    browser.open(page, 360)
    check(any("exception" in fault for fault in browser.faults), "an exception is noticed")
    check(any("request" in fault for fault in browser.faults), "a request is noticed")
    check(is_too_wide(browser), "a page that is too wide is noticed")
    check(cut_tables(browser, "load", "slos") == ["cut"], "a table that is cut is noticed")
    check(blank_charts(browser) == ["blank"], "a blank canvas is noticed")


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    found = chromium.find()
    if not found:
        print("SKIPPED: Chromium is not installed (Debian package chromium)")
        return 77
    pictures = pathlib.Path(sys.argv[2]).resolve() if len(sys.argv) > 2 else None
    if pictures:
        pictures.mkdir(parents=True, exist_ok=True)
    folder = pathlib.Path(tempfile.mkdtemp())
    browser = chromium.Browser(found)
    try:
        canary(browser, folder)
        reports = make_reports(program, folder)
        for name, report in reports:
            for width in (360, 1440):
                for scheme in ("light", "dark"):
                    look(browser, name, report, width, scheme, pictures)
            if report.name == "report.html":
                without_scripts(browser, name, report)
                tables_on_paper(browser, name, report)
        pointer(browser, folder / "failure" / "report.html")
        limits_apart(browser, folder / "limits" / "report.html")
        on_paper(browser, folder / "failure" / "report.html")
        hostile(browser, program, folder)
    finally:
        browser.close()
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


sys.exit(main())
