import { toCsv } from "./csv.ts";
import type { Row } from "./exchanges.ts";

const HEAD = [
  "time",
  "charger",
  "from",
  "to",
  "action",
  "state",
  "gist",
  "answer",
  "latency_ms",
  "size",
  "message_id",
  "key",
] as const;

/** Return the exchanges among rows as CSV. */
export function exchangesAsCsv(rows: readonly Row[]): string {
  const lines = rows.flatMap((row) => {
    if (row.kind === "gap") return [];
    const { summary } = row;
    const { answer } = summary;
    return [
      [
        summary.time,
        summary.chargePointId,
        summary.sender,
        summary.receiver,
        summary.action,
        summary.state,
        summary.gist,
        answer?.gist ?? null,
        answer?.latencyMs ?? null,
        summary.size + (answer?.size ?? 0),
        summary.messageId,
        summary.key,
      ],
    ];
  });
  return toCsv([HEAD, ...lines]);
}

/** Return the exchanges among rows as JSON. */
export function exchangesAsJson(rows: readonly Row[]): string {
  const summaries = rows.flatMap((row) => (row.kind === "gap" ? [] : [row.summary]));
  return `${JSON.stringify(summaries, null, 2)}\n`;
}
