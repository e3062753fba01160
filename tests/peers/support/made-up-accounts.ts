import fc from "fast-check";
import type { Account } from "./made-up-machine.js";

export const HOUR = 3600;
export const DAY: number = 24 * HOUR;
/** When the test began, in seconds since 1970. */
export const START: number = Math.floor(Date.now() / 1000);

// netkit writes the bytes 0x80 to 0x9F as M-^X, which spoils most of UTF-8: the letters here have none of them.
const word = fc.stringMatching(/^[A-Za-zéñüíó.&'-]{1,14}$/);
const words = fc.array(word, { maxLength: 4 }).map((parts) => parts.join(" "));
const phone = fc.oneof(fc.stringMatching(/^\d{0,13}$/), fc.stringMatching(/^\+\d\d \d{3,8}$/));
const gecos = fc
  .tuple(fc.constantFrom("", "*"), words, words, phone, phone)
  .map(([star, ...fields]) => star + fields.join(","));
const text = fc.oneof(
  fc.constant(""),
  fc.array(fc.stringMatching(/^[ -~éñ\t\x01\x1b]{0,40}$/), { maxLength: 4 }).map((lines) => lines.join("\n")),
);
const host = fc.oneof(fc.constant(""), fc.stringMatching(/^[a-z]{1,12}\.example$/));
// Far from half a year, and from what would change while the test runs.
const past = fc
  .oneof(fc.integer({ min: HOUR, max: 180 * DAY }), fc.integer({ min: 185 * DAY, max: 3000 * DAY }))
  .map((age) => START - age);
const idle = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 300 }), fc.integer({ min: HOUR, max: 300 * DAY }));

/** Accounts of a machine that there is not; their sessions have no terminal yet. */
export function anyAccount(login: fc.Arbitrary<string>): fc.Arbitrary<Account> {
  return fc.record({
    login,
    gecos,
    shell: fc.constantFrom("", "/bin/sh", "/usr/local/bin/fish"),
    files: fc.dictionary(fc.constantFrom(".plan", ".project", ".pgpkey", ".forward"), text),
    mail: fc.option(fc.record({ text: fc.constantFrom("", "From a\n"), receivedAt: past, readAt: past }), {
      nil: undefined,
    }),
    sessions: fc.array(
      fc.record({
        at: past,
        tty: fc.constant(""),
        host,
        keyAt: idle.map((seconds) => START - seconds),
        messages: fc.boolean(),
      }),
      { maxLength: 3 },
    ),
    last: fc.option(fc.record({ at: past, tty: fc.stringMatching(/^pts\/\d{2,3}$/), host }), { nil: undefined }),
  });
}
