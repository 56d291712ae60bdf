// The page of `scripts/bench --console`: opens the stream, says "ready", measures until its input
// ends, and prints what it saw as JSON.
import { createRequire } from "node:module";
import { once } from "node:events";

const FRONTEND = new URL(
  "../../oye-proxy/frontend/package.json",
  import.meta.url,
);
const { chromium } = createRequire(FRONTEND)("playwright-core");
const KEY_INTERVAL = 250;

async function main({
  OYE_URL: url,
  OYE_PASSWORD: password,
  OYE_CHROMIUM: executablePath,
}) {
  const browser = await chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu"],
  });
  try {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 800 },
    });
    const page = await context.newPage();
    await page.addInitScript(watch);
    await page.goto(`${url}#/live`);
    await page.locator("input[name=username]").fill("admin");
    await page.locator("input[name=password]").fill(password);
    await page.keyboard.press("Enter");
    await page.getByRole("article").first().waitFor();
    await page.evaluate(countRenders);
    const devTools = await context.newCDPSession(page);
    const heapBefore = await heap(devTools);
    console.log("ready");
    const stop = pressKeys(page);
    process.stdin.resume();
    await once(process.stdin, "end");
    await stop();
    const seen = await page.evaluate(() => window.oyeBench.end());
    console.log(
      JSON.stringify({ ...seen, heapBefore, heapAfter: await heap(devTools) }),
    );
  } finally {
    await browser.close();
  }
}

async function heap(devTools) {
  await devTools.send("HeapProfiler.collectGarbage");
  const { usedSize } = await devTools.send("Runtime.getHeapUsage");
  return usedSize;
}

// Writes into the field that highlights, so that a key changes what is shown.
function pressKeys(page) {
  let isOver = false;
  const pressing = (async () => {
    await page.getByRole("searchbox", { name: "Highlight" }).focus();
    for (let count = 0; !isOver; count += 1) {
      await page.keyboard.press(count % 2 === 0 ? "x" : "Backspace");
      await page.waitForTimeout(KEY_INTERVAL);
    }
  })();
  return async () => {
    isOver = true;
    await pressing;
  };
}

// Runs in the page before its scripts: counts what arrives, what is long, and what is pressed.
function watch() {
  const bench = {
    frames: 0,
    dropped: 0,
    animationFrames: 0,
    renders: 0,
    mostRenders: 0,
  };
  const tasks = [];
  const keys = [];
  let mostRows = 0;
  const list = () => {
    const app = document.querySelector("oye-app")?.shadowRoot;
    return app
      ?.querySelector("oye-view-live")
      ?.shadowRoot?.querySelector("oye-frame-list");
  };
  const rows = () =>
    list()?.shadowRoot?.querySelectorAll("article").length ?? 0;
  window.oyeBench = bench;
  bench.list = list;
  bench.end = () => {
    keys.sort((one, other) => one - other);
    return {
      ...bench,
      mostRows,
      kept: list()?.rows.length ?? 0,
      longTasks: tasks.length,
      longest: Math.max(0, ...tasks),
      keyP50: keys[Math.floor(keys.length * 0.5)] ?? 0,
      keyP95: keys[Math.floor(keys.length * 0.95)] ?? 0,
    };
  };
  window.WebSocket = class extends WebSocket {
    constructor(...where) {
      super(...where);
      this.addEventListener("message", ({ data }) => {
        if (data.startsWith('{"type":"frame"')) bench.frames += 1;
        if (data.startsWith('{"type":"gap"'))
          bench.dropped += JSON.parse(data).dropped;
      });
    }
  };
  new PerformanceObserver((seen) => {
    for (const task of seen.getEntries()) tasks.push(task.duration);
  }).observe({ type: "longtask" });
  const onFrame = () => {
    bench.animationFrames += 1;
    if (bench.animationFrames % 10 === 0) mostRows = Math.max(mostRows, rows());
    requestAnimationFrame(onFrame);
  };
  requestAnimationFrame(onFrame);
  addEventListener(
    "keydown",
    ({ timeStamp }) => {
      requestAnimationFrame(() => {
        const painted = new MessageChannel();
        painted.port1.onmessage = () =>
          keys.push(performance.now() - timeStamp);
        painted.port2.postMessage(null);
      });
    },
    true,
  );
}

// Counts the renders of the list from here on.
function countRenders() {
  const list = window.oyeBench.list();
  const { prototype } = list.constructor;
  const { performUpdate } = prototype;
  Object.assign(window.oyeBench, {
    frames: 0,
    dropped: 0,
    animationFrames: 0,
    mostRenders: 0,
  });
  prototype.performUpdate = function () {
    const { bench, now } = {
      bench: window.oyeBench,
      now: document.timeline.currentTime,
    };
    bench.renders = now === bench.renderedAt ? bench.renders + 1 : 1;
    bench.renderedAt = now;
    bench.mostRenders = Math.max(bench.mostRenders, bench.renders);
    performUpdate.call(this);
  };
}

await main(process.env);
