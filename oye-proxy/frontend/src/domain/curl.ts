/** Return a command line that sends a CALL through the API; the token is the reader's own. */
export function curlInject(url: string, action: string, payload: string): string {
  const body = `{"action":${JSON.stringify(action)},"payload":${payload}}`;
  return [...curl(url), `-H 'Content-Type: application/json'`, `-d ${quoted(body)}`].join(
    " \\\n  ",
  );
}

/** Return a command line that asks for what stands at an address. */
export function curlGet(url: string): string {
  return curl(url).join(" \\\n  ");
}

function curl(url: string): string[] {
  return [`curl ${quoted(url)}`, `-H "Authorization: Bearer $OYE_TOKEN"`];
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
