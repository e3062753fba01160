import type { Socket } from "node:net";
import {
  byteByByte,
  createScriptedServer,
  endless,
  HANG,
  pause,
  RESET,
  type Reply,
  slowly,
} from "finger-client/testing";
import { afterEach, expect, it } from "vitest";
import { listenWith } from "../support/sockets.js";
import { runClient } from "./support/client.js";

const closing: Array<() => unknown> = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** What a run ends with. */
interface End {
  readonly code: number;
  /** What is printed as text. */
  readonly stdout: string;
  /** What is said of it. @default nothing */
  readonly stderr?: RegExp;
  /** What `--json` has for `text`; `undefined` when there was no byte. @default what is printed */
  readonly text?: string | undefined;
  readonly truncated?: boolean;
  /** The code of the error in the JSON. */
  readonly error?: string;
}

const LATE = /^finger-client: 127\.0\.0\.1, port \d+ sent nothing for 0\.3 s; give it more time\.\n$/;
const BROKEN = /^finger-client: 127\.0\.0\.1, port \d+ broke the connection in the middle of its answer\.\n$/;
const UNANSWERED = /^finger-client: 127\.0\.0\.1, port \d+ broke the connection before it answered\.\n$/;
const TOO_SLOW = /^finger-client: 127\.0\.0\.1, port \d+ was not done in 0\.4 s; .*\n$/;
const TOO_LONG =
  /^finger-client: the reply of alice@127\.0\.0\.1:\d+ is longer than 1000 bytes, and is cut off there; .*\n$/;

const bytes = (text: string) => Buffer.from(text, "latin1");
const PATIENCE = ["--timeout", "0.3"];

const REPLIES: ReadonlyArray<readonly [why: string, args: readonly string[], reply: Reply, end: End]> = [
  ["never a word", PATIENCE, HANG, { code: 75, stdout: "", text: undefined, stderr: LATE, error: "TIMEOUT" }],
  ["each byte late", PATIENCE, slowly("Happy and well\r\n", 40), { code: 0, stdout: "Happy and well\n" }],
  [
    "each byte late, and no time for that",
    ["--max-time", "0.4"],
    slowly("x".repeat(100), 40),
    {
      code: 75,
      stdout: expect.stringMatching(/^x{1,30}\n$/),
      text: expect.stringMatching(/^x{1,30}$/),
      truncated: true,
      stderr: TOO_SLOW,
      error: "TIMEOUT",
    },
  ],
  ["each byte on its own", [], byteByByte("Ça va — 👩‍👩‍👧\r\n"), { code: 0, stdout: "Ça va — 👩‍👩‍👧\n" }],
  [
    "a reset in the middle",
    [],
    ["Login: ali", RESET],
    { code: 74, stdout: "Login: ali\n", text: "Login: ali", truncated: true, stderr: BROKEN, error: "IO" },
  ],
  ["a reset behind the last byte", [], ["Happy and well\r\n", RESET], { code: 0, stdout: "Happy and well\n" }],
  [
    "a reset instead of an answer",
    [],
    RESET,
    { code: 74, stdout: "", text: undefined, stderr: UNANSWERED, error: "IO" },
  ],
  ["half a character at the end", [], bytes("caf\xc3"), { code: 0, stdout: "cafÃ\n", text: "cafÃ" }],
  [
    "half a character in the middle",
    [],
    [bytes("caf\xc3"), pause(30), bytes("\xa9\r\n")],
    { code: 0, stdout: "café\n" },
  ],
  ["half a line end", [], ["one\r", pause(30), "\ntwo\r\n"], { code: 0, stdout: "one\ntwo\n" }],
  [
    "no end",
    ["--max-size", "1000"],
    endless("line of ten\r\n"),
    {
      code: 76,
      stdout: expect.stringMatching(/^(line of ten\n){76}line of ten?\n$/),
      text: expect.any(String),
      truncated: true,
      stderr: TOO_LONG,
    },
  ],
  ["NULs", [], "a\0b\0\0\r\n\0c\r\n", { code: 0, stdout: "ab\nc\n" }],
  ["one line of a megabyte", [], `${"x".repeat(1_000_000)}\r\n`, { code: 0, stdout: `${"x".repeat(1_000_000)}\n` }],
  [
    "an answer, and no end",
    PATIENCE,
    ["Happy\r\n", HANG],
    { code: 75, stdout: "Happy\n", truncated: true, stderr: LATE, error: "TIMEOUT" },
  ],
  ["not a byte", [], "", { code: 0, stdout: "" }],
  ["LF only", [], "one\ntwo\n", { code: 0, stdout: "one\ntwo\n" }],
  ["CR only", [], "one\rtwo\r", { code: 0, stdout: "one\ntwo\n" }],
  ["no line end", [], "Happy", { code: 0, stdout: "Happy\n", text: "Happy" }],
  ["a blank line", [], "\r\n", { code: 0, stdout: "\n" }],
];

