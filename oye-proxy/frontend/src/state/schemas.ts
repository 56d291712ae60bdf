import type { ApiClient } from "../api/client.ts";
import type { ActionSchemas, VersionSchemas } from "../api/types.gen.ts";
import { formOf, type Field } from "../domain/schema-form.ts";

/** The official schemas, each asked for once. */
export class Schemas {
  readonly #client: ApiClient;
  readonly #forms = new Map<string, Promise<Field | null>>();
  #versions: Promise<readonly VersionSchemas[]> | null = null;

  constructor(client: ApiClient) {
    this.#client = client;
  }

  /** Return the actions of a version; a failure is asked for again. */
  async actions(version: string): Promise<readonly ActionSchemas[]> {
    this.#versions ??= this.#client.call("GET /api/schemas", {});
    try {
      const versions = await this.#versions;
      return versions.find((one) => one.version === version)?.actions ?? [];
    } catch (error) {
      this.#versions = null;
      throw error;
    }
  }

  /** Return the form of a schema, null when there is none. */
  form(version: string, name: string): Promise<Field | null> {
    const key = `${version} ${name}`;
    const known = this.#forms.get(key);
    if (known !== undefined) return known;
    const asked = this.#client
      .call("GET /api/schemas/{version}/{name}", { path: { version, name } })
      .then(formOf)
      .catch(() => {
        this.#forms.delete(key);
        return null;
      });
    this.#forms.set(key, asked);
    return asked;
  }
}
