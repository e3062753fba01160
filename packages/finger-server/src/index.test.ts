import { readFileSync } from "node:fs";
import * as server from "finger-server";
import * as web from "finger-server/web";
import { expect, it } from "vitest";

it("exports these names, and changes them only on purpose", () => {
  expect(Object.keys(server).sort()).toEqual([
    "QUERY_CHANNEL",
    "SET_CHANNEL",
    "alias",
    "byToken",
    "cached",
    "commandProvider",
    "createApplication",
    "createFingerServer",
    "createServiceGroup",
    "createSetter",
    "fileProvider",
    "fileStore",
    "firstOf",
    "forwardProvider",
    "inetdConnection",
    "loadApplication",
    "memoryPair",
    "memoryProvider",
    "memoryStore",
    "merge",
    "parseAliases",
    "parseUsersFile",
    "redact",
    "route",
    "runWorkers",
    "saveApplication",
    "storeProvider",
    "storeTokens",
    "systemProvider",
    "tokenFile",
    "webProvider",
    "withDeadline",
  ]);
});

it("has an entry for runtimes without Node, with all but what needs Node", () => {
  const needNode = [
    ...["byToken", "commandProvider", "fileProvider", "fileStore", "forwardProvider", "inetdConnection"],
    ...["createApplication", "loadApplication", "runWorkers", "saveApplication"],
    ...["storeTokens", "systemProvider", "tokenFile", "webProvider"],
  ];
  expect(Object.keys(web).sort()).toEqual(
    Object.keys(server)
      .sort()
      .filter((name) => !needNode.includes(name)),
  );
});

it("names what its bundles contain of others", () => {
  const notices = readFileSync(new URL("../THIRD-PARTY.md", import.meta.url), "utf8");
  for (const name of ["smol-toml", "zod"]) expect(notices).toContain(`## ${name} (`);
});
