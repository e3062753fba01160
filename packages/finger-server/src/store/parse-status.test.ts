import { expect, it } from "vitest";
import { parseStatus } from "./parse-status.js";

const DATES: ReadonlyArray<readonly [text: unknown, iso: string | undefined, why: string]> = [
  ["2026-11-22T18:00:00.000Z", "2026-11-22T18:00:00.000Z", "as it was written"],
  ["+012026-11-22T18:00:00.000Z", "+012026-11-22T18:00:00.000Z", "a store may keep a status for so long"],
  ["2026-11-22T19:00:00+01:00", "2026-11-22T18:00:00.000Z", "people write a zone"],
  ["2026-02-30T00:00:00.000Z", undefined, "Date takes it for the 2nd of March"],
  ["22 Nov 2026", undefined, "Date would guess, in the zone of the machine"],
  ["7", undefined, "Date would take a month"],
  [1_795_370_400_000, undefined, "no text"],
  [null, undefined, "no text either"],
];
it.each(DATES)("takes %j for the time %j: %s", (date, iso) => {
  const status = { rev: "r", text: "Well", at: date };
  expect(parseStatus("alice", status)?.at.toISOString()).toBe(iso);
  const expiring = { rev: "r", text: "Well", at: "2026-11-22T18:00:00.000Z", expires: date };
  expect(parseStatus("alice", expiring)?.expires?.toISOString()).toBe(iso);
});

it("gives nothing but what a status has", () => {
  const at = "2026-11-22T18:00:00.000Z";
  const status = parseStatus("alice", { rev: "r", text: "", at, login: "bob", note: "by hand" });
  expect(status).toStrictEqual({ login: "alice", text: "", at: new Date(at), rev: "r" });
});

it.each([undefined, null, 7, "text", [], {}, { text: "Well", at: "2026-11-22", rev: "" }])(
  "takes %j for none",
  (value) => {
    expect(parseStatus("alice", value)).toBeUndefined();
  },
);
