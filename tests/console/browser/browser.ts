import { createRequire } from "node:module";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  chromium,
  type Browser,
  type BrowserContext,
  type Page,
} from "playwright-core";

const SCREENSHOTS = fileURLToPath(new URL("screenshots/", import.meta.url));
const FRONTEND = new URL(
  "../../../oye-proxy/frontend/package.json",
  import.meta.url,
);
const AXE = readFileSync(
  createRequire(FRONTEND).resolve("axe-core/axe.min.js"),
  "utf8",
);
const CHROMIUM = process.env.OYE_CHROMIUM ?? "/usr/bin/chromium";

export const SIZES = {
  phone: { width: 360, height: 740 },
  desktop: { width: 1280, height: 800 },
} as const;
export type Size = keyof typeof SIZES;
export type Theme = "light" | "dark";

/** Both widths in both themes. */
export const MATRIX: readonly (readonly [Size, Theme])[] = [
  ["phone", "light"],
  ["phone", "dark"],
  ["desktop", "light"],
  ["desktop", "dark"],
];

export async function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** A page and everything that it must never do. */
export class Visit {
  readonly faults: string[] = [];

  private constructor(
    readonly page: Page,
    readonly context: BrowserContext,
    private readonly size: Size,
    private readonly theme: Theme,
  ) {}

  /** Open an address at a size and in a theme, and watch what happens from then on. */
  static async open(
    browser: Browser,
    url: string,
    size: Size,
    theme: Theme,
    locale = "en-GB",
  ): Promise<Visit> {
    const context = await browser.newContext({
      viewport: SIZES[size],
      hasTouch: size === "phone",
      colorScheme: theme,
      locale,
      timezoneId: "Europe/Berlin",
      reducedMotion: "reduce",
    });
    const page = await context.newPage();
    const visit = new Visit(page, context, size, theme);
    await visit.#watch(new URL(url).host);
    await page.goto(url);
    return visit;
  }

  /** Let the page hear of its network what the browser would say; what is under way goes on. */
  async say(network: "online" | "offline"): Promise<void> {
    await this.page.evaluate((name) => {
      window.dispatchEvent(new Event(name));
    }, network);
  }

  /** Take what was said so far off the list of faults: a test that provokes messages names them. */
  expectFaults(pattern: RegExp): void {
    const others = this.faults.filter((fault) => !pattern.test(fault));
    if (others.length === this.faults.length)
      throw new Error(`Nothing said ${pattern.source}`);
    this.faults.splice(0, this.faults.length, ...others);
  }

  /** Forget what may have been said, as it depends on who asks first. */
  allowFaults(pattern: RegExp): void {
    const others = this.faults.filter((fault) => !pattern.test(fault));
    this.faults.splice(0, this.faults.length, ...others);
  }

  /** Photograph the page and look for everything that is always forbidden. */
  async check(name: string): Promise<void> {
    await this.photograph(name);
    await this.#checkWidth();
    await this.#checkAccessibility();
    await this.#checkAttributes();
    if (this.faults.length > 0) throw new Error(this.faults.join("\n"));
  }

  /** As `check`, without the look for what hinders readers: where it was done for the same view. */
  async checkQuickly(name: string): Promise<void> {
    await this.photograph(name);
    await this.#checkWidth();
    await this.#checkAttributes();
    if (this.faults.length > 0) throw new Error(this.faults.join("\n"));
  }

  async photograph(name: string): Promise<void> {
    mkdirSync(SCREENSHOTS, { recursive: true });
    await this.page.screenshot({
      path: join(SCREENSHOTS, `${name}-${this.size}-${this.theme}.png`),
    });
  }

  async close(): Promise<void> {
    await this.context.close();
    if (this.faults.length > 0) throw new Error(this.faults.join("\n"));
  }

  async #watch(host: string): Promise<void> {
    await this.page.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", (event) => {
        console.error(
          `refused by policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`,
        );
      });
      window.addEventListener("unhandledrejection", (event) => {
        console.error(`unhandled rejection: ${String(event.reason)}`);
      });
    });
    this.page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") {
        this.faults.push(
          `console: ${message.text()} ${message.location().url}`,
        );
      }
    });
    this.page.on("pageerror", (error) =>
      this.faults.push(`error: ${error.message}`),
    );
    this.page.on("dialog", (dialog) => {
      this.faults.push(`a script ran: ${dialog.message()}`);
      void dialog.dismiss();
    });
    this.page.on("request", (asked) => {
      const url = new URL(asked.url());
      if (url.host !== host) this.faults.push(`foreign request: ${url.href}`);
    });
  }

  async #checkWidth(): Promise<void> {
    const wide = await this.page.evaluate(() => {
      const width = document.documentElement.clientWidth;
      const found: string[] = [];
      const look = (root: Document | ShadowRoot): void => {
        for (const element of root.querySelectorAll("*")) {
          if (element.shadowRoot !== null) look(element.shadowRoot);
          const box = element.getBoundingClientRect();
          const hidden = element.closest(".hidden, .skip") !== null;
          const scrolls = element.scrollWidth > element.clientWidth + 1;
          const isPane =
            scrolls && /auto|scroll/.test(getComputedStyle(element).overflowX);
          if (
            !hidden &&
            box.width > 0 &&
            isPane &&
            !element.matches("input, textarea, .raw, .raw *")
          ) {
            found.push(
              `${element.tagName.toLowerCase()}.${element.className} scrolls sideways`,
            );
          }
        }
      };
      look(document);
      const page = document.scrollingElement?.scrollWidth ?? 0;
      if (page > width) found.push(`the page is ${String(page)} px wide`);
      return found;
    });
    const below = await this.page.evaluate(
      () => (document.scrollingElement?.scrollHeight ?? 0) - window.innerHeight,
    );
    if (below > 1)
      this.faults.push(`overflow: the page goes on ${String(below)} px below`);
    if (this.size === "phone")
      this.faults.push(...wide.map((text) => `overflow: ${text}`));
  }

  async #checkAccessibility(): Promise<void> {
    const results = await this.page.evaluate(
      async (source) => {
        // A function of the page's debugger, not of the page: its policy allows no text as a script.
        const found = window as unknown as {
          axe?: { run: () => Promise<AxeResults> };
        };
        if (found.axe === undefined)
          throw new Error(`axe is missing (${String(source.length)})`);
        const { violations } = await found.axe.run();
        return violations.map(
          (rule) =>
            `${rule.id}: ${rule.nodes.map((node) => `${node.target.join(" ")} ${node.failureSummary ?? ""}`).join("; ")}`,
        );
      },
      await this.#withAxe(),
    );
    this.faults.push(...results.map((text) => `axe ${text}`));
  }

  async #withAxe(): Promise<string> {
    const session = await this.context.newCDPSession(this.page);
    await session.send("Runtime.evaluate", {
      expression: `window.axe === undefined && (() => {${AXE}})()`,
    });
    await session.detach();
    return "";
  }

  async #checkAttributes(): Promise<void> {
    const styled = await this.page.evaluate(
      () => document.querySelectorAll("img, iframe, embed, object").length,
    );
    if (styled > 0) this.faults.push("the page holds an image or a frame");
  }
}

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly {
      readonly target: readonly string[];
      readonly failureSummary?: string;
    }[];
  }[];
}
