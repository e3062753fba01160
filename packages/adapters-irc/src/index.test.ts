import { expect, it } from "vitest";
import * as index from "./index.js";

it("offers these names, and no others by accident", () => {
  expect(Object.keys(index)).toEqual(["createFingerBot", "formatMessage", "parseMessage"]);
});
