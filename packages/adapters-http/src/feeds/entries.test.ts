import type { FingerUser } from "finger-protocol";
import type { StoredStatus } from "finger-server";
import { expect, it } from "vitest";
import { type FeedPerson, type FeedSource, toFeed } from "./entries.js";

const day = (number: number) => new Date(Date.UTC(2026, 10, number));
const stored = (text: string, at: Date, more: Partial<StoredStatus> = {}): StoredStatus => ({
  login: "alice",
  text,
  at,
  rev: text,
  ...more,
});

function person(user: Partial<FingerUser>, more: Partial<FeedPerson> = {}): FeedPerson {
  return { user: { login: "alice", ...user }, statuses: undefined, seenAt: () => day(5), page: "/alice", ...more };
}

function feedOf(people: readonly FeedPerson[], more: Partial<FeedSource> = {}) {
  return toFeed({ title: "Users", page: "/", self: "/feed.atom", login: undefined, people, now: day(22), ...more });
}

/** What of the entries matters most. */
const show = (...people: readonly FeedPerson[]) =>
  feedOf(people).entries.map(({ text, at }) => `${text} ${at.getUTCDate()}`);

const now = day(20);
const past = [stored("c", day(3)), stored("b", day(2)), stored("a", day(1))];

const ENTRIES: ReadonlyArray<readonly [why: string, people: readonly FeedPerson[], entries: readonly string[]]> = [
  ["nobody", [], []],
  ["a user who says nothing", [person({})], []],
  ["the status alone when nobody keeps it", [person({ status: "a", statusAt: day(1) })], ["a 1"]],
  ["a status without a time, as old as it was seen", [person({ status: "a" })], ["a 5"]],
  ["all that is kept", [person({ status: "c", statusAt: day(3) }, { statuses: past })], ["c 3", "b 2", "a 1"]],
  ["the status alone when none is kept", [person({ status: "a", statusAt: day(1) }, { statuses: [] })], ["a 1"]],
  ["nothing of the past of who tells no status", [person({}, { statuses: past })], []],
  [
    "none that is over",
    [person({ status: "b" }, { statuses: [stored("b", day(2)), stored("a", day(1), { expires: day(22) })] })],
    ["b 2"],
  ],
  [
    "none that is empty",
    [person({ status: "b" }, { statuses: [stored(" \n", day(2)), stored("a", day(1))] })],
    ["a 1"],
  ],
  ["the plan", [person({ plan: "p\n", planAt: day(9) })], ["p 9"]],
  ["a plan without a time, as old as it was seen", [person({ plan: "p" })], ["p 5"]],
  ["no plan of blanks", [person({ plan: " \n" })], []],
  ["no time to come", [person({ plan: "p", planAt: day(23) })], ["p 5"]],
  ["no time that is none", [person({ plan: "p", planAt: new Date(Number.NaN) })], ["p 5"]],
  ["each thing once", [person({ status: "a", statusAt: now }), person({ status: "a", statusAt: now })], ["a 20"]],
  [
    "the latest of all first",
    [person({ login: "b", status: "b", statusAt: day(1) }), person({ status: "a", statusAt: day(2), plan: "p" })],
    ["p 5", "a 2", "b 1"],
  ],
];

it.each(ENTRIES)("tells %s", (_, people, entries) => {
  expect(show(...people)).toEqual(entries);
});

it("asks when a text was first seen, of those alone that have no time", () => {
  const asked: string[] = [];
  const seenAt = (text: string) => {
    asked.push(text);
    return now;
  };
  feedOf([person({ status: "a\n", plan: "p", planAt: day(1) }, { seenAt })]);
  expect(asked).toEqual(["a"]);
});

it("tells fifty things at most", () => {
  const people = Array.from({ length: 99 }, (_, index) => person({ login: `${index}`, status: `${index}` }));
  expect(feedOf(people).entries).toHaveLength(50);
});

