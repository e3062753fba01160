import type { Answer, LookupContext, LookupProvider } from "finger-server";
import { expect, it, vi } from "vitest";
import type { Account } from "./accounts/account.js";
import { answerByNobodys, answerByPrograms } from "./answer-by-programs.js";
import type { Programs } from "./programs/programs.js";

const context: LookupContext = {
  verbose: false,
  peer: { address: "192.0.2.1", port: 1 },
  signal: new AbortController().signal,
};

function toAccount(login: string): Account {
  return { login, uid: 2000, gid: 2000, gecos: "", directory: `/home/${login}`, shell: "" };
}

/** Alice has a program, Bob has none, and the provider does not tell of Eve. */
const ACCOUNTS: Readonly<Record<string, Account>> = {
  alice: toAccount("alice"),
  bob: toAccount("bob"),
  eve: toAccount("eve"),
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
    user: vi.fn(async ({ login }: Account) => (login === "bob" ? undefined : ALICES)),
    nobody: vi.fn(async () => NOBODYS),
  };
  const inner: LookupProvider = { lookup: vi.fn(async (name: string) => INNER[name]), list: async () => [] };
  const known = answerByPrograms(programs, async (login) => ACCOUNTS[login], inner);
  return { programs, inner, provider: answerByNobodys(programs, known) };
}

const ANSWERS: ReadonlyArray<[name: string, answer: Answer | undefined, why: string]> = [
  ["alice", ALICES, "her program answers"],
  ["bob", INNER["bob"], "he has none, so what else is known does"],
  ["carol", INNER["carol"], "of a name that is no login no program tells"],
  ["filed", INNER["filed"], "who has no account may be known otherwise"],
  ["nobody", NOBODYS, "a program says so"],
];

it.each(ANSWERS)("answers %s with %j: %s", async (name, answer) => {
  expect(await open().provider.lookup(name, context)).toBe(answer);
});

it("runs no program of nobody for somebody who is known", async () => {
  const { programs, provider } = open();
  for (const name of ["alice", "bob", "carol", "filed"]) await provider.lookup(name, context);
  expect(programs.nobody).not.toHaveBeenCalled();
});

it("runs no program of somebody of whom the provider does not tell", async () => {
  const { programs, provider } = open();
  expect(await provider.lookup("eve", context)).toBe(NOBODYS);
  expect(programs.user).not.toHaveBeenCalled();
});

it("closes what the provider had to say when a program answers", async () => {
  const { inner, provider } = open();
  const close = vi.fn(async () => ({ done: true as const, value: undefined }));
  const stream = { [Symbol.asyncIterator]: () => ({ next: close, return: close }) };
  vi.mocked(inner.lookup).mockResolvedValue(stream);
  expect(await provider.lookup("alice", context)).toBe(ALICES);
  expect(close).toHaveBeenCalledOnce();
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
