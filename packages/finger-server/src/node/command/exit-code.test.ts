import { FingerError } from "finger-protocol";
import { expect, it } from "vitest";
import { NoUserError, toExitCode, toUsage, toUsageAsync, UsageError } from "./exit-code.js";

function system(code: string): Error {
  return Object.assign(new Error(code), { code });
}

const CODES: ReadonlyArray<[error: unknown, code: number, why: string]> = [
  [new UsageError("x"), 64, "the command line is wrong"],
  [new FingerError("ERR_FINGER_USERS_FILE", "x"), 65, "the users file has mistakes"],
  [new FingerError("ERR_FINGER_USERS_FILE", "x", { cause: system("ENOENT") }), 66, "there is none"],
  [new FingerError("ERR_FINGER_USERS_FILE", "x", { cause: system("EACCES") }), 77, "it may not be read"],
  [new NoUserError("x"), 67, "there is no such login"],
  [new FingerError("ERR_FINGER_LISTEN", "x", { cause: system("EADDRINUSE") }), 69, "the port is taken"],
  [new FingerError("ERR_FINGER_LISTEN", "x", { cause: system("EACCES") }), 77, "the port takes a privilege"],
  [new FingerError("ERR_FINGER_STORE", "x"), 69, "the store is away"],
  [new FingerError("ERR_FINGER_STORE", "x", { cause: system("EPERM") }), 77, "it may not be written"],
  [new FingerError("ERR_FINGER_SERVICE", "x"), 70, "a service has a fault"],
  [new TypeError("x"), 70, "so has this program"],
  ["x", 70, "who throws such things has one, too"],
  [undefined, 70, "and who throws nothing at all"],
  [new FingerError("ERR_FINGER_PROCESS", "x"), 69, "another one runs"],
  [new FingerError("ERR_FINGER_PROCESS", "x", { cause: system("ENOENT") }), 73, "the pidfile has no folder"],
  [new FingerError("ERR_FINGER_PROCESS", "x", { cause: system("EROFS") }), 73, "the log is on a disk of others"],
  [new FingerError("ERR_FINGER_PROCESS", "x", { cause: system("EACCES") }), 77, "that is not for this user"],
  [new FingerError("ERR_FINGER_CONFIG", "x"), 78, "the config has mistakes"],
  [new FingerError("ERR_FINGER_CONFIG", "x", { cause: new SyntaxError("x") }), 78, "it cannot even be read"],
  [new FingerError("ERR_FINGER_CONFIG", "x", { cause: system("ENOENT") }), 66, "there is none"],
  [new FingerError("ERR_FINGER_CONFIG", "x", { cause: system("EACCES") }), 77, "it may not be read"],
  [
    new FingerError("ERR_FINGER_SERVICE", "x", {
      cause: new AggregateError([
        new FingerError("ERR_FINGER_LISTEN", "y", { cause: system("EADDRINUSE") }),
        system("x"),
      ]),
    }),
    69,
    "of several faults the first is the reason",
  ],
  [Object.assign(new Error("x"), { exitCode: 78 }), 78, "a daemon has found its own code"],
];

it.each(CODES)("of %o is %i: %s", (error, code) => {
  expect(toExitCode(error)).toBe(code);
});

it("takes a RangeError for a wrong usage, and nothing else", async () => {
  const wrong = () => {
    throw new RangeError("x is no y");
  };
  const other = () => {
    throw new TypeError("x");
  };
  expect(() => toUsage(wrong)).toThrow(new UsageError("x is no y"));
  expect(() => toUsage(other)).toThrow(TypeError);
  await expect(toUsageAsync(async () => wrong())).rejects.toThrow(UsageError);
  await expect(toUsageAsync(async () => other())).rejects.toThrow(TypeError);
  expect(toUsage(() => 1)).toBe(1);
});
