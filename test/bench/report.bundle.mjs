// test/bench/report.ts
import { spawn } from "node:child_process";
import { createWriteStream, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

// test/support/random.ts
function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = state + 1831565813 >>> 0;
    let t = Math.imul(state ^ state >>> 15, 1 | state);
    t = t + Math.imul(t ^ t >>> 7, 61 | t) ^ t;
    return ((t ^ t >>> 14) >>> 0) / 4294967296;
  };
}

// test/bench/report.ts
var RULESET = {
  version: 1,
  goals: { signup: { event: "signup", window: "7d" } },
  segments: { back: { event: "visit", count: { $gte: 2 } } },
  slots: Object.fromEntries(
    ["hero", "shelf", "signup", "nudge"].map((slot) => [slot, { experiences: [{ name: `${slot}-test`, goal: "signup", split: { version: 1, weights: { default: 1, spring: 1, summer: 1 }, by: [{ segment: "back", weights: { default: 1, spring: 1, summer: 1 } }] } }] }])
  )
};
async function writeRows(file, many) {
  const random = seeded(7);
  const out = createWriteStream(file);
  const pick = (list) => list[Math.floor(random() * list.length)];
  const letters = "useandom-26T198340PX75pxJACKVERYMINDBUSHWOLF_GQZbfghjklqvwyzrict";
  let last = "";
  for (let written = 0; written < many; ) {
    let chunk = "";
    for (let i = 0; i < 1e4 && written < many; i++, written++) {
      if (i % 50 === 49) {
        chunk += last;
        continue;
      }
      let id = "";
      for (let j = 0; j < 21; j++) id += letters[Math.floor(random() * 64)];
      last = `{"metric":"${random() < 0.5 ? "shown" : random() < 0.85 ? "seen" : "goal"}","experience":"${pick(["hero", "shelf", "signup", "nudge"])}-test","arm":"${pick(["default", "spring", "summer"])}","held":${random() < 0.1},"weights":1,"stratum":"${random() < 0.3 ? "back" : "*"}","day":${20700 + Math.floor(random() * 28)},"id":"${id}"}
`;
      chunk += last;
    }
    if (!out.write(chunk)) await once(out, "drain");
  }
  out.end();
  await once(out, "finish");
}
var usedBy = (pid) => {
  try {
    const [user = 0, system = 0] = readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /, "").split(" ").slice(11, 13).map(Number);
    return { peak: Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) * 1024, cpu: (user + system) / 100 };
  } catch {
    return { peak: 0, cpu: 0 };
  }
};
async function run() {
  const many = Number(process.env.ROWS ?? 1e7);
  const directory = mkdtempSync(join(tmpdir(), "slotwise-report-"));
  try {
    const file = join(directory, "rows.ndjson");
    writeFileSync(join(directory, "slotwise.json"), JSON.stringify(RULESET));
    await writeRows(file, many);
    const from = performance.now();
    const child = spawn(process.execPath, [resolve("dist/cli.js"), "report", file, "--ruleset", join(directory, "slotwise.json"), "--json"], { stdio: ["ignore", "pipe", "inherit"] });
    let [text, peak, cpu] = ["", 0, 0];
    child.stdout.on("data", (data) => {
      text += data;
    });
    const watch = setInterval(() => {
      const used = usedBy(child.pid);
      peak = Math.max(peak, used.peak);
      cpu = Math.max(cpu, used.cpu);
    }, 20);
    const [code] = await once(child, "close");
    clearInterval(watch);
    const seconds = (performance.now() - from) / 1e3;
    if (code !== 0) throw new Error(`slotwise report has ended with ${code}`);
    const { rows } = JSON.parse(text);
    if (rows.rows !== many || rows.broken !== 0) throw new Error(`${rows.rows} rows were read, and ${rows.broken} were broken`);
    console.log(`slotwise report on ${many.toLocaleString("en")} rows (${Math.round(statSync(file).size / 1e6)} MB of NDJSON, ${rows.twice.toLocaleString("en")} of them twice), by ${rows.engine}: ${seconds.toFixed(1)} s (${cpu.toFixed(1)} s of computing), at most ${Math.round(peak / 1e6)} MB of memory`);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
export {
  run as default
};
