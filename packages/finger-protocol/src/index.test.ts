import * as protocol from "finger-protocol";
import { expect, it } from "vitest";

it("exports these names, and changes them only on purpose", () => {
  expect(Object.keys(protocol).sort()).toEqual([
    "FINGER_PORT",
    "FingerError",
    "QueryDecoder",
    "ReplyDecoder",
    "ReplyEncoder",
    "decodeReply",
    "encodeQuery",
    "encodeReply",
    "formatFingerUrl",
    "formatQuery",
    "formatUser",
    "formatUserList",
    "parseQuery",
    "parseReply",
    "parseTarget",
    "sanitize",
  ]);
});

it("tells its errors even from another copy of the package", () => {
  class Other extends Error {
    override name = "FingerError";
    code = "ERR_FINGER_TARGET";
  }
  expect(protocol.FingerError.is(new Other())).toBe(true);
  expect(protocol.FingerError.is(new Error("FingerError"))).toBe(false);
});
