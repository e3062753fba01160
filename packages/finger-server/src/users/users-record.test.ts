import fc from "fast-check";
import { expect, it } from "vitest";
import { collectMistakes } from "./mistakes.js";
import { toUser, toUsers } from "./users-record.js";

function read(value: unknown) {
  const mistakes = collectMistakes("users.json");
  const users = toUsers(value, "users.json", mistakes);
  mistakes.refuse();
  return users;
}

const EVERYTHING = {
  name: "Bob",
  status: "Well",
  statusAt: "2026-01-31T12:00:00Z",
  directory: "/home/bob",
  shell: "/bin/sh",
  office: "B-12",
  officePhone: "5551234",
  homePhone: "5554321",
  sessions: [{ since: "2026-01-31", tty: "pts/0", host: "h", idle: 5, messages: false }],
  lastLogin: { since: "2026-01-30", tty: "tty1", host: "h" },
  mail: { receivedAt: "2026-01-29", readAt: "2026-01-28" },
  mailForward: "bob@h",
  pgpKey: "key",
  project: "A project.",
  plan: "Sleep.\n",
  planAt: "2026-01-27T12:00:00Z",
  text: "More.",
};

const READ: ReadonlyArray<readonly [value: unknown, users: readonly unknown[], why: string]> = [
  [{}, [], "nobody"],
  [[], [], "nobody, in a list"],
  [{ alice: "Well" }, [{ login: "alice", status: "Well" }], "a status"],
  [{ alice: {} }, [{ login: "alice" }], "only a login"],
  [[{ login: "alice", name: "Al" }], [{ login: "alice", name: "Al" }], "a list"],
  [
    [
      { login: "alice", status: "one" },
      { login: "alice", status: "two" },
    ],
    [{ login: "alice", status: "two" }],
    "the later counts",
  ],
  [
    { bob: { lastLogin: null, mail: null } },
    [{ login: "bob", lastLogin: null, mail: null }],
    "null where it says never",
  ],
  [
    { bob: EVERYTHING },
    [
      {
        ...EVERYTHING,
        login: "bob",
        statusAt: new Date("2026-01-31T12:00:00Z"),
        planAt: new Date("2026-01-27T12:00:00Z"),
        sessions: [{ ...EVERYTHING.sessions[0], since: new Date("2026-01-31") }],
        lastLogin: { ...EVERYTHING.lastLogin, since: new Date("2026-01-30") },
        mail: { receivedAt: new Date("2026-01-29"), readAt: new Date("2026-01-28") },
      },
    ],
    "every field",
  ],
  [JSON.parse('{"__proto__": "Well"}'), [{ login: "__proto__", status: "Well" }], "a login like another"],
  [{ bob: { statusAt: new Date(0) } }, [{ login: "bob", statusAt: new Date(0) }], "YAML may have made it a date"],
];

it.each(READ)("reads %o as %o: %s", (value, users) => {
  expect(read(value)).toEqual(users);
});

const BAD: ReadonlyArray<readonly [value: unknown, message: string]> = [
  [{ bob: { offcie: "B-12" } }, 'bob.offcie is "B-12", but there is no such field; did you mean "office"?'],
  [{ bob: { PGPKEY: "x" } }, 'bob.PGPKEY is "x", but there is no such field; did you mean "pgpKey"?'],
  [{ bob: { zzzzzzzz: 1 } }, "bob.zzzzzzzz is 1, but there is no such field; there are name, status, "],
  [{ bob: { ["x".repeat(100)]: 1 } }, `bob["${"x".repeat(60)}…"] is 1, but there is no such field; there are`],
  [
    { bob: { sessions: [{ tyt: "x" }] } },
    'bob.sessions[0].tyt is "x", but there is no such field; did you mean "tty"?',
  ],
  [{ bob: { name: 42 } }, "bob.name is 42, but it must be a text; put it in quotes."],
  [{ bob: { plan: null } }, "bob.plan is null, but it must be a text."],
  [{ bob: { plan: ["a"] } }, "bob.plan is a list, but it must be a text."],
  [{ bob: { statusAt: "yesterday" } }, 'bob.statusAt is "yesterday", but it must be a date such as'],
  [{ bob: { statusAt: 5 } }, "bob.statusAt is 5, but it must be a date such as"],
  [{ bob: { sessions: {} } }, "bob.sessions is a record, but it must be a list."],
  [
    { bob: { sessions: ["x"] } },
    'bob.sessions[0] is "x", but it must be a record of since, tty, host, idle, messages.',
  ],
  [{ bob: { sessions: [{ idle: -1 }] } }, "bob.sessions[0].idle is -1, but it must be a number of seconds."],
  [{ bob: { sessions: [{ messages: "no" }] } }, 'bob.sessions[0].messages is "no", but it must be true or false.'],
  [{ bob: { mail: "x" } }, 'bob.mail is "x", but it must be a record of receivedAt, readAt.'],
  [{ bob: { login: "bob" } }, 'bob.login is "bob", but the login is told already'],
  [{ bob: null }, "bob is null, but it must be a status in quotes, or a record."],
  [{ bob: true }, "bob is true, but it must be a status in quotes, or a record."],
  [{ "a@b": "Well" }, '["a@b"] is "Well", but nobody can ask for this login.'],
  [{ "": "Well" }, '[""] is "Well", but nobody can ask for this login.'],
  [[{ name: "Bob" }], "[0].login is undefined, but it must be a text that can be asked for."],
  [[{ login: "/W" }], '[0].login is "/W", but it must be a text that can be asked for.'],
  [["bob"], '[0] is "bob", but it must be a record with a login.'],
  [null, "the whole is null, but it must be an object"],
  ["bob", 'the whole is "bob", but it must be an object'],
  [JSON.parse('{"bob": {"__proto__": {"plan": "x"}}}'), "bob.__proto__ is a record, but there is no such field;"],
  [{ bob: { constructor: "x" } }, 'bob.constructor is "x", but there is no such field;'],
];

it.each(BAD)("refuses %o: %s", (value, message) => {
  expect(() => read(value)).toThrow(`users.json: ${message}`);
  expect(() => read(value)).toThrow(expect.objectContaining({ code: "ERR_FINGER_USERS_FILE" }));
});

it("reports every mistake at once", () => {
  expect(() => read({ bob: { offcie: "x", name: 1 }, carol: 5 })).toThrow(
    /^There are 3 mistakes in users\.json:\n- users\.json: bob\.offcie .*\n- users\.json: bob\.name .*\n- users\.json: carol .*$/,
  );
});

it("names the fields of a single record by themselves", () => {
  const mistakes = collectMistakes("bob.json");
  toUser("bob", { offcie: "x" }, "bob.json", mistakes);
  expect(() => mistakes.refuse()).toThrow('bob.json: offcie is "x"');
});

it("gives fields in one order, so that records can be compared as JSON", () => {
  expect(JSON.stringify(read({ bob: { plan: "x", name: "Bob" } }))).toBe(
    JSON.stringify(read({ bob: { name: "Bob", plan: "x" } })),
  );
});

it("takes any value for users or refuses it with a FingerError, and changes no prototype", () => {
  fc.assert(
    fc.property(fc.anything({ withDate: true, withNullPrototype: true, withMap: true }), (value) => {
      try {
        for (const user of read(value)) expect(Object.getPrototypeOf(user)).toBe(Object.prototype);
      } catch (error) {
        expect(error).toMatchObject({ code: "ERR_FINGER_USERS_FILE" });
      }
    }),
  );
  expect(Object.keys(Object.prototype)).toEqual([]);
});
