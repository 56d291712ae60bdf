/** What a browser calls itself, without its versions. */
export type KnownBrowser = Readonly<Record<"browser" | "system", string>>;

// In this order: each names those after it, too.
const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/Home Assistant\//, "Home Assistant"],
  [/Edg(?:e|A|iOS)?\//, "Edge"],
  [/OPR\//, "Opera"],
  [/SamsungBrowser\//, "Samsung Internet"],
  [/(?:Firefox|FxiOS)\//, "Firefox"],
  [/(?:Chrome|CriOS)\//, "Chrome"],
  [/Version\/.* Safari\//, "Safari"],
];
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/Android/, "Android"],
  [/iPad/, "iPadOS"],
  [/iPhone/, "iOS"],
  [/Windows NT/, "Windows"],
  [/Macintosh/, "macOS"],
  [/CrOS/, "ChromeOS"],
  [/Linux/, "Linux"],
];

/** Return which browser on which system a user agent names; null when it is none that we know. */
export function browserOf(userAgent: string): KnownBrowser | null {
  const named = (names: typeof BROWSERS): string | undefined =>
    names.find(([pattern]) => pattern.test(userAgent))?.[1];
  const [browser, system] = [named(BROWSERS), named(SYSTEMS)];
  return browser === undefined || system === undefined ? null : { browser, system };
}
