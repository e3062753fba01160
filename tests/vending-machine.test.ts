import { spawn } from "node:child_process";
import { once } from "node:events";
import fc from "fast-check";
import { createFingerServer } from "finger-server";
import { describe, expect, it, onTestFinished } from "vitest";
import { COINS, createMachine, type Machine } from "../examples/vending-machine/machine.mjs";
import { vendingProvider } from "../examples/vending-machine/provider.mjs";
import { repository } from "./peers/support/network.js";
import { exchange } from "./support/sockets.js";

/** What a motor does when it is told to turn: what falls is not always what the sensor says. */
const TURNS = {
  works: { falls: 1, seen: () => true },
  jams: { falls: 0, seen: () => false },
  breaks: { falls: 0, seen: raise },
  "breaks after the fall": { falls: 1, seen: raise },
  "tells nonsense": { falls: 0, seen: () => 1 as unknown as boolean },
};

/** What a coin return does with what it is to pay. */
const PAYMENTS = {
  works: { falls: (owed: number) => owed, seen: (owed: number) => owed },
  "has no change": { falls: () => 0, seen: () => 0 },
  "has some change": { falls: (owed: number) => Math.floor(owed / 2), seen: (owed: number) => Math.floor(owed / 2) },
  breaks: { falls: () => 0, seen: raise },
  "breaks after the payment": { falls: (owed: number) => owed, seen: raise },
  "pays too much": { falls: (owed: number) => owed + 5, seen: (owed: number) => owed + 5 },
  "tells nonsense": { falls: () => 0, seen: () => Number.NaN },
  "tells a debt": { falls: () => 0, seen: () => -100 },
};

function raise(): never {
  throw new Error("broken");
}

type Fault<Kinds> = keyof Kinds;
type Action =
  | { readonly kind: "insert"; readonly cents: number }
  | { readonly kind: "buy"; readonly slot: string; readonly fault: Fault<typeof TURNS> }
  | { readonly kind: "refund"; readonly fault: Fault<typeof PAYMENTS> };

const keysOf = <Kinds extends object>(kinds: Kinds) => fc.constantFrom(...(Object.keys(kinds) as Array<keyof Kinds>));
const LABELS = ["A1", "A2", "B1"];
const STOCK = fc.tuple(
  ...LABELS.map((slot) =>
    fc.record({
      slot: fc.constant(slot),
      product: fc.constant("Tea"),
      price: fc.integer({ min: 1, max: 300 }),
      count: fc.nat(3),
    }),
  ),
);
const ACTIONS = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant("insert" as const),
      cents: fc.oneof(fc.constantFrom(...COINS), fc.integer(), fc.double()),
    }),
    fc.record({ kind: fc.constant("buy" as const), slot: fc.constantFrom(...LABELS, "Z9"), fault: keysOf(TURNS) }),
    fc.record({ kind: fc.constant("refund" as const), fault: keysOf(PAYMENTS) }),
  ),
  { maxLength: 40 },
);

/** A machine in a world that keeps its own books of what the customer put in and got out. */
function inWorld(stock: Parameters<typeof createMachine>[0]) {
  const customer = { gave: 0, got: 0 };
  let fault: Action | undefined;
  const machine = createMachine(stock, {
    turn(label) {
      const { falls, seen } = TURNS[fault?.kind === "buy" ? fault.fault : "works"];
      customer.got += falls * (stock.find(({ slot }) => slot === label)?.price ?? 0);
      return seen();
    },
    payOut(owed) {
      const { falls, seen } = PAYMENTS[fault?.kind === "refund" ? fault.fault : "works"];
      customer.got += falls(owed);
      return seen(owed);
    },
  });
  const act = (action: Action) => {
    fault = action;
    if (action.kind === "insert") customer.gave += machine.insert(action.cents) ? action.cents : 0;
    else if (action.kind === "buy") machine.buy(action.slot);
    else machine.refund();
    fault = undefined;
  };
  return { machine, customer, act };
}

