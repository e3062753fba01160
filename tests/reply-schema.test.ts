import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { createScriptedServer, RESET, type ScriptedServer } from "finger-client/testing";
import { type FingerUser, formatUser, formatUserList } from "finger-protocol";
import { afterAll, beforeAll, expect, it } from "vitest";
import { main } from "../packages/finger-client/src/command/main.js";

const SCHEMA = new URL("../packages/finger-client/share/reply.schema.json", import.meta.url);
const ajv = new Ajv2020({
  allErrors: true,
  formats: { "date-time": (text: string) => !Number.isNaN(Date.parse(text)) },
});
const isValid = ajv.compile(closed(JSON.parse(readFileSync(SCHEMA, "utf8"))));

/** New fields may come, but then the schema is to speak of them: here it allows none that it does not know. */
function closed(schema: unknown): object {
  return JSON.parse(JSON.stringify(schema), (_, value) =>
    value?.type === "object" && value.properties ? { ...value, additionalProperties: false } : value,
  );
}

const now = new Date("2026-11-22T18:00:00Z");
const ALICE: FingerUser = {
  login: "alice",
  name: "Alice Liddell",
  status: "Happy and well",
  statusAt: now,
  directory: "/home/alice",
  shell: "/bin/sh",
  office: "Room 42",
  officePhone: "5551234",
  homePhone: "5556789",
  sessions: [{ since: now, tty: "pts/0", host: "desk.example", idle: 90, messages: false }],
  lastLogin: { since: now, tty: "pts/1" },
  mail: { receivedAt: now, readAt: now },
  mailForward: "alice@elsewhere.example",
  pgpKey: "KEY",
  project: "Project",
  plan: "Plan\n",
  planAt: now,
};

let server: ScriptedServer;
beforeAll(async () => {
  const format = { now, timeZone: "UTC", layout: "netkit" } as const;
  server = await createScriptedServer({
    alice: formatUser(ALICE, format),
    bob: formatUser({ login: "bob", lastLogin: null, mail: null, sessions: [] }, format),
    "": formatUserList([ALICE, { login: "bob" }], format),
    status: "Happy and well\r\n",
    long: "x".repeat(5000),
    broken: ["Happy and", RESET],
    nothing: "",
  });
});
afterAll(() => server.close());

const ASKED: ReadonlyArray<readonly [argv: readonly string[], why: string]> = [
  [["alice"], "a user of whom all is known"],
  [["bob"], "a user who has nothing"],
  [[""], "a list"],
  [["status"], "a text"],
  [["nothing"], "no text at all"],
  [["--max-size", "100", "long"], "a reply that is cut off"],
  [["broken"], "a reply that breaks off"],
];

it.each(ASKED)("of %j is as the schema says: %s", async ([...argv]) => {
  const name = argv.pop() ?? "";
  expect(await findErrors("--json", ...argv, server.target(name))).toEqual([]);
});

it("is as the schema says when there is no reply", async () => {
  expect(await findErrors("--json", "a@127.0.0.1:1", "a@", "--timeout", "2")).toEqual([]);
});

it("is told from something else", () => {
  expect(isValid({ target: "a" })).toBe(false);
  expect(isValid({ target: "a", text: "", users: [], bytes: 0, truncated: false, timing: { total: 1 }, more: 1 })).toBe(
    false,
  );
});

async function findErrors(...argv: string[]): Promise<unknown[]> {
  let out = "";
  await main(argv, {
    env: {},
    version: () => "0",
    out: (text) => {
      out += String(text);
    },
    err: () => {},
    isTerminal: () => false,
    readInput: async () => "",
    user: () => "alice",
  });
  const lines = out.trimEnd().split("\n");
  expect(lines.length).toBeGreaterThan(0);
  return lines.flatMap((line) => (isValid(JSON.parse(line)) ? [] : (isValid.errors ?? [])));
}
