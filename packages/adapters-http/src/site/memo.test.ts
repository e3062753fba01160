import type { FingerUser } from "finger-protocol";
import { expect, it } from "vitest";
import type { HttpReply } from "../http/http-reply.js";
import { createMemo } from "./memo.js";

function open() {
  let now = 0;
  let made = 0;
  const memo = createMemo(() => now);
  const make = async (): Promise<HttpReply> => ({ status: ++made, headers: {}, body: undefined });
  return {
    take: async (key: string, ...users: FingerUser[]) => (await memo.take(key, users, make)).status,
    pass: (ms: number) => {
      now += ms;
    },
  };
}

it("gives what was made of the same for a second", async () => {
  const { take, pass } = open();
  const at = new Date();
  expect(await take("a", { login: "alice", statusAt: at })).toBe(1);
  pass(999);
  expect(await take("a", { login: "alice", statusAt: at })).toBe(1);
  pass(1);
  expect(await take("a", { login: "alice", statusAt: at })).toBe(2);
});

it.each<[users: FingerUser[], why: string]>([
  [[{ login: "alice", status: "Out" }], "a field has changed"],
  [[{ login: "alice" }], "a field is gone"],
  [[{ login: "alice", status: "In", name: "A" }], "a field has come"],
  [[{ login: "alice", status: "In", plan: undefined }], "a field is there, and says nothing"],
  [[], "the user is gone"],
  [[{ login: "alice", status: "In" }, { login: "bob" }], "another has come"],
])("makes it anew of %o: %s", async (users) => {
  const { take } = open();
  await take("a", { login: "alice", status: "In" });
  expect(await take("a", ...users)).toBe(2);
});

it("sees that a record was changed in its place", async () => {
  const { take } = open();
  const user: { login: string; status: string } = { login: "alice", status: "In" };
  await take("a", user);
  user.status = "Out";
  expect(await take("a", user)).toBe(2);
});

it("keeps replies to different questions apart, and not without end", async () => {
  const { take } = open();
  for (let index = 1; index <= 600; index++) expect(await take(String(index))).toBe(index);
  expect(await take("600")).toBe(600);
  expect(await take("1")).toBe(601);
});
