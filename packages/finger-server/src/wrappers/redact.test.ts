import fc from "fast-check";
import type { FingerUser } from "finger-protocol";
import { expect, it, vi } from "vitest";
import { memoryProvider } from "../memory-provider.js";
import { type Answer, type LookupContext, NOBODY, type Peer } from "../provider.js";
import type { Disclosure, DisclosureRule, Field } from "./disclosure.js";
import { redact } from "./redact.js";

const from = (address: string | undefined): LookupContext => ({
  verbose: false,
  peer: { address, port: undefined },
  signal: new AbortController().signal,
});

const alice: FingerUser = { login: "alice", name: "Alice Adams", status: "In", plan: "Rest.", homePhone: "5550123" };
const users = memoryProvider([alice, { login: "bob", name: "Bob", status: "Out" }]);

const INSIDE: DisclosureRule = { networks: ["10.0.0.0/8", "2001:db8::/32"], show: "all" };
const STATUS: DisclosureRule = { show: ["name", "status"] };

const RULES: ReadonlyArray<
  readonly [rules: readonly DisclosureRule[], address: string | undefined, fields: string | undefined, why: string]
> = [
  [[], "192.0.2.1", "login name", "without a rule that fits, no more than the full name"],
  [[INSIDE], "192.0.2.1", "login name", "from another network"],
  [[INSIDE], "10.1.2.3", "login name status plan homePhone", "from the network"],
  [[INSIDE], "::ffff:10.1.2.3", "login name status plan homePhone", "from the network, mapped into IPv6"],
  [[INSIDE], "2001:db8::1", "login name status plan homePhone", "from the other network"],
  [[INSIDE], undefined, "login name", "without an address"],
  [[INSIDE], "10.1.2", "login name", "from what is no address"],
  [[{ networks: ["local"], show: "all" }], undefined, "login name status plan homePhone", "local"],
  [[{ networks: ["local"], show: "all" }], "127.0.0.1", "login name", "the loopback address is an address"],
  [[{ networks: ["10.1.2.3"], show: [] }], "10.1.2.3", "login", "a single address, and no field"],
  [[STATUS, INSIDE], "10.1.2.3", "login name status", "the first rule that fits counts"],
  [[INSIDE, STATUS], "192.0.2.1", "login name status", "a rule that names nobody fits everybody"],
  [[{ users: ["alice"], show: ["plan"] }, STATUS], "192.0.2.1", "login plan", "a rule for this user"],
  [[{ users: ["bob"], show: ["plan"] }, STATUS], "192.0.2.1", "login name status", "a rule for another"],
  [[{ users: [], show: "all" }], "192.0.2.1", "login name", "a rule for nobody"],
  [[{ networks: [], show: "all" }], "10.1.2.3", "login name", "a rule from nowhere"],
  [[{ show: ["office", "plan"] }], "192.0.2.1", "login plan", "a field that is not known stays so"],
  [[{ users: ["alice"], show: "hidden" }], "10.1.2.3", undefined, "hidden"],
  [[INSIDE, { show: "hidden" }], "192.0.2.1", undefined, "hidden from outside"],
  [[{ users: ["alice"], networks: ["10.0.0.0/8"], show: "hidden" }], "192.0.2.1", "login name", "both have to fit"],
];

it.each(RULES)("shows by the rules %j to %s %s: %s", async (rules, address, fields) => {
  const provider = redact(users, rules);
  const answer = await provider.lookup("alice", from(address));
  expect(answer && Object.keys(answer).sort()).toEqual(fields?.split(" ").sort());
  const listed = (await provider.list?.(from(address)))?.find(({ login }) => login === "alice");
  expect(listed).toEqual(answer);
  if (answer !== undefined) expect(alice).toMatchObject(answer as FingerUser);
});

it("asks a function for the login of the record and for the peer", async () => {
  const rule = vi.fn((_login: string, _peer: Peer): Disclosure => ["status"]);
  const context = from("192.0.2.1");
  const provider = redact(() => alice, rule);
  expect(await provider.lookup("adams", context)).toEqual({ login: "alice", status: "In" });
  expect(rule.mock.calls).toEqual([["alice", context.peer]]);
});

it("does the same for one who is hidden as for one who does not exist", async () => {
  const trace: string[] = [];
  const provider = redact(
    async (name) => {
      trace.push(`provider ${name}`);
      return name === "alice" ? alice : undefined;
    },
    (login) => {
      trace.push(`rule ${login}`);
      return login === "alice" ? "hidden" : "all";
    },
  );
  expect(await provider.lookup("alice", from("192.0.2.1"))).toBeUndefined();
  expect(await provider.lookup("nobody", from("192.0.2.1"))).toBeUndefined();
  expect(trace).toEqual(["provider alice", "rule alice", "provider nobody", "rule nobody"]);
});

