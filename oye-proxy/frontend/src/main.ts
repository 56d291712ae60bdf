import "@awesome.me/webawesome/dist/styles/themes/default.css";
import "./styles/tokens.css";
import { browserStream } from "./api/browser.ts";
import { HttpClient } from "./api/client.ts";
import { OyeApp } from "./app.ts";
import { registerIcons } from "./elements/controls.ts";
import { LiveStore } from "./state/live-store.ts";
import { browserStorage, Preferences } from "./state/preferences.ts";
import { Session } from "./state/session.ts";
import { followTheme } from "./state/theme.ts";
import { bestLanguage, setLanguage } from "./texts/localize.ts";

const preferences = new Preferences(browserStorage());
followTheme(preferences);
registerIcons();

async function followLanguage(): Promise<void> {
  const language = bestLanguage(preferences.values.language, navigator.languages);
  await setLanguage(language, navigator.languages);
  document.documentElement.lang = language;
}

async function start(): Promise<void> {
  // English is there already when another language cannot be loaded.
  await followLanguage().catch(() => undefined);
  preferences.subscribe(() => {
    followLanguage().catch(() => undefined);
  });
  const client = new HttpClient();
  const session = new Session(client);
  const live = new LiveStore((render) => requestAnimationFrame(render));
  const stream = browserStream(live);
  live.attach(stream);
  live.onStreamRefused = () => void session.load();
  session.subscribe(() => {
    if (session.state === "signed-in" || session.state === "unreachable") stream.start();
    else stream.stop();
  });
  client.onUnauthenticated = () => {
    session.lost();
  };
  const app = Object.assign(new OyeApp(), { client, session, live, preferences });
  document.body.replaceChildren(app);
  await session.load();
}

void start();
