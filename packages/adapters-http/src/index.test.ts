import * as http from "finger-adapters-http";
import * as web from "finger-adapters-http/web";
import { expect, it } from "vitest";

it("exports these names, and changes them only on purpose", () => {
  expect(Object.keys(http).sort()).toEqual([
    "createFingerHandler",
    "finger",
    "fingerPlugin",
    "html",
    "httpService",
    "linkify",
  ]);
});

it("has an entry for runtimes without Node, with all but what needs Node", () => {
  expect(Object.keys(web).sort()).toEqual(["createFingerHandler", "html", "linkify"]);
});
