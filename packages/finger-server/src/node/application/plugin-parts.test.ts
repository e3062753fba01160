import { writeFile } from "node:fs/promises";
import { createApplication } from "finger-server";
import { expect, it } from "vitest";
import { freshPath } from "../../../../../tests/support/programs.js";

const FAILURES: ReadonlyArray<readonly [body: string, code: string, message: RegExp, why: string]> = [
  [
    'throw new RangeError("zone must be a time zone.")',
    "ERR_FINGER_CONFIG",
    /^The plug-in clock cannot be made: zone must/,
    "its options are wrong",
  ],
  ['throw "mud"', "ERR_FINGER_CONFIG", /^The plug-in clock cannot be made: mud$/, "whatever is thrown is told"],
  [
    'throw Object.assign(new Error("Redis is away."), { name: "FingerError", code: "ERR_FINGER_STORE" })',
    "ERR_FINGER_STORE",
    /^Redis is away\.$/,
    "an error of ours tells enough",
  ],
];

it.each(FAILURES)("a plug-in that does `%s` is %s: %s: %s", async (body, code, message) => {
  const module = `${freshPath()}.mjs`;
  await writeFile(module, `export default async () => { ${body}; };`);
  await expect(createApplication({ listen: 0, plugins: { clock: { module } } })).rejects.toMatchObject({
    code,
    message: expect.stringMatching(message),
  });
});
