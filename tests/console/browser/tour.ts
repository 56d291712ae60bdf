import type { Page } from "playwright-core";
import { toggleWord } from "../../../oye-proxy/frontend/src/domain/filter.ts";
import { hashOf } from "../../../oye-proxy/frontend/src/router.ts";
import { callApi } from "./public.ts";
import type { Proxy } from "./proxy.ts";

/** One view, as the hash names it. */
export interface Stop {
  readonly name: string;
  readonly hash: string;
  /** Which view shows it. */
  readonly view: string;
}

/** Name every view of the console, those of one charger and of its first transaction among them. */
export async function everyView(
  proxy: Proxy,
  chargePointId: string,
): Promise<readonly Stop[]> {
  return [
    ...["chargers", "live", "compose", "transactions", "access", "system"].map(
      (name) => ({
        name,
        hash: hashOf([name]),
        view: name === "compose" ? "composer" : name,
      }),
    ),
    ...ofCharger(chargePointId),
    {
      name: "transaction",
      hash: hashOf(["transactions", await firstTransaction(proxy)]),
      view: "transaction",
    },
  ];
}

/** Name the views of one charger. */
export function ofCharger(chargePointId: string): readonly Stop[] {
  const filter = toggleWord("", "charger", chargePointId);
  return [
    {
      name: "charger",
      hash: hashOf(["chargers", chargePointId]),
      view: "charger",
    },
    {
      name: "charger-settings",
      hash: hashOf(["chargers", chargePointId, "settings"]),
      view: "charger-settings",
    },
    {
      name: "live-charger",
      hash: hashOf(["live"], { q: filter }),
      view: "live",
    },
    {
      name: "compose-charger",
      hash: hashOf(["compose", chargePointId, "DataTransfer"]),
      view: "composer",
    },
  ];
}

/** Open a view and wait until nothing in it is loading. */
export async function open(page: Page, { hash, view }: Stop): Promise<void> {
  await page.evaluate((wanted) => {
    window.location.hash = wanted;
  }, hash);
  await page.locator(`oye-view-${view}`).waitFor();
  await page.waitForFunction(() => {
    const loads = (root: Document | ShadowRoot): boolean =>
      [...root.querySelectorAll("*")].some(
        (one) =>
          one.matches("oye-skeleton") ||
          (one.shadowRoot !== null && loads(one.shadowRoot)),
      );
    return !loads(document);
  });
}

async function firstTransaction(proxy: Proxy): Promise<string> {
  const answer = (await callApi(proxy, "GET", "api/transactions")) as {
    readonly transactions: readonly { readonly id: number }[];
  };
  return String(answer.transactions[0]?.id ?? "");
}
