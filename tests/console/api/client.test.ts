import { describe, expect, test } from "vitest";
import {
  ApiError,
  HttpClient,
} from "../../../oye-proxy/frontend/src/api/client.ts";

const BASE = "http://host/prefix/";

interface Asked {
  readonly url: string;
  readonly init: RequestInit;
}

function clientThatGets(response: Response | Error): {
  client: HttpClient;
  asked: Asked[];
} {
  const asked: Asked[] = [];
  const fetcher = (url: unknown, init?: RequestInit): Promise<Response> => {
    asked.push({ url: String(url), init: init ?? {} });
    return response instanceof Error
      ? Promise.reject(response)
      : Promise.resolve(response);
  };
  return { client: new HttpClient(fetcher, BASE), asked };
}

async function failureOf(promise: Promise<unknown>): Promise<ApiError> {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ApiError)) throw new Error("no ApiError");
  return error;
}

describe("a call", () => {
  test("is made below the prefix, with the console's header and the id in its safe form", async () => {
    const { client, asked } = clientThatGets(Response.json({ status: "sent" }));
    await client.call("POST /api/chargers/{charge_point_id}/start", {
      path: { charge_point_id: "CP/1" },
      query: { wait: 30 },
      body: { connectorId: 1 },
    });

    expect(asked[0]?.url).toBe(
      "http://host/prefix/api/chargers/~Q1AvMQ/start?wait=30",
    );
    expect(asked[0]?.init.headers).toMatchObject({ "X-OYE-Console": "1" });
    expect(asked[0]?.init.body).toBe('{"connectorId":1}');
  });

  test("that fails has the server's code and members", async () => {
    const problem = {
      error: "Try later",
      code: "too_many_requests",
      retryAfter: 7,
    };
    const { client } = clientThatGets(Response.json(problem, { status: 429 }));

    const error = await failureOf(client.call("GET /api/info", {}));

    expect([
      error.status,
      error.code,
      error.message,
      error.problem.retryAfter,
    ]).toEqual([429, "too_many_requests", "Try later", 7]);
  });

  test("that is answered by something else fails with its status", async () => {
    const { client } = clientThatGets(
      new Response("<html>", { status: 502, statusText: "Bad" }),
    );

    expect((await failureOf(client.call("GET /api/info", {}))).code).toBe(
      "unknown",
    );
  });

  test("that nobody answers is unreachable", async () => {
    const { client } = clientThatGets(new TypeError("failed to fetch"));

    expect((await failureOf(client.call("GET /api/info", {}))).code).toBe(
      "unreachable",
    );
  });

  test("without a session tells so once each", async () => {
    const { client } = clientThatGets(
      Response.json({ error: "x", code: "not_authenticated" }, { status: 401 }),
    );
    let lost = 0;
    client.onUnauthenticated = () => {
      lost += 1;
    };
    await failureOf(client.call("GET /api/info", {}));

    expect(lost).toBe(1);
  });
});