describe("a machine", () => {
  it("never eats money, whatever fails (RFC 1288 2.5.5)", () => {
    fc.assert(
      fc.property(STOCK, ACTIONS, (stock, actions) => {
        const { machine, customer, act } = inWorld(stock);
        for (const action of actions) {
          act(action);
          const { inserted, sold, returned, credit } = machine.account();
          expect(sold + returned + credit).toBe(inserted);
          expect(inserted).toBe(customer.gave);
          expect(Math.min(credit, ...machine.slots().map(({ count }) => count))).toBeGreaterThanOrEqual(0);
          expect(customer.got + credit).toBeGreaterThanOrEqual(customer.gave);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("gives all of the credit back in the end", () => {
    fc.assert(
      fc.property(STOCK, ACTIONS, (stock, actions) => {
        const { machine, act } = inWorld(stock);
        for (const action of actions) act(action);
        const { credit } = machine.account();
        expect(machine.refund()).toBe(credit);
        expect(machine.account().credit).toBe(0);
      }),
    );
  });

  it("sells one, and keeps the rest as credit", () => {
    const machine = createMachine([{ slot: "A1", product: "Tea", price: 150, count: 1 }]);
    expect([machine.buy("A1"), machine.insert(200), machine.buy("A1")]).toEqual(["credit-too-low", true, "sold"]);
    expect(machine.account()).toEqual({ inserted: 200, sold: 150, returned: 0, credit: 50 });
    expect([machine.buy("A1"), machine.buy("Z9"), machine.refund()]).toEqual(["sold-out", "no-such-slot", 50]);
  });

  it("does not turn a motor that has jammed", () => {
    let turns = 0;
    const machine = createMachine([{ slot: "A1", product: "Tea", price: 5, count: 9 }], { turn: () => ++turns > 1 });
    machine.insert(5);
    expect([machine.buy("A1"), machine.buy("A1"), turns]).toEqual(["jammed", "jammed", 1]);
    expect(machine.account().credit).toBe(5);
  });

  it.each([0, -1, 1.5, Number.NaN])("refuses a price of %d", (price) => {
    expect(() => createMachine([{ slot: "A1", product: "Tea", price, count: 1 }])).toThrow("The slot A1");
  });
});

/** One slot is empty, and one has jammed. */
function fillMachine(): Machine {
  const machine = createMachine(
    [
      { slot: "A1", product: "Tea", price: 150, count: 2 },
      { slot: "A2", product: "Coffee", price: 90, count: 0 },
      { slot: "B1", product: "Green tea", price: 200, count: 1 },
      { slot: "B2", product: "Green tea", price: 205, count: 12 },
      { slot: "B3", product: "Soup", price: 5, count: 4 },
    ],
    { turn: () => false },
  );
  machine.insert(5);
  machine.buy("B3");
  return machine;
}

async function serve(machine: Machine): Promise<number> {
  const server = createFingerServer({ provider: vendingProvider(machine), limits: { rate: false } });
  onTestFinished(() => server.close({ drain: 0 }));
  return (await server.listen({ port: 0 })).port;
}

const LIST = [
  "Login  Name       Status",
  "A1     Tea        2 left, 1.50",
  "B1     Green tea  1 left, 2.00",
  "B2     Green tea  12 left, 2.05",
];
const A1 = ["Slot A1: Tea", "Left: 2", "Price: 1.50"];
const B1 = ["Slot B1: Green tea", "Left: 1", "Price: 2.00"];
const B2 = ["Slot B2: Green tea", "Left: 12", "Price: 2.05"];
const B3 = ["Slot B3: Soup", "Left: 4", "Price: 0.05", "Motor: jammed; your credit is safe, press the coin return"];

const QUERIES: ReadonlyArray<readonly [query: string, answer: readonly string[], why: string]> = [
  ["", LIST, "the items available, and no others"],
  ["A1", A1, "a slot"],
  ["a1", A1, "in small letters"],
  ["tea", A1, "a product by its whole name"],
  ["green tea", [...B1, "", ...B2], "a product in all its slots"],
  ["A2", ["Slot A2: Coffee", "Left: 0", "Price: 0.90"], "a slot that is empty"],
  ["/W A1", [...A1, "Motor: in order", "All of it: 3.00"], "more of it"],
  ["/W B3", [...B3, "All of it: 0.20"], "a slot that has jammed"],
  ["C1", ["finger: C1: no such user."], "no slot, no product"],
  ["buy A1", ["finger: buy A1: no such user."], "nothing can be bought"],
];

describe("a machine on the network", () => {
  it.each(QUERIES)("answers %j with %j: %s", async (query, answer) => {
    expect(await exchange(await serve(fillMachine()), [`${query}\r\n`])).toBe(`${answer.join("\r\n")}\r\n`);
  });

  it("is not changed by any query", async () => {
    const machine = fillMachine();
    const { respond } = createFingerServer({ provider: vendingProvider(machine) });
    const before = [machine.account(), machine.slots()];
    const names = fc.oneof(fc.string(), fc.constantFrom("A1", "buy A1", "insert 100", "refund", "constructor"));
    await fc.assert(
      fc.asyncProperty(names, fc.boolean(), async (user, verbose) => {
        await respond({ kind: "user", user, verbose });
        await respond({ kind: "list", verbose });
        expect([machine.account(), machine.slots()]).toEqual(before);
      }),
    );
  });

  it("runs as the page says", async () => {
    const file = repository("examples/vending-machine/vending-machine.mjs");
    const child = spawn(process.execPath, [file, "0"], { stdio: ["ignore", "pipe", "inherit"] });
    onTestFinished(() => void child.kill());
    const [line] = await once(child.stdout, "data");
    const port = Number(/^Listening on 127\.0\.0\.1:(\d+)\n$/.exec(String(line))?.[1]);
    expect(await exchange(port, ["Water\r\n"])).toBe("Slot A2: Water\r\nLeft: 8\r\nPrice: 1.00\r\n");
  });
});