it.each(REPLIES)("prints what it can of a reply with %s, and as JSON on one line", async (_why, args, reply, end) => {
  const server = await createScriptedServer(() => reply);
  closing.push(server.close);
  await expectEnds(args, server.target("alice"), end);
});

/** Servers that do what no script can. */
const SERVERS: ReadonlyArray<readonly [why: string, serve: (socket: Socket) => void, end: End]> = [
  [
    "answers before it is asked, and does not listen",
    (socket) => socket.end("Busy\r\n"),
    { code: 0, stdout: "Busy\n" },
  ],
  [
    "answers before it is asked, and resets for what it has not read",
    (socket) => socket.end("Busy\r\n", () => setTimeout(() => socket.destroy(), 30)),
    { code: 0, stdout: "Busy\n" },
  ],
  [
    "closes for a line of which it has read a part",
    (socket) =>
      socket.once("readable", () => {
        socket.read(1);
        socket.end("Busy\r\n");
      }),
    { code: 0, stdout: "Busy\n" },
  ],
  [
    "resets at once",
    (socket) => socket.resetAndDestroy(),
    { code: 74, stdout: "", text: undefined, stderr: UNANSWERED, error: "IO" },
  ],
  [
    "sends back what it is asked",
    (socket) => socket.once("data", (line) => socket.end(line)),
    { code: 0, stdout: "alice\n" },
  ],
];

it.each(SERVERS)("gets on with a server that %s", async (_why, serve, end) => {
  const { port, server } = await listenWith(serve);
  closing.push(() => server.close());
  await expectEnds([], `alice@127.0.0.1:${port}`, end);
});

it("asks again without /W where there was not a byte, and no third time", async () => {
  const server = await createScriptedServer(() => "");
  closing.push(server.close);
  expect(await runClient(["-l", server.target("alice")])).toEqual({ code: 0, stdout: "", stderr: "" });
  expect(server.queries).toEqual(["/W alice", "alice"]);
});

it("prints the replies of good servers among bad ones in order, and ends with the highest code", async () => {
  const server = await createScriptedServer({ a: "A\r\n", broken: ["B", RESET], silent: HANG, d: "D\r\n" });
  closing.push(server.close);
  const targets = ["a", "broken", "silent", "d"].map((query) => server.target(query));
  const { code, stdout } = await runClient([...PATIENCE, ...targets]);
  expect(code).toBe(75);
  expect(stdout).toBe(`[${targets[0]}]\nA\n[${targets[1]}]\nB\n[${targets[3]}]\nD\n`);
  const json = await runClient([...PATIENCE, "--json", ...targets]);
  const records = json.stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(records.map(({ target }) => target)).toEqual(targets);
  expect(records.map(({ error }) => error?.code)).toEqual([
    undefined,
    "ERR_FINGER_IO",
    "ERR_FINGER_TIMEOUT",
    undefined,
  ]);
});

/** Asks in both ways at once, since some take their time. */
async function expectEnds(args: readonly string[], target: string, end: End): Promise<void> {
  const { code, stdout, stderr = /^$/, error, truncated = false } = end;
  const [printed, json] = await Promise.all([runClient([...args, target]), runClient([...args, "--json", target])]);
  expect(printed).toEqual({ code, stdout, stderr: expect.stringMatching(stderr) });
  expect(json.stdout).toMatch(/^\{.*\}\n$/);
  const record = JSON.parse(json.stdout);
  const text = "text" in end ? end.text : stdout;
  expect([json.code, record.target, record.error?.code]).toEqual([code, target, error && `ERR_FINGER_${error}`]);
  expect(record.text).toEqual(text);
  if (text !== undefined) expect(record).toMatchObject({ truncated, bytes: expect.any(Number), users: [] });
}
