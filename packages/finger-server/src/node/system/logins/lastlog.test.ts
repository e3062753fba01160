import fc from "fast-check";
import { expect, it } from "vitest";
import { toLastlog } from "../../../../../../tests/support/login-records.js";
import { findLastlogLayout, parseLastlog } from "./lastlog.js";

const RECORDS: ReadonlyArray<[record: Buffer, read: object | null, why: string]> = [
  [toLastlog(0, "", ""), null, "there was no login"],
  [toLastlog(1, "/dev/tty1", ""), { tty: "tty1", since: new Date(1000) }, "some programs write all of the path"],
  [toLastlog(1, "../shadow", "a"), { tty: undefined, host: "a" }, "a terminal is in /dev"],
  [toLastlog(1, "pts/1", "a\x1b[2J"), { tty: "pts/1", host: undefined }, "no host is called that"],
  [toLastlog(1, "pts/1", "a").subarray(0, 200), null, "the file has been cut"],
];

it.each(RECORDS)("reads %j as %j: %s", (record, read) => {
  const last = parseLastlog(record, { size: 292, isLittleEndian: true });
  if (read === null) expect(last).toBeNull();
  else expect(last).toMatchObject(read);
});

it.each([292, 296] as const)("takes a file of which %i bytes are a part for one of such records", (size) => {
  expect(findLastlogLayout(size * 1001).size).toBe(size);
});

it("reads anything", () => {
  const layout = fc.record({ size: fc.constantFrom<292 | 296>(292, 296), isLittleEndian: fc.boolean() });
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), layout, (bytes, from) => {
      parseLastlog(Buffer.from(bytes), from);
    }),
  );
});
