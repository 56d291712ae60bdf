// After blanks too.
const FORMULA = /^ *[=+\-@\t\r]/;

export type Cell = string | number | boolean | null;

/** Return rows as CSV; a text that a spreadsheet would take for a formula begins with an apostrophe. */
export function toCsv(rows: readonly (readonly Cell[])[]): string {
  return rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

/** Return a name for a file, of letters, digits, `-` and `_`. */
export function fileName(text: string, extension: string): string {
  const stem = text.replace(/[^A-Za-z0-9_-]+/g, "_").replace(/^_+|_+$/g, "");
  return `${stem.slice(0, 80) || "oye"}.${extension}`;
}

function cell(value: Cell): string {
  if (value === null) return "";
  if (typeof value !== "string") return String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
