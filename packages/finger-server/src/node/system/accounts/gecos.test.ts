import fc from "fast-check";
import { expect, it } from "vitest";
import { toFingerUser } from "../../../../../../tests/peers/support/made-up-machine.js";
import { toPerson } from "./gecos.js";

const FIELDS: ReadonlyArray<[gecos: string, login: string, person: ReturnType<typeof toPerson>, why: string]> = [
  ["", "alice", {}, "nothing is known"],
  ["Alice Liddell", "alice", { name: "Alice Liddell" }, "there is a name alone"],
  [
    "Alice Liddell,Room 42,5551234,5556789",
    "alice",
    { name: "Alice Liddell", office: "Room 42", officePhone: "5551234", homePhone: "5556789" },
    "there is all of it",
  ],
  ["Alice,,,5556789,other", "alice", { name: "Alice", homePhone: "5556789" }, "what is empty is absent, as is more"],
  ["*Alice", "alice", { name: "Alice" }, "a star in front is skipped"],
  ["**Alice", "alice", { name: "*Alice" }, "one star is"],
  ["& Liddell", "alice", { name: "Alice Liddell" }, "an ampersand is the login with a capital"],
  ["&&", "$&x", { name: "$&x$&x" }, "a login is put in as it is"],
  ["&", "élise", { name: "Élise" }, "capitals are not of ASCII alone"],
  ["*,&", "alice", { office: "&" }, "an office has no ampersand of that kind"],
];

it.each(FIELDS)("reads %j of %s as %o: %s", (gecos, login, person) => {
  expect(toPerson(gecos, login)).toEqual(person);
});

it("says what the model says that the layout is proved with", () => {
  const text = fc.string({ unit: fc.constantFrom("*", "&", ",", "a", "B", " ", "é"), maxLength: 30 });
  fc.assert(
    fc.property(text, fc.string({ unit: fc.constantFrom("a", "é", "-", "9"), minLength: 1 }), (gecos, login) => {
      const account = { login, gecos, shell: "", files: {}, sessions: [] };
      const model = toFingerUser("/", account, 0);
      const person = toPerson(gecos, login);
      for (const key of ["name", "office", "officePhone", "homePhone"] as const) {
        expect(person[key] ?? "").toBe(model[key]);
      }
    }),
  );
});

it("makes no long name of many ampersands", () => {
  expect(toPerson("&".repeat(4000), "a".repeat(256)).name).toHaveLength(1024);
});
