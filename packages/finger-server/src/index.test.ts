import * as server from "finger-server";
import * as web from "finger-server/web";
import { expect, it } from "vitest";

it("exports these names, and changes them only on purpose", () => {
  expect(Object.keys(server).sort()).toEqual([
    "QUERY_CHANNEL",
    "alias",
    "cached",
    "commandProvider",
    "createFingerServer",
    "fileProvider",
    "firstOf",
    "forwardProvider",
    "inetdConnection",
    "memoryPair",
    "memoryProvider",
    "merge",
    "parseAliases",
    "parseUsersFile",
    "redact",
    "route",
    "webProvider",
    "withDeadline",
  ]);
});

it("has an entry for runtimes without Node, with all but what needs Node", () => {
  const needNode = ["commandProvider", "fileProvider", "forwardProvider", "inetdConnection", "webProvider"];
  expect(Object.keys(web).sort()).toEqual(
    Object.keys(server)
      .sort()
      .filter((name) => !needNode.includes(name)),
  );
});
