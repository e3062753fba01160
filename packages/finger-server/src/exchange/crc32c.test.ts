import { expect, it } from "vitest";
import { crc32c } from "./crc32c.js";

/** All but the first are of RFC 3720 B.4. */
const SUMS: ReadonlyArray<readonly [bytes: Uint8Array, sum: number, why: string]> = [
  [new TextEncoder().encode("123456789"), 0xe3069283, "the value that every catalogue of checksums has"],
  [new Uint8Array(32), 0x8a9136aa, "zeros"],
  [new Uint8Array(32).fill(0xff), 0x62a8ab43, "ones"],
  [Uint8Array.from({ length: 32 }, (_, index) => index), 0x46dd794e, "counted up"],
  [Uint8Array.from({ length: 32 }, (_, index) => 31 - index), 0x113fdb5c, "counted down"],
  [new Uint8Array(), 0, "nothing"],
];

it.each(SUMS)("sums %o up to %d: %s", (bytes, sum) => {
  expect(crc32c(bytes)).toBe(sum);
});
