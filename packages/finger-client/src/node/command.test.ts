import type { Server } from "node:net";
import { afterEach, expect, it } from "vitest";
import { listenWith } from "../../../../tests/support/sockets.js";
import { main } from "./command.js";

const open: Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

/** A server that sends the line it was asked back, behind "asked ". */
async function echo(suffix = "\r\n"): Promise<string> {
  const { port, server } = await listenWith((socket) => {
    socket.once("data", (chunk) => socket.end(`asked ${chunk.toString().trim()}${suffix}`));
  });
  open.push(server);
  return `127.0.0.1:${port}`;
}

async function run(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const result = { code: 0, out: "", err: "" };
  result.code = await main(argv, {
    version: "1.2.3",
    signal: new AbortController().signal,
    out: (text) => {
      result.out += text;
    },
    err: (text) => {
      result.err += text;
    },
  });
  return result;
}

it("prints the reply and nothing else", async () => {
  expect(await run(`alice@${await echo()}`)).toEqual({ code: 0, out: "asked alice\n", err: "" });
});

it("ends the last line of a reply that does not", async () => {
  expect((await run(`alice@${await echo("")}`)).out).toBe("asked alice\n");
});

it("asks for the long form with -l", async () => {
  expect((await run("-l", `alice@${await echo()}`)).out).toBe("asked /W alice\n");
});

it("asks another port with -p", async () => {
  const port = (await echo()).split(":")[1] as string;
  expect((await run("-p", port, "alice@127.0.0.1")).out).toBe("asked alice\n");
});

it("asks this machine when the target names none", async () => {
  const port = (await echo()).split(":")[1] as string;
  expect((await run("-p", port, "alice")).out).toBe("asked alice\n");
});

it("puts a heading over each reply of several", async () => {
  const place = await echo();
  expect((await run(`a@${place}`, `b@${place}`)).out).toBe(`[a@${place}]\nasked a\n[b@${place}]\nasked b\n`);
});

it("prints one JSON object a line", async () => {
  const place = await echo();
  const { code, out } = await run("--json", `a@${place}`, "b@");
  expect(code).toBe(64);
  expect(
    out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line)),
  ).toEqual([
    {
      target: `a@${place}`,
      text: "asked a\n",
      users: [],
      bytes: 9,
      truncated: false,
      address: { address: "127.0.0.1", port: Number(place.split(":")[1]), family: 4 },
    },
    { target: "b@", error: { code: "ERR_FINGER_TARGET", message: expect.stringContaining('"b@"') } },
  ]);
});

const FAILURES: ReadonlyArray<readonly [argv: string[], code: number, message: string, why: string]> = [
  [[], 64, "name a target", "nobody to ask"],
  [["--no-such-option"], 64, "--no-such-option", "an option that there is not"],
  [["-p", "x", "a@b"], 64, '--port "x" is no number', "a port that is none"],
  [["-p", "70000", "a@b"], 64, "port must be a whole number from 1 to 65535", "a port out of range"],
  [["--timeout", "-1", "a@b"], 64, "--timeout", "a time that is none"],
  [["a@b@"], 64, "there is no host", "a target that cannot be read"],
  [["a@no-such-host.invalid"], 68, "no host no-such-host.invalid", "a host that there is not"],
];

it.each(FAILURES)("%j ends with %i and says %j: %s", async (argv, code, message) => {
  const { code: actual, out, err } = await run(...argv);
  expect([actual, out]).toEqual([code, ""]);
  expect(err).toMatch(/^finger-client: /);
  expect(err).toContain(message);
});

it("ends with 69 where nobody listens, and 75 where nothing comes", async () => {
  const { port, server } = await listenWith(() => {});
  open.push(server);
  expect((await run("--timeout", "0.02", `a@127.0.0.1:${port}`)).code).toBe(75);
  const gone = await listenWith(() => {});
  gone.server.close();
  expect((await run(`a@127.0.0.1:${gone.port}`)).code).toBe(69);
});

it("shows help and version", async () => {
  expect((await run("--help")).out).toMatch(/^Usage: finger-client/);
  expect(await run("--version")).toEqual({ code: 0, out: "1.2.3\n", err: "" });
});
