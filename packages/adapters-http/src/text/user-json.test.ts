import fc from "fast-check";
import type { FingerUser } from "finger-protocol";
import { expect, it } from "vitest";
import { formatJson, formatJsonList } from "./user-json.js";

const at = new Date("2026-11-22T18:00:00Z");
const ALICE: Required<FingerUser> = {
  login: "alice",
  name: "Alice Liddell",
  status: "Happy and well",
  statusAt: at,
  directory: "/home/alice",
  shell: "/bin/sh",
  office: "Room 42",
  officePhone: "5551234",
  homePhone: "5556789",
  pronouns: "they/them",
  timeZone: "Europe/Berlin",
  sessions: [{ since: at, tty: "pts/0", host: "desk.example", idle: 90, messages: false }],
  lastLogin: { since: at, tty: "pts/1", host: "desk.example" },
  mail: { receivedAt: at, readAt: at },
  mailForward: "alice@elsewhere.example",
  pgpKey: "KEY",
  project: "Project",
  plan: "Plan\n",
  planAt: at,
  text: "More.",
};

it("writes all that is known, and times as RFC 3339 has them", () => {
  expect(JSON.parse(formatJson(ALICE))).toEqual(JSON.parse(JSON.stringify(ALICE)));
});

it("leaves out what is not known, and tells that there is nothing", () => {
  expect(formatJson({ login: "bob", name: undefined, mail: null, lastLogin: null })).toBe(
    '{"login":"bob","lastLogin":null,"mail":null}\n',
  );
});

it("leaves out what a record has besides, and times that are none", () => {
  const row = { login: "bob", passwordHash: "x", statusAt: new Date(Number.NaN), sessions: [{ pid: 1, tty: "tty1" }] };
  expect(formatJson(row)).toBe('{"login":"bob","sessions":[{"tty":"tty1"}]}\n');
});

it("writes a list", () => {
  expect(formatJsonList([{ login: "a" }, { login: "b" }])).toBe('{"users":[{"login":"a"},{"login":"b"}]}\n');
  expect(formatJsonList([])).toBe('{"users":[]}\n');
});

it("writes any text so that it is read back", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (login, plan) => {
      expect(JSON.parse(formatJson({ login, plan }))).toEqual({ login, plan });
    }),
  );
});
