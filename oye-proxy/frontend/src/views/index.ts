import { html, type TemplateResult } from "lit";
import type { IconName } from "../elements/icon-names.ts";
import { fits, type Route } from "../router.ts";
import type { TextKey } from "../texts/localize.ts";

/** One view: where it is, how it is loaded, and what the navigation shows. */
export interface ViewDefinition {
  /** Patterns of its paths; the first is the one that the navigation leads to. */
  readonly patterns: readonly string[];
  readonly title: TextKey;
  readonly load: () => Promise<unknown>;
  readonly render: (route: Route) => TemplateResult;
  /** Where the navigation lists it: `tab` is in the phone's tab bar, `more` behind More. */
  readonly navigation: "tab" | "more" | null;
  readonly icon: IconName;
  readonly scope: "read" | "control" | "admin";
}

/** The views, in the order of the navigation. */
export const VIEWS: readonly ViewDefinition[] = [
  {
    patterns: ["chargers"],
    title: "view.chargers",
    load: () => import("./chargers.ts"),
    render: (route) => html`<oye-view-chargers .route=${route}></oye-view-chargers>`,
    navigation: "tab",
    icon: "charger",
    scope: "read",
  },
  {
    patterns: ["chargers/:id"],
    title: "view.charger",
    load: () => import("./charger.ts"),
    render: (route) => html`<oye-view-charger .route=${route}></oye-view-charger>`,
    navigation: null,
    icon: "charger",
    scope: "read",
  },
  {
    patterns: ["chargers/:id/settings"],
    title: "view.charger_settings",
    load: () => import("./charger-settings.ts"),
    render: (route) =>
      html`<oye-view-charger-settings .route=${route}></oye-view-charger-settings>`,
    navigation: null,
    icon: "settings",
    scope: "read",
  },
  {
    patterns: ["live"],
    title: "view.live",
    load: () => import("./live.ts"),
    render: (route) => html`<oye-view-live .route=${route}></oye-view-live>`,
    navigation: "tab",
    icon: "list",
    scope: "read",
  },
  {
    patterns: ["compose", "compose/:id", "compose/:id/:action"],
    title: "view.compose",
    load: () => import("./composer.ts"),
    render: (route) => html`<oye-view-composer .route=${route}></oye-view-composer>`,
    navigation: "tab",
    icon: "compose",
    scope: "control",
  },
  {
    patterns: ["transactions"],
    title: "view.transactions",
    load: () => import("./transactions.ts"),
    render: (route) => html`<oye-view-transactions .route=${route}></oye-view-transactions>`,
    navigation: "tab",
    icon: "transactions",
    scope: "read",
  },
  {
    patterns: ["transactions/:id"],
    title: "view.transactions",
    load: () => import("./transaction.ts"),
    render: (route) => html`<oye-view-transaction .route=${route}></oye-view-transaction>`,
    navigation: null,
    icon: "transactions",
    scope: "read",
  },
  {
    patterns: ["access"],
    title: "view.access",
    load: () => import("./access.ts"),
    render: (route) => html`<oye-view-access .route=${route}></oye-view-access>`,
    navigation: "more",
    icon: "people",
    scope: "read",
  },
  {
    patterns: ["system"],
    title: "view.system",
    load: () => import("./system.ts"),
    render: (route) => html`<oye-view-system .route=${route}></oye-view-system>`,
    navigation: "more",
    icon: "system",
    scope: "read",
  },
];

/** Return the view that shows a path, if there is one. */
export function viewAt(path: readonly string[]): ViewDefinition | undefined {
  return VIEWS.find((view) => view.patterns.some((pattern) => fits(pattern, path)));
}
