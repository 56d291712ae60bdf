import type { ExchangeDetail } from "../api/types.gen.ts";
import { partsOf, withTags } from "./frame-text.ts";

const PERSONAL =
  /("(?:chargePointSerialNumber|chargeBoxSerialNumber|meterSerialNumber|serialNumber|iccid|imsi)"\s*:\s*")((?:[^"\\]|\\.)*)(?=")/g;

/** Return an exchange as a recording for tests: its frames as they passed, with all ids replaced. */
export function recordingOf(detail: ExchangeDetail): string {
  const messages = new Names("m");
  const tags = new Names("TAG");
  const serials = new Names("SERIAL");
  const id = JSON.stringify(detail.exchange.chargePointId).slice(1, -1);
  const clean = (text: string): string => {
    const messageId = partsOf(text)?.messageId ?? "";
    let cleaned = withTags(text, (tag) => tags.of(tag));
    cleaned = cleaned.replace(
      PERSONAL,
      (_, head: string, serial: string) => head + serials.of(serial),
    );
    if (messageId !== "")
      cleaned = replaced(cleaned, JSON.stringify(messageId), `"${messages.of(messageId)}"`);
    return id === "" ? cleaned : replaced(cleaned, `"${id}"`, '"CP-1"');
  };
  const frames = [detail.request, ...detail.answers].map((frame) => ({
    from: frame.sender,
    text: clean(frame.text),
  }));
  return `${JSON.stringify({ ocppVersion: detail.ocppVersion, frames }, null, 2)}\n`;
}

/** Names in place of others, the same for the same. */
class Names {
  readonly #names = new Map<string, string>();

  constructor(private readonly stem: string) {}

  of(name: string): string {
    const known = this.#names.get(name) ?? `${this.stem}-${this.#names.size + 1}`;
    this.#names.set(name, known);
    return known;
  }
}

function replaced(text: string, from: string, to: string): string {
  return text.split(from).join(to);
}
