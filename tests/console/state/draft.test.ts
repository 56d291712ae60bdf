import { describe, expect, test } from "vitest";
import type { ApiClient } from "../../../oye-proxy/frontend/src/api/client.ts";
import type { Json } from "../../../oye-proxy/frontend/src/domain/schema-form.ts";
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

function draft(
  answers: Partial<Record<string, () => Promise<unknown>>> = {},
  begin?: () => Promise<Json | undefined>,
) {
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
    one: new Draft(host, () => ({ call }) as unknown as ApiClient, begin),
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

  test("keeps what was entered before the form comes", async () => {
    const { one } = draft();
    one.follow("1.6", "Reset");
    one.edit('{"type":"Soft"}');
    await settled(one, "1.6", "Reset");

    expect(one.payload).toEqual({ type: "Soft" });
    expect(one.breaksSchema).toBe(false);
  });

  test("is one for each version and action, and the former comes back", async () => {
    const { one } = draft();
    await settled(one, "1.6", "Reset");
    one.edit('{"type":"Soft"}');
    await settled(one, "2.1", "Reset");
    expect(one.payload).toEqual({});
    await settled(one, "1.6", "Nothing");
    expect(one.payload).toEqual({});
    await settled(one, "1.6", "Reset");

    expect(one.payload).toEqual({ type: "Soft" });
  });

  test("of another version asks for the schemas by that version's names", async () => {
    const asked: string[] = [];
    const { one } = draft({
      list: () =>
        Promise.resolve([
          { version: "1.6", actions: ACTIONS },
          {
            version: "2.1",
            actions: [{ action: "Reset", request: "ResetRequest" }],
          },
        ]),
      ...Object.fromEntries(
        ["Reset", "ResetRequest"].map((name) => [
          name,
          () => {
            asked.push(name);
            return Promise.resolve(RESET);
          },
        ]),
      ),
    });
    await settled(one, "1.6", "Reset");
    await settled(one, "2.1", "Reset");

    expect(asked).toEqual(["Reset", "ResetRequest"]);
    expect([one.form?.kind, one.isCustom]).toEqual(["object", false]);
  });

  test("has no form, and no actions, of the version that was left", async () => {
    const { one } = draft();
    await settled(one, "1.6", "Reset");
    one.follow("2.1", "Reset");

    expect([one.actions, one.form, one.loading]).toEqual([null, null, true]);
  });

  test("takes no late form of the version that was left", async () => {
    let answerLate: (schema: unknown) => void = () => undefined;
    let asked = 0;
    const { one } = draft({
      Reset: () => {
        asked += 1;
        return asked > 1
          ? Promise.resolve(RESET)
          : new Promise((resolve) => {
              answerLate = resolve;
            });
      },
    });
    await settled(one, "1.6", "Reset");
    expect(one.loading).toBe(true);
    await settled(one, "2.1", "Reset");
    const { form } = one;
    answerLate({ type: "object", properties: {} });
    await settled(one, "2.1", "Reset");

    expect(one.form).toBe(form);
    expect(one.form?.fields).toHaveLength(1);
  });

  test("asks again for a form that could not be had", async () => {
    let failures = 1;
    const { one } = draft({
      Reset: () =>
        failures-- > 0
          ? Promise.reject(new Error("away"))
          : Promise.resolve(RESET),
    });
    await settled(one, "1.6", "Reset");
    expect(one.form).toBeNull();
    one.retry();
    await settled(one, "1.6", "Reset");

    expect(one.form).not.toBeNull();
  });

  test("begins with what is known of its action", async () => {
    const { one } = draft({}, () => Promise.resolve({ type: "Hard" }));
    await settled(one, "1.6", "Reset");
    expect(one.payload).toEqual({ type: "Hard" });
    one.edit("{}");
    await settled(one, "1.6", "Nothing");
    await settled(one, "1.6", "Reset");

    expect(one.payload).toEqual({});
  });

  test("goes along when the reader gives its action another name", async () => {
    const { one } = draft();
    await settled(one, "1.6", "");
    one.edit('{"a":1}');
    one.rename("Own");
    await settled(one, "1.6", "Own");
    expect(one.payload).toEqual({ a: 1 });
    one.rename("Reset");
    await settled(one, "1.6", "Reset");
    one.edit("{}");
    await settled(one, "1.6", "Own");
    one.rename("Reset");
    await settled(one, "1.6", "Reset");

    expect(one.payload).toEqual({});
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
    one.show("", '{"a":1}');
    expect(one.text).toBe('{\n  "a": 1\n}');
    one.show("", "no JSON");
    expect([one.text, one.payload]).toEqual(["no JSON", null]);
    one.show("Reset", "{}");
    expect(one.text).toBe("no JSON");
  });
});
