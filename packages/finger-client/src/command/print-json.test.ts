import { HANG, RESET, type Reply } from "finger-client/testing";
import { expect, it } from "vitest";
import { findDeafPort, run, serve } from "../../../../tests/support/command.js";

const TIMING = { connect: expect.any(Number), firstByte: expect.any(Number), total: expect.any(Number) };
/** JSON has no `undefined`. */
const UNANSWERED = { connect: expect.any(Number), total: expect.any(Number) };

interface Told {
  readonly code: number;
  readonly record: object;
  readonly err?: string;
}

const REPLIES: ReadonlyArray<readonly [what: string, reply: Reply, options: readonly string[], told: Told]> = [
  [
    "an answer",
    "Happy and well\r\n",
    [],
    { code: 0, record: { text: "Happy and well\n", users: [], bytes: 16, truncated: false } },
  ],
  [
    "an answer in a known shape",
    "Login: alice          \t\t\tName: Alice\r\nNo mail.\r\nNo Plan.\r\n",
    [],
    { code: 0, record: { users: [{ login: "alice", name: "Alice", mail: null }], truncated: false } },
  ],
  [
    "an empty answer",
    "",
    [],
    { code: 0, record: { text: "", users: [], bytes: 0, truncated: false, timing: UNANSWERED } },
  ],
  [
    "an answer that could command a terminal",
    "\x1b]0;pwned\x07\x1b[31mred\x1b[0m\r\n",
    ["--color"],
    { code: 0, record: { text: "red\n", bytes: 24 } },
  ],
  [
    "an answer that is too long",
    "x".repeat(1000),
    ["--max-size", "10"],
    { code: 76, record: { text: "xxxxxxxxxx", bytes: 10, truncated: true }, err: "longer than 10 bytes" },
  ],
  [
    "an answer that broke off",
    ["Login: ali", RESET],
    [],
    {
      code: 74,
      record: {
        text: "Login: ali",
        truncated: true,
        error: { code: "ERR_FINGER_IO", message: expect.stringContaining("in the middle of its answer") },
      },
      err: "in the middle of its answer",
    },
  ],
  [
    "an answer that stopped",
    ["Login: ali", HANG],
    ["--timeout", "0.05"],
    {
      code: 75,
      record: {
        text: "Login: ali",
        truncated: true,
        error: { code: "ERR_FINGER_TIMEOUT", message: expect.any(String) },
      },
      err: "sent nothing for 0.05 s",
    },
  ],
];

it.each(REPLIES)("prints %s as one line", async (_, reply, options, { code, record, err = "" }) => {
  const server = await serve({ alice: reply });
  const target = server.target("alice");
  const printed = await run("--json", ...options, target);
  expect(printed.out).toMatch(/^\{.*\}\n$/);
  const address = { address: "127.0.0.1", port: server.port, family: 4 };
  expect(JSON.parse(printed.out)).toMatchObject({ target, address, timing: TIMING, ...record });
  expect(printed.code).toBe(code);
  if (err === "") expect(printed.err).toBe("");
  else expect(printed.err).toMatch(new RegExp(`^finger-client: .*${err}.*\n$`));
});

it("prints nothing but the target and the error of what failed", async () => {
  const server = await serve({ alice: RESET, bob: HANG });
  const deaf = `a@127.0.0.1:${await findDeafPort()}`;
  const failures = [
    [server.target("alice"), 74, "ERR_FINGER_IO"],
    [server.target("bob"), 75, "ERR_FINGER_TIMEOUT"],
    [deaf, 69, "ERR_FINGER_CONNECT"],
    ["a@no-such-host.invalid", 68, "ERR_FINGER_RESOLVE"],
    ["a@", 64, "ERR_FINGER_TARGET"],
  ] as const;
  for (const [target, exit, code] of failures) {
    const { code: actual, out, err } = await run("--json", "--timeout", "0.5", target);
    const { error, ...rest } = JSON.parse(out);
    expect([actual, rest, error.code]).toEqual([exit, { target }, code]);
    expect(err).toBe(`finger-client: ${error.message}\n`);
  }
});

it("prints no JSON when the arguments are wrong: that is no outcome of a lookup", async () => {
  expect(await run("--json", "--port", "x", "a@b")).toMatchObject({ code: 64, out: "" });
});

it("prints an object for each of several targets, without headings", async () => {
  const server = await serve({ alice: "Happy\r\n" });
  const { out } = await run("--json", server.target("alice"), "b@", server.target("alice"));
  const records = out
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(records.map(({ text, error }) => text ?? error.code)).toEqual(["Happy\n", "ERR_FINGER_TARGET", "Happy\n"]);
});

it("--ascii writes what is not ASCII as escapes, of which nothing is lost", async () => {
  const server = await serve({ alice: "Café 😀\r\n" });
  const { out } = await run("--json", "--ascii", server.target("alice"));
  expect(out).toContain('"text":"Caf\\u00e9 \\ud83d\\ude00\\n"');
  expect(out).toMatch(/^[\n -~]*$/);
  expect(JSON.parse(out).text).toBe("Café 😀\n");
});

it("--ascii writes the error of a failure so, too", async () => {
  const { out } = await run("--json", "--ascii", "josé@");
  expect(out).toMatch(/^[\n -~]*$/);
  expect(JSON.parse(out).target).toBe("josé@");
});