it("changed when its latest entry did", () => {
  expect(feedOf([person({ status: "a", statusAt: day(1), plan: "p", planAt: day(9) })]).updatedAt).toEqual(day(9));
  expect(feedOf([]).updatedAt).toEqual(new Date(0));
});

it("says who wrote what, with nothing in it that could upset a reader", () => {
  const [entry] = feedOf([person({ name: " Alice\x1b[31m \u202eLiddell", status: "Happy\r\nand \x07well\n" })]).entries;
  expect(entry).toMatchObject({ login: "alice", author: "Alice Liddell", title: "Happy", text: "Happy\nand well" });
  expect(feedOf([person({ name: " ", plan: "Sleep" })]).entries[0]).toMatchObject({
    author: undefined,
    title: "Plan of alice",
    text: "Sleep",
  });
});

const TITLES: ReadonlyArray<readonly [why: string, text: string, title: string]> = [
  ["a line that is short enough", "x".repeat(100), "x".repeat(100)],
  ["a line that is too long", "x".repeat(101), `${"x".repeat(99)}…`],
  ["characters of two units", "🦊".repeat(100), "🦊".repeat(100)],
  ["characters of two units, cut between them", "🦊".repeat(1000), `${"🦊".repeat(99)}…`],
  ["a blank where it is cut", `${"x".repeat(98)} yz`, `${"x".repeat(98)}…`],
];

it.each(TITLES)("makes a title of %s", (_, status, title) => {
  expect(feedOf([person({ status })]).entries[0]?.title).toBe(title);
});

/** The ids of what one user says, with the feed's own. */
function idsOf(user: Partial<FingerUser>, more: Partial<FeedPerson> = {}, source: Partial<FeedSource> = {}) {
  const { id, entries } = feedOf([person(user, more)], source);
  return [id, ...entries.map((entry) => entry.id)];
}

it("gives everything an id that never changes", () => {
  const said = { status: "a", statusAt: day(1), plan: "p" };
  const ids = idsOf(said);
  expect(ids).toEqual([
    "urn:uuid:19fed3c8-69cd-8670-a841-8859f7dcb0bb",
    "urn:uuid:1393962d-56e5-8409-aa18-ba51547a855e",
    "urn:uuid:d2b724a9-214e-8109-a83b-6d6b26de3fcd",
  ]);
  for (const id of ids) expect(id).toMatch(/^urn:uuid:[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-a[\da-f]{3}-[\da-f]{12}$/);
  expect(
    idsOf(said, {}, { page: "https://plan.example/", self: "https://plan.example/feed", title: "x", now }),
  ).toEqual(ids);
  expect(idsOf(said, { seenAt: () => day(6), page: "/~alice", statuses: [stored("a", day(1))] })).toEqual(ids);
});

const OTHERS: ReadonlyArray<readonly [why: string, one: Partial<FingerUser>, other: Partial<FingerUser>]> = [
  ["a status that is said again", { status: "a", statusAt: day(1) }, { status: "a", statusAt: day(2) }],
  ["another text", { status: "a" }, { status: "b" }],
  ["another user", { status: "a" }, { login: "bob", status: "a" }],
  ["a plan", { status: "a" }, { plan: "a" }],
];

it.each(OTHERS)("tells apart %s", (_, one, other) => {
  expect(idsOf(one)[1]).not.toBe(idsOf(other)[1]);
});

it("takes a plan that was only touched for the same", () => {
  expect(idsOf({ plan: "p", planAt: day(1) })).toEqual(idsOf({ plan: "p", planAt: day(2) }));
});

it("tells apart the feeds of all, of each user, and of another place", () => {
  const ids = [{}, { login: "" }, { login: "alice" }, { scope: "https://plan.example" }].map(
    (source) => idsOf({}, {}, source)[0],
  );
  expect(new Set(ids).size).toBe(4);
  expect(idsOf({ plan: "p" })[1]).not.toBe(idsOf({ plan: "p" }, {}, { scope: "https://plan.example" })[1]);
});
