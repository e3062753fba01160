import { expect, it } from "vitest";
import { ENVIRONMENT } from "./programs/environment.js";
import { runTool } from "./tool.js";

it("is looked for where the programs of the operator look for theirs", async () => {
  const path = (await runTool("sh", ["-c", 'printf %s "$PATH"'], 5000)) ?? "";
  expect(path).toBe(ENVIRONMENT["PATH"]);
  // The first ones are nobody's to write to but root's; the last one has all that there is on NixOS.
  expect([path.split(":")[0], path.split(":").at(-1)]).toEqual(["/usr/bin", "/run/current-system/sw/bin"]);
});

it("has nothing of our environment, and prints nothing at all where it is not there", async () => {
  expect(await runTool("sh", ["-c", 'echo "$TZ $HOME"; pwd'], 5000)).toBe("UTC \n/\n");
  expect(await runTool("there-is-no-such-tool", [], 5000)).toBeUndefined();
});
