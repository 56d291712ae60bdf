import { css, html, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import type { LogEntry, LogLevel, LogTail } from "../api/types.gen.ts";
import { unitsOf } from "../domain/units.ts";
import { language, localize } from "../texts/localize.ts";
import "./oye-id.ts";
import { PanelElement } from "./panel-element.ts";

const LEVELS: readonly LogLevel[] = [
  "trace",
  "debug",
  "info",
  "notice",
  "warning",
  "error",
  "fatal",
];
const LINES = 200;
const EVERY = 2_000;
const FAULTS: readonly string[] = ["error", "critical", "fatal"];

/** The newest lines of the log, followed while they are looked at, and how much is logged. */
@customElement("oye-log")
export class OyeLog extends PanelElement<LogTail> {
  static override styles = [
    ...[PanelElement.styles].flat(),
    css`
      .lines {
        inline-size: 100%;
        max-block-size: 24rem;
        overflow: hidden auto;
        border: 1px solid var(--oye-border);
        border-radius: var(--oye-radius);
        background: var(--oye-sunken);
        font-size: var(--oye-size-2);
      }
      .lines li {
        padding: 2px var(--oye-space-2);
        overflow-wrap: anywhere;
      }
      .warning {
        color: var(--oye-waiting);
      }
      .fault {
        color: var(--oye-fault);
      }
    `,
  ];

  protected override readonly heading = "system.log";
  @state() private _following = false;
  #timer: ReturnType<typeof setInterval> | null = null;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#follow(false);
  }

  protected override read(): Promise<LogTail> {
    return this.client.call("GET /api/log", { query: { limit: LINES } });
  }

  protected override tools(): unknown {
    return html`<label class="check">
        <input type="checkbox" .checked=${this._following} @change=${this.#setFollowing} />
        ${localize("system.follow")}
      </label>
      <label class="field small">
        <span class="hidden">${localize("system.level")}</span>
        <select ?disabled=${!this.live || this.busy !== null} @change=${this.#setLevel}>
          ${LEVELS.map(
            (level) =>
              html`<option value=${level} .selected=${level === this.data?.level}>
                ${localize(`system.level_${level}`)}
              </option>`,
          )}
        </select>
      </label>`;
  }

  protected override content(tail: LogTail): unknown {
    if (tail.lines.length === 0) return html`<p>${localize("system.no_lines")}</p>`;
    return html`<ol class="lines mono" tabindex="0" aria-label=${localize("system.log")}>
      ${tail.lines.toReversed().map((line) => this.#line(line))}
    </ol>`;
  }

  #line(line: LogEntry): unknown {
    const units = unitsOf(language());
    const level = line.level.toLowerCase();
    const tone = FAULTS.includes(level) ? "fault" : level;
    return html`<li class=${tone === "fault" || tone === "warning" ? tone : ""}>
      <span title=${units.utc(line.time)}>${units.time(line.time)}</span> ${level}
      ${line.charger === null ? nothing : html`<oye-id room="24" .value=${line.charger}></oye-id>`}
      <oye-id room="400" .value=${line.message}></oye-id>
    </li>`;
  }

  #setLevel = (event: Event): void => {
    const wanted = (event.target as HTMLSelectElement).value;
    const level = LEVELS.find((one) => one === wanted);
    if (level === undefined) return;
    const does = (): Promise<unknown> => this.client.call("PATCH /api/log", { body: { level } });
    void this.act("level", does, localize("access.saved"));
  };

  #setFollowing = (event: Event): void => {
    this.#follow((event.target as HTMLInputElement).checked);
  };

  #follow(wanted: boolean): void {
    this._following = wanted;
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = wanted
      ? setInterval(() => {
          if (!document.hidden) void this.reload();
        }, EVERY)
      : null;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-log": OyeLog;
  }
}
