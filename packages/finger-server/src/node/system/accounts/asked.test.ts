import { beforeEach, expect, it } from "vitest";
import type { Account } from "./account.js";
import { createAsked } from "./asked.js";

interface Question {
  readonly login: string;
  readonly resolve: (account: Account | undefined) => void;
  readonly reject: (error: Error) => void;
}

let time: number;
let questions: Question[];
let told: string[];

beforeEach(() => {
  time = 0;
  questions = [];
  told = [];
});

function createHere() {
  const ask = (login: string) =>
    new Promise<Account | undefined>((resolve, reject) => questions.push({ login, resolve, reject }));
  const trouble = { begin: (error: unknown) => void told.push(String(error)), end: () => void told.push("well") };
  return createAsked(ask, { ttl: 60_000, now: () => time, told: trouble });
}

/** The next one that is asked for. */
async function takeQuestion(): Promise<Question> {
  await expect.poll(() => questions.length, { interval: 1 }).toBeGreaterThan(0);
  return questions.shift() as Question;
}

/** When nothing is on its way that needs no answer of the test. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

function toAccount(login: string, gecos = ""): Account {
  return { login, uid: 5000, gid: 5000, gecos, directory: "/", shell: "" };
}

it("asks once for all who ask at the same time, and not again for a minute", async () => {
  const asked = createHere();
  const answers = [asked.get("alice"), asked.get("alice")];
  (await takeQuestion()).resolve(toAccount("alice"));
  expect(await Promise.all(answers)).toEqual([toAccount("alice"), toAccount("alice")]);
  time = 59_999;
  expect(await asked.get("alice")).toEqual(toAccount("alice"));
  expect(questions).toEqual([]);
});

it("remembers that there is no such account, and asks again behind the answer, as for one that is there", async () => {
  const asked = createHere();
  const first = asked.get("alice");
  (await takeQuestion()).resolve(undefined);
  expect(await first).toBeUndefined();
  expect(await asked.get("alice")).toBeUndefined();
  expect(questions).toEqual([]);
  time = 60_000;
  expect(await asked.get("alice")).toBeUndefined();
  (await takeQuestion()).resolve(toAccount("alice"));
  await settle();
  expect(await asked.get("alice")).toEqual(toAccount("alice"));
});

it("gives an account that it knew, and asks behind the answer", async () => {
  const asked = createHere();
  const first = asked.get("alice");
  (await takeQuestion()).resolve(toAccount("alice", "old"));
  await first;
  time = 60_000;
  expect(await asked.get("alice")).toEqual(toAccount("alice", "old"));
  expect(await asked.get("alice")).toEqual(toAccount("alice", "old"));
  (await takeQuestion()).resolve(toAccount("alice", "new"));
  await settle();
  expect(await asked.get("alice")).toEqual(toAccount("alice", "new"));
  expect(questions).toEqual([]);
  time += 360_000;
  const late = asked.get("alice");
  (await takeQuestion()).resolve(undefined);
  expect(await late).toBeUndefined();
});

it("gives what it knew when it cannot be asked, for an hour, and tells", async () => {
  const asked = createHere();
  const first = asked.get("alice");
  (await takeQuestion()).resolve(toAccount("alice"));
  await first;
  for (const [later, account] of [
    [3_599_999, toAccount("alice")],
    [3_600_000, undefined],
  ] as const) {
    time = later;
    const answer = asked.get("alice");
    (await takeQuestion()).reject(new Error("no"));
    expect(await answer).toEqual(account);
  }
  expect(told).toEqual(["well", "Error: no", "Error: no"]);
});

it("does not remember that it could not ask", async () => {
  const asked = createHere();
  const first = asked.get("alice");
  (await takeQuestion()).reject(new Error("no"));
  expect(await first).toBeUndefined();
  const second = asked.get("alice");
  (await takeQuestion()).resolve(toAccount("alice"));
  expect(await second).toEqual(toAccount("alice"));
});

it("asks for two at a time, has 64 wait, and answers the others as nobody", async () => {
  const asked = createHere();
  const answers = Array.from({ length: 100 }, (_, index) => asked.get(`made-up${index}`));
  expect(await Promise.all(answers.slice(66))).toEqual(Array.from({ length: 34 }, () => undefined));
  expect(questions.map(({ login }) => login)).toEqual(["made-up0", "made-up1"]);
  expect(new Set(told)).toEqual(new Set(["Error: too many are asked for"]));
  let most = 0;
  for (let answered = 0; answered < 66; answered++) {
    const question = await takeQuestion();
    most = Math.max(most, questions.length + 1);
    // It is well when the last has been answered, and not with each of a crowd.
    expect(told).not.toContain("well");
    question.resolve(toAccount(question.login));
  }
  expect(most).toBe(2);
  expect((await Promise.all(answers.slice(0, 66))).map((account) => account?.login)).toEqual(
    Array.from({ length: 66 }, (_, index) => `made-up${index}`),
  );
  expect(told.at(-1)).toBe("well");
});

it("forgets what it knows, and what it is told afterwards of before", async () => {
  const asked = createHere();
  const before = asked.get("alice");
  const old = await takeQuestion();
  asked.forget();
  const after = asked.get("alice");
  (await takeQuestion()).resolve(toAccount("alice", "new"));
  old.resolve(toAccount("alice", "old"));
  expect(await before).toEqual(toAccount("alice", "old"));
  expect(await after).toEqual(toAccount("alice", "new"));
  expect(await asked.get("alice")).toEqual(toAccount("alice", "new"));
});

it("keeps what it knows within bounds", async () => {
  const asked = createAsked(async () => undefined, {
    ...{ ttl: 60_000, now: () => 0, told: { begin: () => {}, end: () => {} } },
  });
  const before = process.memoryUsage().heapUsed;
  for (let index = 0; index < 50_000; index++) await asked.get(`${index}-${"x".repeat(200)}`);
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(64 * 1024 * 1024);
});
