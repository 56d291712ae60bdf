import { expect, test } from "vitest";
import {
  liveAddressOf,
  withValue,
} from "../../../oye-proxy/frontend/src/domain/live-address.ts";

test("an empty address shows all but heartbeats", () => {
  expect(liveAddressOf(new Map())).toEqual({
    written: "",
    filter: "-action:Heartbeat",
    at: "",
    highlight: "",
    showsHeartbeats: false,
    namesCharger: false,
  });
});

test("an address keeps the filter, the exchange and what is highlighted", () => {
  const query = new Map([
    ["q", "charger:CP1 is:error"],
    ["hb", "1"],
    ["at", "12"],
    ["hl", "#7"],
  ]);

  expect(liveAddressOf(query)).toEqual({
    written: "charger:CP1 is:error",
    filter: "charger:CP1 is:error",
    at: "12",
    highlight: "#7",
    showsHeartbeats: true,
    namesCharger: true,
  });
});

test("what is empty is left out of an address", () => {
  const query = new Map([["q", "a"]]);

  expect([...withValue(query, "at", "5")]).toEqual([
    ["q", "a"],
    ["at", "5"],
  ]);
  expect([...withValue(query, "q", "")]).toEqual([]);
  expect([...query]).toEqual([["q", "a"]]);
});
