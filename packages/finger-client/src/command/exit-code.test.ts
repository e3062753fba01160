import { FingerError, type FingerErrorCode } from "finger-protocol";
import { expect, it } from "vitest";
import { EXIT_TOO_LONG, report, toExitCode } from "./exit-code.js";
import { EXIT_CODES } from "./help.js";

/** All of them, or this does not compile. */
const CODES: Readonly<Record<FingerErrorCode, number>> = {
  ERR_FINGER_TARGET: 64,
  ERR_FINGER_QUERY: 64,
  ERR_FINGER_RESOLVE: 68,
  ERR_FINGER_CONNECT: 69,
  ERR_FINGER_PROXY: 69,
  ERR_FINGER_IO: 74,
  ERR_FINGER_TIMEOUT: 75,
  ERR_FINGER_TLS: 76,
  ERR_FINGER_DENIED: 77,
  ERR_FINGER_REFUSED: 77,
  // No lookup of the command fails with these.
  ERR_FINGER_ABORTED: 70,
  ERR_FINGER_LIMITED: 70,
  ERR_FINGER_INVALID: 70,
  ERR_FINGER_LISTEN: 70,
  ERR_FINGER_PROVIDER: 70,
  ERR_FINGER_STORE: 70,
  ERR_FINGER_CONFLICT: 70,
  ERR_FINGER_CONFIG: 70,
  ERR_FINGER_SERVICE: 70,
  ERR_FINGER_PROCESS: 70,
  ERR_FINGER_USERS_FILE: 70,
};

it.each(Object.entries(CODES))("ends with the code of %s, %i, which the help explains", (code, exit) => {
  expect(toExitCode(new FingerError(code as FingerErrorCode, "What happened."))).toBe(exit);
  expect(EXIT_CODES.map(([known]) => known)).toContain(exit);
});

it("has the help explain a reply that is too long", () => {
  expect(EXIT_CODES.map(([known]) => known)).toContain(EXIT_TOO_LONG);
});

const ERRORS: ReadonlyArray<readonly [error: unknown, code: number, said: string, why: string]> = [
  [new FingerError("ERR_FINGER_IO", "It broke."), 74, "It broke.", "one of ours"],
  [new TypeError("--port is wrong"), 64, "--port is wrong", "a wrong option"],
  [new RangeError("It is too long"), 64, "It is too long", "a wrong number"],
  [new Error("Oh dear"), 70, "Oh dear", "a fault"],
  ["Oh dear", 70, "Oh dear", "anything can be thrown"],
];

it.each(ERRORS)("reports %o with %i, as %j: %s", (error, code, said) => {
  let err = "";
  expect(report(error, { err: (text) => (err += text) })).toBe(code);
  expect(err).toBe(`finger-client: ${said}\n`);
});
