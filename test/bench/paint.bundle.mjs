// test/bench/paint.ts
import { readFileSync as readFileSync2 } from "node:fs";
import { chromium as chromium2 } from "playwright";

// test/support/browsers.ts
import { existsSync } from "node:fs";
var first = (...paths) => paths.find((path) => path && existsSync(path));
var chromium = first(process.env.CHROME_BIN, "/usr/bin/chromium", "/usr/bin/google-chrome");
var firefox = first(process.env.FIREFOX_BIN, "/usr/bin/firefox-esr", "/usr/bin/firefox");
var webkitDriver = first(process.env.WEBKIT_DRIVER_BIN, "/usr/bin/WebKitWebDriver");
var miniBrowser = first(
  process.env.WEBKIT_BIN,
  "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser",
  "/usr/lib/aarch64-linux-gnu/webkit2gtk-4.1/MiniBrowser"
);
var xvfb = first("/usr/bin/xvfb-run");
var found = {
  chromium,
  firefox,
  webkit: webkitDriver && miniBrowser && (xvfb || process.env.DISPLAY) ? { driver: webkitDriver, binary: miniBrowser, xvfb } : void 0
};
var chromiumLaunch = {
  ...chromium ? { executablePath: chromium } : {},
  args: [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync"
  ]
};
var firefoxLaunch = { channel: "moz-firefox", ...firefox ? { executablePath: firefox } : {} };

// test/support/slowSite.ts
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
var WATCH = `(() => {
  const seen = window.seen = {}, painted = window.painted = [], trouble = window.trouble = []
  window.shift = 0
  const look = () => {
    for (const slot of document.querySelectorAll('[data-slot]')) {
      const now = getComputedStyle(slot).visibility === 'hidden' ? 'nothing' : slot.querySelector('h2')?.textContent ?? ''
      const list = seen[slot.dataset.slot] ??= []
      if (list[list.length - 1] !== now) list.push(now)
    }
    requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
  addEventListener('error', (event) => trouble.push('error: ' + event.message))
  addEventListener('unhandledrejection', (event) => trouble.push('rejection: ' + event.reason))
  addEventListener('securitypolicyviolation', (event) => trouble.push('policy: ' + event.violatedDirective + ' ' + event.blockedURI))
  const observe = (type, heard) => PerformanceObserver.supportedEntryTypes.includes(type) && new PerformanceObserver((list) => list.getEntries().forEach(heard)).observe({ type, buffered: true })
  observe('element', (entry) => painted.push(entry.identifier))
  observe('layout-shift', (entry) => window.shift += entry.value)
})()`;
var hashOf = (code) => `'sha256-${createHash("sha256").update(code).digest("base64")}'`;
var bootstrap = () => readFileSync("dist/bootstrap.js", "utf8");
var WATCHED = `<script>${WATCH}</script>`;
var INLINE = (code = bootstrap()) => `<script>${code}</script>`;
var TAG = '<script src="/slotwise.js" data-ruleset="/slotwise.json" async></script>';
var page = (head, ...body) => [
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Slow</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/page.css">${head}</head><body>
<p elementtiming="page">A page</p>
`,
  ...body,
  "<footer>The end</footer></body></html>"
];
var TYPES = { js: "text/javascript", json: "application/json", css: "text/css" };
var pause = (ms2) => new Promise((done) => setTimeout(done, ms2));
async function slowSite(ruleset) {
  const files = new Map([
    ["/slotwise.json", [JSON.stringify(ruleset)]],
    ["/page.css", ["body { margin: 20px; font: 20px/1.5 sans-serif } h2 { font: inherit; margin: 0 }"]],
    ...["slotwise", "hinter", "language", "teller", "banner"].map((name) => [`/${name}.js`, [readFileSync(`dist/${name}.js`, "utf8")]])
  ]);
  const site = {
    url: "",
    files,
    delays: /* @__PURE__ */ new Map(),
    cached: false,
    headers: {
      "content-security-policy": `default-src 'self'; img-src data:; script-src 'self' ${hashOf(WATCH)} ${hashOf(bootstrap())}; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'`
    },
    close: () => new Promise((done) => {
      server.close(() => done());
      server.closeAllConnections();
    })
  };
  const send = async (path, response) => {
    const delay = site.delays.get(path) ?? 0;
    if (delay === Number.POSITIVE_INFINITY) return;
    await pause(delay);
    const pieces = files.get(path);
    const type = TYPES[/\.(\w+)$/.exec(path)?.[1] ?? ""] ?? "text/html";
    const keep = site.cached && type !== "text/html" ? "max-age=600" : "no-store";
    response.writeHead(pieces ? 200 : 404, { "content-type": `${type}; charset=utf-8`, "cache-control": keep, ...site.headers });
    for (const piece of pieces ?? []) {
      if (typeof piece === "number") await pause(piece);
      else response.write(piece);
    }
    response.end();
  };
  const server = createServer((request, response) => void send((request.url ?? "/").replace(/\?.*/, ""), response));
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  site.url = `http://127.0.0.1:${server.address().port}`;
  return site;
}

// test/bench/rounds.ts
var median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
function interval(values, draws = 2e3) {
  let state = 1;
  const random = () => {
    state = Math.imul(state, 1664525) + 1013904223 >>> 0;
    return state / 2 ** 32;
  };
  const medians = Array.from({ length: draws }, () => median(values.map(() => values[Math.floor(random() * values.length)]))).sort((a, b) => a - b);
  return [medians[Math.floor(draws * 0.025)], medians[Math.ceil(draws * 0.975) - 1]];
}

