import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { repository } from "./peers/support/network.js";

const codesIn = (text: string) => [...new Set(text.match(/ERR_FINGER_[A-Z_]+/g))].sort();

it("documents every error code, and no other", () => {
  const declared = codesIn(
    readFileSync(repository("packages/finger-protocol/src/error.ts"), "utf8").split("export class")[0] ?? "",
  );
  const documented = readFileSync(repository("docs/reference/errors.md"), "utf8").match(/^\| `ERR_FINGER_[A-Z_]+`/gm);
  expect(codesIn((documented ?? []).join())).toEqual(declared);
});

it("has a use for every error code", () => {
  const used = execFileSync(
    "git",
    ["grep", "-hoE", 'new FingerError\\("ERR_FINGER_[A-Z_]+', "--", ":(glob)packages/*/src/**/*.ts"],
    {
      cwd: repository(""),
      encoding: "utf8",
    },
  );
  const declared = codesIn(readFileSync(repository("packages/finger-protocol/src/error.ts"), "utf8"));
  expect(codesIn(used)).toEqual(declared);
});
