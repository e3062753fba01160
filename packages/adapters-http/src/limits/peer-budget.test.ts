import { expect, it } from "vitest";
import { createPeerBudget } from "./peer-budget.js";
import { toPeerKey } from "./peer-key.js";

const from = (address: string | undefined) => ({ address, port: 1 });

const KEYS: ReadonlyArray<[address: string | undefined, key: string | undefined, why: string]> = [
  ["192.0.2.1", "192.0.2.1", "an address"],
  ["::ffff:192.0.2.1", "192.0.2.1", "the same, as a socket for both families writes it"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2", "a network of 64 bits"],
  ["2001:db8::1", "2001:db8:0:0", "zeros that are not written count"],
  ["::1:2", "0:0:0:0", "at the beginning, too"],
  ["127.0.0.1", undefined, "a proxy on this machine has everybody behind it"],
  ["::ffff:127.0.0.1", undefined, "also when it is written so"],
  ["::1", undefined, "or so"],
  ["", undefined, "who has gone before it could be asked"],
  [undefined, undefined, "who has no address"],
];

it.each(KEYS)("the peer at %j is counted as %j: %s", (address, key) => {
  expect(toPeerKey(from(address))).toBe(key);
});

it("lets a third of a minute's come at once, and the others evenly", () => {
  let now = 0;
  const budget = createPeerBudget(60, () => now);
  const take = () => budget.pay(from("192.0.2.1"));
  expect(Array.from({ length: 21 }, take).lastIndexOf(true)).toBe(19);
  expect(budget.canPay(from("192.0.2.1"))).toBe(false);
  now = 1000;
  expect([budget.canPay(from("192.0.2.1")), take(), take()]).toEqual([true, true, false]);
  now = 3_600_000;
  expect(Array.from({ length: 21 }, take).lastIndexOf(true)).toBe(19);
});

it("counts each peer for itself, and some not at all", () => {
  const budget = createPeerBudget(1, () => 0);
  expect([budget.pay(from("192.0.2.1")), budget.pay(from("192.0.2.1")), budget.pay(from("192.0.2.2"))]).toEqual([
    true,
    false,
    true,
  ]);
  for (let index = 0; index < 100; index++) expect(budget.pay(from("127.0.0.1"))).toBe(true);
});

it("remembers those who came last, and no more than it has room for", () => {
  const budget = createPeerBudget(1, () => 0);
  const address = (index: number) => from(`10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`);
  for (let index = 0; index <= 16_384; index++) budget.pay(address(index));
  expect([budget.canPay(address(0)), budget.canPay(address(16_384))]).toEqual([true, false]);
});
