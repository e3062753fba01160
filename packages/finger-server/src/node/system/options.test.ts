import { expect, it } from "vitest";
import { resolveSystemRules, type SystemOptions } from "./options.js";

const ALL = 2 ** 32 - 2;

const NUMBERS: ReadonlyArray<readonly [uid: number, options: SystemOptions, isShown: boolean, who: string]> = [
  [0, {}, false, "root"],
  [999, {}, false, "a service of a package"],
  [1000, {}, true, "the first person"],
  [60_000, {}, true, "the last that useradd(8) makes"],
  [60_001, {}, true, "the first person of systemd-homed"],
  [60_513, {}, true, "the last one"],
  [60_514, {}, false, "a user of the host in a container"],
  [61_184, {}, false, "a service with DynamicUser="],
  [65_534, {}, false, "nobody"],
  [65_535, {}, false, "no user where numbers have 16 bits"],
  [65_536, {}, true, "a person in LDAP"],
  [1_234_601_105, {}, true, "a person in Active Directory, by sssd"],
  [ALL, {}, false, "nobody on macOS"],
  [60_001, { maxUid: 60_000 }, false, "who is above what is said"],
  [65_534, { maxUid: 65_534 }, true, "whoever is below it"],
  [ALL, { maxUid: ALL }, true, "everybody, where it is said"],
  [0, { minUid: 0 }, true, "root, where it is said"],
];

it.each(NUMBERS)("of number %i, with %o, tells: %s (%s)", (uid, options, isShown) => {
  expect(resolveSystemRules(options).isShown({ login: "alice", uid })).toBe(isShown);
});
