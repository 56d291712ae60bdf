import type { ExchangeDetail, ExchangeFrame } from "../api/types.gen.ts";

/** Return the frames of an exchange, its request first. */
export function framesOf(detail: ExchangeDetail): readonly ExchangeFrame[] {
  return [detail.request, ...detail.answers];
}

/** Return the name of a frame's schema; 1.6 names that of a request after its action alone. */
export function schemaOf(frame: ExchangeFrame, detail: ExchangeDetail): string {
  const { action } = detail.exchange;
  if (action === null) return "";
  if (frame.messageType === 3) return `${action}Response`;
  if (frame.messageType === 6) return action;
  if (frame.messageType !== 2) return "";
  return detail.ocppVersion === "1.6" ? action : `${action}Request`;
}
