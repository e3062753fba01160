import { createFingerServer } from "finger-server";
import { createMachine } from "./machine.mjs";
import { vendingProvider } from "./provider.mjs";

const machine = createMachine([
  { slot: "A1", product: "Club-Mate", price: 150, count: 3 },
  { slot: "A2", product: "Water", price: 100, count: 8 },
  { slot: "B1", product: "Salted peanuts", price: 120, count: 5 },
  { slot: "B2", product: "Salted peanuts", price: 120, count: 2 },
  { slot: "C1", product: "Chocolate", price: 180, count: 0 },
]);

const server = createFingerServer({ provider: vendingProvider(machine) });

const { host, port } = await server.listen({ port: Number(process.argv[2] ?? 1079) });
console.log(`Listening on ${host}:${port}`);
