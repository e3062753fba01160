import { parseUsersFile } from "finger-server";
import { expect, it } from "vitest";

const FILES: ReadonlyArray<readonly [text: string, users: ReadonlyArray<readonly [string, string]>, why: string]> = [
  ["alice: Happy and well\n", [["alice", "Happy and well"]], "a line"],
  ["alice:Happy", [["alice", "Happy"]], "without blanks and without its end"],
  [
    "  alice  :  Happy  \r\nbob: Sad\r\n",
    [
      ["alice", "Happy"],
      ["bob", "Sad"],
    ],
    "blanks and CRLF do not matter",
  ],
  ["url: http://a:80/x\n", [["url", "http://a:80/x"]], "only the first colon counts"],
  ["# staff\n\n  # more\nalice: Hi # there\n", [["alice", "Hi # there"]], "comments are whole lines"],
  [
    "alice: one\nbob: two\nalice: three\n",
    [
      ["alice", "three"],
      ["bob", "two"],
    ],
    "the later line counts",
  ],
  ["alice:\n", [["alice", ""]], "an empty status is one"],
  ["\ufeffalice: Hi\n", [["alice", "Hi"]], "a byte order mark is none of the login"],
  ["", [], "nobody"],
];

it.each(FILES)("reads %j as %j: %s", (text, users) => {
  expect(parseUsersFile(text)).toEqual(users.map(([login, status]) => ({ login, status })));
});

const BAD: ReadonlyArray<readonly [text: string, message: string, why: string]> = [
  ["alice: Hi\nbob\n", 'staff, line 2: "bob" cannot be read: it has no colon', "a line without a colon"],
  [": Hi\n", 'staff, line 1: ": Hi" cannot be read', "a line without a login"],
  ["a@b: Hi\n", "staff, line 1:", "a login that a query would take for a host"],
  ["/W: Hi\n", "staff, line 1:", "a login that a query would take for the switch"],
];

it.each(BAD)("refuses %j with %j: %s", (text, message) => {
  expect(() => parseUsersFile(text, "staff")).toThrow(message);
  expect(() => parseUsersFile(text, "staff")).toThrow(expect.objectContaining({ code: "ERR_FINGER_USERS_FILE" }));
});

it("reports every bad line at once, each with its number", () => {
  expect(() => parseUsersFile("alice: Hi\nbob\n: Hi\ncarol: Hi\n", "staff")).toThrow(
    [
      "There are 2 mistakes in staff:",
      'staff, line 2: "bob" cannot be read: it has no colon; write `login: status`.',
      'staff, line 3: ": Hi" cannot be read: nobody can ask for the login before its colon.',
    ].join("\n- "),
  );
});

it("shows 20 bad lines and counts the others", () => {
  const refused = () => parseUsersFile("bob\n".repeat(1000), "staff");
  expect(refused).toThrow(/^There are 1000 mistakes in staff:\n(- staff, line \d+: .*\n){20}- and 980 more$/);
});

it("spells out what could upset the terminal that shows a bad line", () => {
  expect(() => parseUsersFile("\x1b[2Jbob\u202e", "staff")).toThrow('staff, line 1: "\\u001b[2Jbob\\u{202e}" cannot');
});
