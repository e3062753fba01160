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
    "createFingerServer",
    "createSetter",
    "fileProvider",
    "fileStore",
    "firstOf",
    "forwardProvider",
    "inetdConnection",
    "memoryPair",
    "memoryProvider",
    "memoryStore",
    "merge",
    "parseAliases",
    "parseUsersFile",
    "redact",
    "route",
    "runWorkers",
    "storeProvider",
    "storeTokens",
    "tokenFile",
    "webProvider",
    "withDeadline",
  ]);
});

it("has an entry for runtimes without Node, with all but what needs Node", () => {
  const needNode = [
    ...["byToken", "commandProvider", "fileProvider", "fileStore", "forwardProvider", "inetdConnection"],
    ...["runWorkers", "storeTokens", "tokenFile", "webProvider"],
  ];
  expect(Object.keys(web).sort()).toEqual(
    Object.keys(server)
      .sort()
      .filter((name) => !needNode.includes(name)),
  );
});
