import * as server from "finger-server";
import { expect, it } from "vitest";

it("exports these names, and changes them only on purpose", () => {
  expect(Object.keys(server).sort()).toEqual(["createFingerServer", "memoryProvider", "parseUsersFile"]);
});