// test/bench/paint.ts
var OWN = '<h2 elementtiming="own">Welcome</h2>';
var VARIANT = '<h2 elementtiming="variant">Welcome back</h2><p>Your boots are waiting where you left them.</p>';
var BODY = [`<section data-slot="hero"><template data-variant="fan">${VARIANT}</template>${OWN}</section>`, ...Array.from({ length: 40 }, (_, n) => `<p>Paragraph ${n} of a page that has something to say, as most pages have.</p>
`)];
var RULESET = { version: 1, slots: { hero: { experiences: [{ name: "hero", when: { event: "like" }, show: "fan" }] } } };
var GROWTHBOOK = {
  payload: {
    features: {},
    experiments: [
      {
        key: "hero",
        changeId: "hero",
        status: "running",
        variations: [{}, { domMutations: [{ selector: "[data-slot=hero]", action: "set", attribute: "html", value: VARIANT }] }],
        weights: [0, 1],
        hashAttribute: "id",
        urlPatterns: [{ include: true, type: "simple", pattern: "*" }],
        coverage: 1
      }
    ]
  },
  noStreaming: true
};
var growthbook = (attributes) => `<script>window.growthbook_config = ${JSON.stringify(GROWTHBOOK)}</script><script async src="/growthbook.js" data-tracking="none" ${attributes}></script>`;
var LATE = `addEventListener('DOMContentLoaded', () => setTimeout(() => { document.querySelector('[data-slot]').innerHTML = ${JSON.stringify(VARIANT)} }, 50))`;
var HEADS = [
  ["no script", ""],
  ["no script, again", ""],
  ["Slotwise, bootstrap", `${INLINE()}${TAG}`],
  ["GrowthBook", growthbook("")],
  ["GrowthBook, anti-flicker", growthbook('data-anti-flicker="1"')],
  ["a late swap", `<script>${LATE}</script>`]
];
var load = async (tab, url) => {
  await tab.goto(url);
  return tab.evaluate(`new Promise((done) => setTimeout(() => done({
    fcp: performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
    flash: painted.includes('own') && painted.includes('variant'),
    variant: painted.includes('variant'),
    shift,
  }), 150))`);
};
var ms = (value) => value.toFixed(1).padStart(6);
var laterBy = (own, plain) => own.map(({ fcp }, i) => fcp - plain[i].fcp);
function line(name, own, plain) {
  const differences = laterBy(own, plain);
  const [low, high] = interval(differences);
  const against = own === plain ? "" : `${ms(median(differences))}  (${low.toFixed(1)} to ${high.toFixed(1)})`;
  const [shown, flashes] = [own.filter(({ variant }) => variant).length, own.filter(({ flash }) => flash).length];
  const painted = shown ? `variant painted in ${shown}, after the page's own in ${flashes}` : "";
  return `  ${name.padEnd(26)}  ${ms(median(own.map(({ fcp }) => fcp)))}  ${against.padEnd(26)}  ${`${own.filter(({ shift }) => shift > 0).length}`.padStart(7)}  ${painted}`;
}
async function paint(count = Number(process.env.LOADS ?? 100)) {
  if (!found.chromium) return console.log("\nchromium: not on this machine");
  const site = await slowSite(RULESET);
  site.cached = true;
  site.headers = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };
  site.files.set("/growthbook.js", [readFileSync2("node_modules/@growthbook/growthbook/dist/bundles/auto.min.js", "utf8")]);
  HEADS.forEach(([, head], n) => site.files.set(`/${n}`, page(`${WATCHED}${head}`, ...BODY)));
  const browser = await chromium2.launch(chromiumLaunch);
  const tab = await browser.newPage();
  await tab.goto(`${site.url}/2`);
  await tab.evaluate(`(async () => { while (!window.slotwise?.track) await new Promise((next) => setTimeout(next, 10)); await slotwise.ready; await slotwise.track('like') })()`);
  await tab.waitForFunction(`localStorage.getItem('slotwise:hint')?.includes('"variant":"fan"')`);
  const pass = async (title, contenders) => {
    const loads = HEADS.map(() => []);
    for (let round = -3; round < count; round++) {
      for (const n of contenders.map((_, i) => contenders[(i + round + 3) % contenders.length])) {
        const one = await load(tab, `${site.url}/${n}?${round}`);
        if (round >= 0) loads[n]?.push(one);
      }
    }
    console.log(`
first paint in Chromium, ${title} (${count} interleaved loads of each)`);
    console.log(`  ${"first contentful paint, ms".padEnd(26)}  median  ${"against no script, 95 %".padEnd(26)}  shifted`);
    for (const n of contenders) console.log(line(HEADS[n]?.[0], loads[n], loads[0]));
    const against = (n) => laterBy(loads[n], loads[0]);
    const beyond = median(against(2)) - interval(against(1))[1];
    console.log(`  Slotwise's median lies ${beyond <= 0 ? "within" : `${beyond.toFixed(1)} ms beyond`} the interval of the same page against itself; promised are at most 5 ms beyond`);
  };
  await pass("files in the cache", HEADS.map((_, n) => n));
  site.cached = false;
  for (const script of ["/slotwise.js", "/growthbook.js"]) site.delays.set(script, 60);
  await pass("scripts take 60 ms to arrive", [0, 1, 2, 3, 4]);
  await browser.close();
  await site.close();
}
export {
  paint as default
};
