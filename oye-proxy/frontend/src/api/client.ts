import { pathId, serverUrl } from "./paths.ts";
import type { Calls, Problem } from "./types.gen.ts";

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
export type CallName = keyof Calls & `${Method} ${string}`;

type PathParts<Name extends string> = Name extends `${string}{${infer Part}}${infer Rest}`
  ? Part | PathParts<Rest>
  : never;

type Path<Name extends string> = [PathParts<Name>] extends [never]
  ? { readonly path?: undefined }
  : { readonly path: Readonly<Record<PathParts<Name>, string | number>> };

type Body<Name extends CallName> = Calls[Name]["body"] extends undefined
  ? { readonly body?: undefined }
  : { readonly body?: Calls[Name]["body"] };

type Query<Name extends CallName> = Calls[Name]["query"] extends undefined
  ? { readonly query?: undefined }
  : { readonly query?: Calls[Name]["query"] };

export type CallOptions<Name extends CallName> = Path<Name> &
  Body<Name> &
  Query<Name> & { readonly signal?: AbortSignal; readonly idempotencyKey?: string };

/** What failed: the server's words and code, or `unreachable` when no answer came. */
export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly problem: Partial<Problem> = {},
  ) {
    super(message);
  }
}

export const UNREACHABLE = "unreachable";

export interface ApiClient {
  /** Make one call of the API by its name in `types.gen.ts`; raise ApiError when it fails. */
  call<Name extends CallName>(
    name: Name,
    options: CallOptions<Name>,
  ): Promise<Calls[Name]["answer"]>;
  /** The same for answers that are no JSON. */
  text<Name extends CallName>(name: Name, options: CallOptions<Name>): Promise<string>;
}

/** Calls the server that the page came from. */
export class HttpClient implements ApiClient {
  /** Called after each 401: the session has ended, or there was none. */
  onUnauthenticated: (() => void) | null = null;

  readonly #fetch: typeof fetch;
  readonly #base: string | undefined;

  constructor(fetcher: typeof fetch = (input, init) => fetch(input, init), base?: string) {
    this.#fetch = fetcher;
    this.#base = base;
  }

  async call<Name extends CallName>(
    name: Name,
    options: CallOptions<Name>,
  ): Promise<Calls[Name]["answer"]> {
    const response = await this.#send(name, options);
    return (await response.json()) as Calls[Name]["answer"];
  }

  async text<Name extends CallName>(name: Name, options: CallOptions<Name>): Promise<string> {
    const response = await this.#send(name, options);
    return response.text();
  }

  async #send<Name extends CallName>(name: Name, options: CallOptions<Name>): Promise<Response> {
    const [method, template] = split(name);
    const url = serverUrl(filled(template, options.path), this.#base);
    for (const [key, value] of Object.entries(options.query ?? {})) {
      if (value !== null && value !== undefined) url.searchParams.set(key, String(value));
    }
    const headers: Record<string, string> = { "X-OYE-Console": "1", Accept: "application/json" };
    const init: RequestInit = { method, headers, credentials: "same-origin", cache: "no-store" };
    if (options.body !== undefined) {
      headers["Content-Type"] = "application/json";
      init.body = JSON.stringify(options.body);
    }
    if (options.idempotencyKey !== undefined) headers["Idempotency-Key"] = options.idempotencyKey;
    if (options.signal !== undefined) init.signal = options.signal;
    const response = await this.#answer(url, init);
    if (response.ok) return response;
    if (response.status === 401) this.onUnauthenticated?.();
    throw await failure(response);
  }

  async #answer(url: URL, init: RequestInit): Promise<Response> {
    try {
      return await this.#fetch(url, init);
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") throw error;
      throw new ApiError(0, UNREACHABLE, "The server cannot be reached.");
    }
  }
}

function split(name: string): [string, string] {
  const space = name.indexOf(" ");
  return [name.slice(0, space), name.slice(space + 1)];
}

function filled(
  template: string,
  path: Readonly<Record<string, string | number>> | undefined,
): string {
  return template.replace(/\{(\w+)\}/g, (_, part: string) => pathId(String(path?.[part] ?? "")));
}

async function failure(response: Response): Promise<ApiError> {
  try {
    const problem = (await response.json()) as Partial<Problem>;
    const code = typeof problem.code === "string" ? problem.code : "unknown";
    const text = typeof problem.error === "string" ? problem.error : response.statusText;
    return new ApiError(response.status, code, text, problem);
  } catch {
    return new ApiError(response.status, "unknown", response.statusText || String(response.status));
  }
}
