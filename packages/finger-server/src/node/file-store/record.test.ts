import fc from "fast-check";
import { FingerError } from "finger-protocol";
import { describe, expect, it } from "vitest";
import { formatRecord, parseRecord } from "./record.js";

const RECORD = `{
  "login": "alice",
  "statuses": [
    {
      "text": "On the train",
      "at": "2026-11-22T18:00:00.000Z",
      "rev": "two",
      "expires": "2026-11-22T19:00:00.000Z"
    },
    {
      "text": "Happy and well",
      "at": "2026-11-22T17:00:00.000Z",
      "rev": "one"
    }
  ]
}
`;
const STATUSES = [
  {
    login: "alice",
    text: "On the train",
    at: new Date("2026-11-22T18:00:00Z"),
    rev: "two",
    expires: new Date("2026-11-22T19:00:00Z"),
  },
  { login: "alice", text: "Happy and well", at: new Date("2026-11-22T17:00:00Z"), rev: "one" },
];

const BY_HAND: ReadonlyArray<[what: string, edit: (text: string) => string]> = [
  ["with the line ends of Windows", (text) => text.replaceAll("\n", "\r\n")],
  ["with the mark in front that Windows leaves", (text) => `\uFEFF${text}`],
  ["on one line", (text) => JSON.stringify(JSON.parse(text))],
  ["with more in it", (text) => text.replace('"login"', '"note": "kept by Bob",\n  "login"')],
  ["with a time of a zone", (text) => text.replace("18:00:00.000Z", "19:00:00+01:00")],
];

const RUBBISH: ReadonlyArray<[what: string, text: string]> = [
  ["nothing", ""],
  ["half of it", RECORD.slice(0, RECORD.length / 2)],
  ["two of them", RECORD + RECORD],
  ["zeros, as some file systems leave after a crash", "\u0000".repeat(512)],
  ["a list", "[]"],
  ["nobody's", "null"],
  ["no login", '{"statuses":[{"text":"a","at":"2026-11-22T18:00:00Z","rev":"1"}]}'],
  ["no statuses", '{"login":"alice"}'],
  ["an empty list of them", '{"login":"alice","statuses":[]}'],
  ["a status that is a text", '{"login":"alice","statuses":["Happy"]}'],
  ["a status of nothing", '{"login":"alice","statuses":[null]}'],
  ["a text that is a number", '{"login":"alice","statuses":[{"text":7,"at":"2026-11-22T18:00:00Z","rev":"1"}]}'],
  ["no revision", '{"login":"alice","statuses":[{"text":"a","at":"2026-11-22T18:00:00Z"}]}'],
  ["no time", '{"login":"alice","statuses":[{"text":"a","rev":"1"}]}'],
  ["a time that is none", '{"login":"alice","statuses":[{"text":"a","at":"2026-13-45","rev":"1"}]}'],
  [
    "an end that is none",
    '{"login":"alice","statuses":[{"text":"a","at":"2026-11-22T18:00:00Z","rev":"1","expires":"soon"}]}',
  ],
];

describe("the statuses of a login", () => {
  it("are written so that people can read them", () => {
    expect(formatRecord("alice", STATUSES)).toBe(RECORD);
  });

  it.each(BY_HAND)("are read when somebody has written them %s", (_, edit) => {
    expect(parseRecord(edit(RECORD), "/statuses/alice.json")).toEqual(STATUSES);
  });

  it.each(RUBBISH)("are not %s, and who wants them hears of the file", (_, text) => {
    const read = () => parseRecord(text, "/statuses/alice.json");
    expect(read).toThrow(FingerError);
    expect(read).toThrow(
      expect.objectContaining({
        code: "ERR_FINGER_STORE",
        message: "/statuses/alice.json does not hold statuses as they were written; restore the file, or remove it.",
      }),
    );
  });

  it("are the same after they were written and read, whatever they are", () => {
    fc.assert(
      fc.property(anyText, fc.array(anyStatus, { minLength: 1, maxLength: 5 }), (login, fields) => {
        const statuses = fields.map(({ expires, ...status }) => ({
          login,
          ...status,
          ...(expires !== undefined && { expires }),
        }));
        expect(parseRecord(formatRecord(login, statuses), "it")).toEqual(statuses);
      }),
    );
  });

  it("fail in no other way, whatever the file holds", () => {
    fc.assert(
      fc.property(fc.oneof(anyText, fc.json(), anyCut), (text) => {
        try {
          parseRecord(text, "it");
        } catch (error) {
          expect(FingerError.is(error)).toBe(true);
        }
      }),
    );
  });
});

/** UTF-16 that is no Unicode, too: JSON spells it out. */
const anyText = fc.oneof(
  fc.string({ unit: "binary", minLength: 1 }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 1 }).map((units) => String.fromCharCode(...units)),
);
const anyDate = fc.date({ noInvalidDate: true });
const anyStatus = fc.record({
  text: anyText,
  at: anyDate,
  rev: fc.string({ minLength: 1 }),
  expires: fc.option(anyDate, { nil: undefined }),
});
const anyCut = fc.nat(RECORD.length).map((length) => RECORD.slice(0, length));
