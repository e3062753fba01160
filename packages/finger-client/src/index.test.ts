import { readFileSync } from "node:fs";
import * as client from "finger-client";
import * as web from "finger-client/web";
import { expect, it } from "vitest";

const NAMES = ["FingerError", "finger", "fingerStream", "setStatus"];

it("exports these names, and changes them only on purpose", () => {
  expect(Object.keys(client).sort()).toEqual(NAMES);
});

it("exports the same where there is no Node", () => {
  expect(Object.keys(web).sort()).toEqual(NAMES);
});

it("names what its bundles contain of others", () => {
  const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), "utf8");
  const { devDependencies } = JSON.parse(read("package.json"));
  for (const name of Object.keys(devDependencies)) expect(read("THIRD-PARTY.md")).toContain(`## ${name} (`);
});
