import { describe, expect, test } from "vitest";
import type { ApiClient } from "../../../oye-proxy/frontend/src/api/client.ts";
import { Draft } from "../../../oye-proxy/frontend/src/state/draft.ts";

const ACTIONS = [
  { action: "Reset", request: "Reset" },
  { action: "Strange", request: "None" },
];
const RESET = {
  type: "object",
  properties: { type: { type: "string", enum: ["Hard", "Soft"] } },
  required: ["type"],
};

function draft(answers: Partial<Record<string, () => Promise<unknown>>> = {}) {
  const call = (
    name: string,
    options: { path?: { name: string } },
  ): Promise<unknown> => {
    const answer = answers[options.path?.name ?? "list"];
    if (answer !== undefined) return answer();
    if (name === "GET /api/schemas") {
      return Promise.resolve(
        ["1.6", "2.1"].map((version) => ({ version, actions: ACTIONS })),
      );
    }
    return options.path?.name === "Reset"
      ? Promise.resolve(RESET)
      : Promise.reject(new Error("404"));
  };
  const updates: number[] = [];
  const host = { requestUpdate: () => void updates.push(1) };
  return {
    one: new Draft(host, () => ({ call }) as unknown as ApiClient),
    updates,
  };
}

/** Let the server's answers come, as the page does between two updates. */
async function settled(
  one: Draft,
  version: string,
  action: string,
): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) {
    one.follow(version, action);
    await Promise.resolve();
    await Promise.resolve();
    await Promise.resolve();
  }
}

describe("a draft", () => {
  test("brings the form of its action, and what that requires", async () => {
    const { one, updates } = draft();
    await settled(one, "1.6", "Reset");

    expect(one.form?.fields.map(({ name }) => name)).toEqual(["type"]);
    expect(one.payload).not.toBeNull();
    expect(one.known?.action).toBe("Reset");
    expect(one.isCustom).toBe(false);
    expect(updates.length).toBeGreaterThan(0);
  });

  test("keeps what was entered when the form comes, and when the version changes", async () => {
    const { one } = draft();
    one.edit('{"type":"Soft"}');
    await settled(one, "1.6", "Reset");
    await settled(one, "2.1", "Reset");

    expect(one.payload).toEqual({ type: "Soft" });
    expect(one.breaksSchema).toBe(false);
  });

  test("of an action that nobody knows is a custom one without a form", async () => {
    const { one } = draft();
    await settled(one, "1.6", "Nothing");

    expect([one.isCustom, one.form, one.loading]).toEqual([true, null, false]);
  });

  test("whose schema is missing has no form", async () => {
    const { one } = draft();
    await settled(one, "1.6", "Strange");

    expect([one.isCustom, one.form, one.loading]).toEqual([false, null, false]);
  });

  test("tells why there are no actions, and asks again", async () => {
    const failure = new Error("away");
    let failures = 1;
    const { one } = draft({
      list: () =>
        failures-- > 0
          ? Promise.reject(failure)
          : Promise.resolve([{ version: "1.6", actions: ACTIONS }]),
    });
    await settled(one, "1.6", "Reset");
    expect(one.failure).toBe(failure);

    one.retry();
    await settled(one, "1.6", "Reset");
    expect(one.failure).toBeNull();
    expect(one.form).not.toBeNull();
  });

  test("knows the first attempt to send from the others, until the action is another", async () => {
    const { one } = draft();
    await settled(one, "1.6", "Reset");

    expect([one.attempt(), one.attempt(), one.tried]).toEqual([
      true,
      false,
      true,
    ]);
    await settled(one, "1.6", "Strange");
    expect(one.tried).toBe(false);
  });

  test("shows JSON in lines, and anything else as it is", () => {
    const { one } = draft();
    one.show('{"a":1}');
    expect(one.text).toBe('{\n  "a": 1\n}');
    one.show("no JSON");
    expect([one.text, one.payload]).toEqual(["no JSON", null]);
    one.begin(true);
    expect([one.text, one.isCustom]).toEqual(["{}", true]);
  });
});
