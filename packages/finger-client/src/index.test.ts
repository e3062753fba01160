import * as client from "finger-client";
import * as web from "finger-client/web";
import { expect, it } from "vitest";

const NAMES = ["finger", "fingerStream", "setStatus"];

it("exports these names, and changes them only on purpose", () => {
  expect(Object.keys(client).sort()).toEqual(NAMES);
});

it("exports the same where there is no Node", () => {
  expect(Object.keys(web).sort()).toEqual(NAMES);
});
