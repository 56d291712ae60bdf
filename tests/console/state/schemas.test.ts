import { expect, test } from "vitest";
import type { ApiClient } from "../../../oye-proxy/frontend/src/api/client.ts";
import { Schemas } from "../../../oye-proxy/frontend/src/state/schemas.ts";

test("each schema is asked for once, a missing one again", async () => {
  const asked: string[] = [];
  const call = (_name: string, options: { path: { name: string } }) => {
    asked.push(options.path.name);
    return options.path.name === "Reset"
      ? Promise.resolve({ type: "object", properties: {} })
      : Promise.reject(new Error("404"));
  };
  const schemas = new Schemas({ call } as unknown as ApiClient);

  expect((await schemas.form("1.6", "Reset"))?.kind).toBe("object");
  await schemas.form("1.6", "Reset");
  expect(await schemas.form("1.6", "Nothing")).toBeNull();
  await schemas.form("1.6", "Nothing");
  expect(asked).toEqual(["Reset", "Nothing", "Nothing"]);
});

test("the actions of a version are those that the server lists, none for an unknown one", async () => {
  let failures = 1;
  const call = () =>
    failures-- > 0
      ? Promise.reject(new Error("away"))
      : Promise.resolve([{ version: "1.6", actions: [{ action: "Reset" }] }]);
  const schemas = new Schemas({ call } as unknown as ApiClient);

  await expect(schemas.actions("1.6")).rejects.toThrow("away");
  expect(await schemas.actions("1.6")).toHaveLength(1);
  expect(await schemas.actions("9")).toEqual([]);
});