const SEVERAL: ReadonlyArray<readonly [answer: Answer, shown: unknown, why: string]> = [
  [
    [alice, { login: "bob", plan: "Sleep." }],
    [{ login: "alice", name: "Alice Adams" }, { login: "bob" }],
    "each is redacted",
  ],
  [[alice, { login: "eve", name: "Eve" }], [{ login: "alice", name: "Alice Adams" }], "who is hidden is left out"],
  [[{ login: "eve", name: "Eve" }], undefined, "and nobody is left"],
  [[], undefined, "nobody was there"],
];

it.each(SEVERAL)("makes of the records %j %j: %s", async (answer, shown) => {
  const provider = redact(() => answer, [{ users: ["eve"], show: "hidden" }]);
  expect(await provider.lookup("smith", from("192.0.2.1"))).toEqual(shown);
});

/** A stream that knows when it is closed. */
function createStream() {
  const close = vi.fn(async () => ({ done: true as const, value: undefined }));
  const stream: AsyncIterable<string> = {
    [Symbol.asyncIterator]: () => ({ next: async () => ({ done: false, value: "" }), return: close }),
  };
  return { stream, close };
}

const TEXTS: ReadonlyArray<readonly [show: Disclosure, shown: "text" | { login: string } | undefined, why: string]> = [
  ["all", "text", "all is shown"],
  [["text"], "text", "it counts as this field"],
  [["name", "status"], { login: "motd" }, "it is none of these fields"],
  ["hidden", undefined, "the name is hidden"],
];

it.each(TEXTS)("shows of a text and of a stream, where %j is to be shown, %j: %s", async (show, shown) => {
  const { stream, close } = createStream();
  const context = from("192.0.2.1");
  const rules = [{ users: ["motd"], show }];
  expect(await redact(() => "text", rules).lookup("motd", context)).toEqual(shown);
  expect(await redact(() => stream, rules).lookup("motd", context)).toEqual(shown === "text" ? stream : shown);
  expect(close).toHaveBeenCalledTimes(shown === "text" ? 0 : 1);
});

it("offers what the provider offers, and passes the very context on", async () => {
  const lookup = vi.fn(async (_name: string, _context: LookupContext) => undefined);
  const provider = redact({ lookup }, []);
  const context = from("192.0.2.1");
  await provider.lookup("alice", context);
  expect(lookup.mock.calls[0]?.[1]).toBe(context);
  expect(Object.keys(provider)).toEqual(["lookup"]);
});

const WATCHED: ReadonlyArray<readonly [rules: readonly DisclosureRule[], logins: readonly unknown[], why: string]> = [
  [[], ["alice", "bob", undefined], "nobody is hidden"],
  [[{ users: ["bob"], show: "hidden" }], ["alice", undefined], "one is"],
  [
    [
      { networks: ["local"], show: "all" },
      { users: ["bob"], show: "hidden" },
    ],
    ["alice", undefined],
    "one is hidden from some, and nobody knows who watches",
  ],
  [
    [{ users: ["bob"], networks: ["10.0.0.0/8"], show: "hidden" }],
    ["alice", undefined],
    "one is, and no rule fits everybody",
  ],
  [
    [{ users: ["bob"], show: "all" }, { show: "hidden" }],
    ["bob", undefined],
    "a rule that fits everybody counts before the ones behind it",
  ],
];

it.each(WATCHED)("tells by the rules %j of the changes of %j: %s", async (rules, logins) => {
  const watch = async function* () {
    for (const login of ["alice", "bob", undefined]) yield { login };
  };
  const told: unknown[] = [];
  const provider = redact({ ...users, watch }, rules);
  for await (const { login } of provider.watch?.(new AbortController().signal) ?? []) told.push(login);
  expect(told).toEqual(logins);
});

it("asks a function about a change for a peer of whom nothing is known", async () => {
  const rule = vi.fn((login: string): Disclosure => (login === "bob" ? "hidden" : []));
  const watch = async function* () {
    for (const login of ["alice", "bob"]) yield { login };
  };
  const told: unknown[] = [];
  const provider = redact({ ...users, watch }, rule);
  for await (const { login } of provider.watch?.(new AbortController().signal) ?? []) told.push(login);
  expect(told).toEqual(["alice"]);
  expect(rule.mock.calls).toEqual([
    ["alice", NOBODY],
    ["bob", NOBODY],
  ]);
});

