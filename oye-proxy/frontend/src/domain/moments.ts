/** Return a moment as a date field of the browser takes it, in the browser's zone; empty when it is none. */
export function localMoment(text: string): string {
  const moment = new Date(text);
  if (text === "" || Number.isNaN(moment.getTime())) return "";
  const local = new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19);
}

/** Return what a date field holds as OCPP writes moments; null when it holds none. */
export function momentOfLocal(text: string): string | null {
  const moment = new Date(text);
  return text === "" || Number.isNaN(moment.getTime()) ? null : moment.toISOString();
}
