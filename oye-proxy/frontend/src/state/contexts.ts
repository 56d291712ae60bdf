import { createContext } from "@lit/context";
import type { ApiClient } from "../api/client.ts";
import type { LiveStore } from "./live-store.ts";
import type { Preferences } from "./preferences.ts";
import type { Session } from "./session.ts";

export const clientContext = createContext<ApiClient>("oye-client");
export const liveContext = createContext<LiveStore>("oye-live");
export const sessionContext = createContext<Session>("oye-session");
export const preferencesContext = createContext<Preferences>("oye-preferences");