const BAD: ReadonlyArray<readonly [rule: DisclosureRule, error: typeof Error, message: string]> = [
  [{ networks: ["10.0.0.0/33"], show: "all" }, RangeError, '"10.0.0.0/33" is no network'],
  [{ networks: ["localhost"], show: "all" }, RangeError, '"localhost" is no network'],
  [{ show: ["phone" as Field] }, RangeError, 'There is no field "phone" to show; there are name, status,'],
  [{ show: ["login" as Field] }, RangeError, 'There is no field "login"'],
  [{ show: ["__proto__" as Field] }, RangeError, 'There is no field "__proto__"'],
  [{ show: "nothing" as "all" }, TypeError, 'must be "all", "hidden" or a list of fields, but is "nothing"'],
  [{ show: undefined as never }, TypeError, "What to show must be"],
  [{ network: ["10.0.0.0/8"], show: "all" } as never, TypeError, 'A rule has users, networks, show, and no "network"'],
  [{ users: "bob", show: "hidden" } as never, TypeError, 'The users of a rule must be a list, but are "bob"'],
];

it.each(BAD)("refuses the rule %j when it is made", (rule, error, message) => {
  expect(() => redact(users, [rule])).toThrow(error);
  expect(() => redact(users, [rule])).toThrow(message);
});

it.each([undefined, Promise.resolve("all"), "everything", ["phone"]])(
  "fails where a function says %s",
  async (show) => {
    await expect(redact(users, () => show as never).lookup("alice", from("10.0.0.1"))).rejects.toThrow(/to show/i);
  },
);

it.each([
  ["zo\u00e9", "zoe\u0301"],
  ["zoe\u0301", "zo\u00e9"],
])("hides the login %j by a rule for %j, for both are one name", async (login, user) => {
  const provider = redact(() => ({ login }), [{ users: [user], show: "hidden" }]);
  expect(await provider.lookup("zo\u00e9", from("192.0.2.1"))).toBeUndefined();
});

it("is not changed by what becomes of the rules", async () => {
  const show: Field[] = [];
  const rules: DisclosureRule[] = [{ users: ["alice"], show }];
  const provider = redact(users, rules);
  rules.unshift({ show: "all" });
  show.push("plan");
  expect(await provider.lookup("alice", from("192.0.2.1"))).toEqual({ login: "alice" });
});

const FIELDS: readonly Field[] = ["name", "status", "plan", "text", "mail", "sessions"];
const login = fc.constantFrom("alice", "bob", "eve");
const address = fc.constantFrom("10.0.0.1", "192.0.2.1", "::ffff:10.9.9.9", "2001:db8::1", undefined);
const show: fc.Arbitrary<Disclosure> = fc.oneof(
  fc.constantFrom("all" as const, "hidden" as const),
  fc.subarray([...FIELDS]),
);
const rule: fc.Arbitrary<DisclosureRule> = fc.record(
  {
    users: fc.array(login, { maxLength: 2 }),
    networks: fc.subarray(["10.0.0.0/8", "local", "::/0"]),
    show,
  },
  { requiredKeys: ["show"], noNullPrototype: true },
);
const record = fc.record(
  { login, name: fc.string(), status: fc.string(), plan: fc.string(), text: fc.string(), mail: fc.constant(null) },
  { requiredKeys: ["login"], noNullPrototype: true },
);

/** The rules once more, as plainly as can be. */
function expectDisclosure(rules: readonly DisclosureRule[], user: string, peer: string | undefined): Disclosure {
  const networks: Record<string, (string | undefined)[]> = {
    "10.0.0.0/8": ["10.0.0.1", "::ffff:10.9.9.9"],
    local: [undefined],
    "::/0": ["2001:db8::1"],
  };
  for (const one of rules) {
    if (one.users !== undefined && !one.users.includes(user)) continue;
    if (one.networks === undefined || one.networks.some((network) => networks[network]?.includes(peer)))
      return one.show;
  }
  return ["name"];
}

it("never shows a field or a user that is not to be shown, and changes nothing that is", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(rule, { maxLength: 4 }), fc.array(record), address, async (rules, records, peer) => {
      const provider = redact({ lookup: async () => records, list: async () => records }, rules);
      const expected = records.flatMap((user) => {
        const shown = expectDisclosure(rules, user.login, peer);
        if (shown === "hidden") return [];
        const fields = Object.entries(user).filter(
          ([field]) => field === "login" || shown === "all" || shown.includes(field as Field),
        );
        return [Object.fromEntries(fields)];
      });
      expect(await provider.list?.(from(peer))).toStrictEqual(expected);
      expect(await provider.lookup("x", from(peer))).toStrictEqual(expected.length === 0 ? undefined : expected);
    }),
  );
});
