import { expect, test } from "vitest";
import { browserOf } from "../../../oye-proxy/frontend/src/domain/user-agent.ts";

const WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)";

test.each([
  [
    `Mozilla/5.0 (X11; Linux x86_64) ${WEBKIT} Chrome/140.0 Safari/537.36`,
    "Chrome",
    "Linux",
  ],
  [
    `Mozilla/5.0 (Windows NT 10.0) ${WEBKIT} Chrome/140.0 Safari/537.36 Edg/140.0`,
    "Edge",
    "Windows",
  ],
  [
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Firefox",
    "Linux",
  ],
  [
    `Mozilla/5.0 (Macintosh; Intel Mac OS X) ${WEBKIT} Version/18.0 Safari/605.1`,
    "Safari",
    "macOS",
  ],
  [
    `Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) ${WEBKIT} Version/18.0 Mobile Safari/604.1`,
    "Safari",
    "iOS",
  ],
  [
    `Mozilla/5.0 (Linux; Android 15) ${WEBKIT} Chrome/140.0 Mobile Safari/537.36 Home Assistant/2026.11`,
    "Home Assistant",
    "Android",
  ],
])("a browser is named as people know it: %s", (userAgent, browser, system) => {
  expect(browserOf(userAgent)).toEqual({ browser, system });
});

test.each(["", "curl/8.5.0", "<img src=x>", "Linux", "Chrome/1"])(
  "what is no browser we know is not guessed: %j",
  (userAgent) => {
    expect(browserOf(userAgent)).toBeNull();
  },
);
