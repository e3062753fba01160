import type { Answer, LookupContext, LookupProvider } from "finger-server";
import { expect, it, vi } from "vitest";
import type { Account } from "./accounts/account.js";
import { answerByPrograms } from "./answer-by-programs.js";
import type { Programs } from "./programs/programs.js";

const context: LookupContext = {
  verbose: false,
  peer: { address: "192.0.2.1", port: 1 },
  signal: new AbortController().signal,
};

function toAccount(login: string): Account {
  return { login, uid: 2000, gid: 2000, gecos: "", directory: `/home/${login}`, shell: "" };
}

/** Alice has a program, Bob has none, and two are called Carol. */
const ACCOUNTS: Readonly<Record<string, readonly Account[]>> = {
  alice: [toAccount("alice")],
  bob: [toAccount("bob")],
  carol: [toAccount("c1"), toAccount("c2")],
};
const INNER: Readonly<Record<string, Answer>> = {
  alice: { login: "alice", status: "Out" },
  bob: { login: "bob", status: "Home" },
  carol: [{ login: "c1" }, { login: "c2" }],
  filed: { login: "filed", status: "In the file" },
};

async function* print(text: string) {
  yield text;
}
const ALICES = print("alice says\n");
const NOBODYS = print("nobody is called so\n");

function open() {
  const programs: Programs = {
    list: async () => undefined,
    user: vi.fn(async ({ login }: Account) => (login === "alice" ? ALICES : undefined)),
    nobody: vi.fn(async () => NOBODYS),
  };
  const inner: LookupProvider = { lookup: vi.fn(async (name: string) => INNER[name]), list: async () => [] };
  return { programs, inner, provider: answerByPrograms(programs, async (name) => ACCOUNTS[name] ?? [], inner) };
}

const ANSWERS: ReadonlyArray<[name: string, answer: Answer | undefined, why: string]> = [
  ["alice", ALICES, "her program answers"],
  ["bob", INNER["bob"], "he has none, so what else is known does"],
  ["carol", INNER["carol"], "of several nobody knows whose program it would be"],
  ["filed", INNER["filed"], "who has no account may be known otherwise"],
  ["nobody", NOBODYS, "a program says so"],
];

it.each(ANSWERS)("answers %s with %j: %s", async (name, answer) => {
  expect(await open().provider.lookup(name, context)).toBe(answer);
});

it("runs no program of nobody for somebody who is known, and asks nobody else where a program has answered", async () => {
  const { programs, inner, provider } = open();
  await provider.lookup("alice", context);
  await provider.lookup("bob", context);
  expect(programs.nobody).not.toHaveBeenCalled();
  expect(inner.lookup).toHaveBeenCalledTimes(1);
});

it("knows nobody whom no program knows", async () => {
  const { programs, provider } = open();
  vi.mocked(programs.nobody).mockResolvedValue(undefined);
  expect(await provider.lookup("nobody", context)).toBeUndefined();
});

it("lists as what stands behind it", () => {
  const { inner, provider } = open();
  expect(provider.list).toBe(inner.list);
});
