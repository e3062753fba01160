import { once } from "node:events";
import { existsSync, statSync, writeFileSync } from "node:fs";
import { type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";
import type { ApplicationDescription } from "finger-server";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listen } from "../support/descriptors.js";
import { eventually, freshPath, writeScript } from "../support/programs.js";
import { exchange } from "../support/sockets.js";
import { describeChromium, launchChromium } from "./support/browser.js";
import { childrenOf } from "./support/processes.js";
import {
  findPort,
  type RunningServer,
  type RunOptions,
  runServer,
  startServer,
  writeFresh,
} from "./support/server-command.js";

// The command as it is built, with the package of the pages as it is built.

const KINDS: ReadonlyArray<readonly [kind: string, workers: readonly string[], count: number]> = [
  ["of one process", [], 1],
  ["of two workers", ["--workers", "2"], 2],
];

/** Writes a config, and gives its path. */
function write(description: ApplicationDescription, path: string = writeFresh("", ".json")): string {
  writeFileSync(path, JSON.stringify({ listen: 0, limits: { rate: false }, ...description }));
  return path;
}

/** A server with pages. */
interface PageServer extends RunningServer {
  readonly origin: string;
  ask(path: string, init?: RequestInit): Promise<Response>;
  /** Does something with each process that answers, one after the other, while the others are stopped. */
  withEach<T>(work: (turn: number) => Promise<T>): Promise<readonly T[]>;
  /** What each process answers. */
  readEach(path: string): Promise<readonly string[]>;
}

async function start(args: readonly string[], options: RunOptions = {}): Promise<PageServer> {
  const server = await startServer(args, options);
  // One worker tells where they are, and others may be on their way.
  if (args.includes("--workers")) await eventually(() => server.log().some(({ msg }) => msg === "2 workers answer"));
  const origin = `http://127.0.0.1:${findPort(server.log(), "http")}`;
  const withEach: PageServer["withEach"] = (work) => inTurns(server.child.pid ?? 0, work);
  const ask: PageServer["ask"] = (path, init) => askAlone(origin + path, init);
  const readEach = (path: string) => withEach(async () => readAnswer(await ask(path)));
  return { ...server, origin, ask, withEach, readEach };
}

/** Asks on a connection of its own, which may be another worker's. */
function askAlone(url: string, { headers, ...init }: RequestInit = {}): Promise<Response> {
  return fetch(url, { ...init, headers: { connection: "close", ...Object.fromEntries(new Headers(headers)) } });
}

async function readAnswer(answer: Response): Promise<string> {
  return `${answer.status} ${await answer.text()}`;
}

/** The system gives a connection to whichever worker waits for one, and that may be the same each time. */
async function inTurns<T>(server: number, work: (turn: number) => Promise<T>): Promise<readonly T[]> {
  const workers = childrenOf(server).map(({ pid }) => pid);
  if (workers.length === 0) return [await work(0)];
  const results: T[] = [];
  for (const [turn, worker] of workers.entries()) {
    const others = workers.filter((pid) => pid !== worker);
    for (const pid of others) process.kill(pid, "SIGSTOP");
    try {
      await eventually(() => childrenOf(server).every(({ pid, state }) => pid === worker || state === "T"));
      results.push(await work(turn));
    } finally {
      for (const pid of others) process.kill(pid, "SIGCONT");
    }
  }
  return results;
}

/** A config by which statuses are set on the web alone, and a token of alice. */
async function prepareSetting(description: ApplicationDescription = { http: 0 }) {
  const config = write({ store: `file:${freshPath()}`, setter: { listen: [] }, ...description });
  const { out, code, err } = await runServer(["token", "issue", "alice", "--config", config]);
  expect([code, err]).toEqual([0, ""]);
  return { config, token: out.trim() };
}

describe.each(KINDS)("pages of a command %s", (_, workers, count) => {
  const fromEach = (answer: unknown) => Array(count).fill(answer);

  it("are of the users, in each form, at the address that the command is given", async () => {
    const users = writeFresh("alice: Happy and well\nbob: Out\n");
    const where = ["--port", "0", "--http", "127.0.0.1:0"];
    const server = await start(["--users", users, ...where, ...workers]);
    const page = await server.ask("/alice", { headers: { accept: "text/html" } });
    expect([page.status, page.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(await page.text()).toContain("Happy and well");
    expect(await (await server.ask("/alice.json")).json()).toMatchObject({ login: "alice", status: "Happy and well" });
    expect(await server.readEach("/alice.txt")).toEqual(fromEach("200 Happy and well\n"));
    expect(await (await server.ask("/.json")).json()).toMatchObject({ users: [{ login: "alice" }, { login: "bob" }] });
    const unknown = await server.ask("/carol", { headers: { accept: "application/json" } });
    expect([unknown.status, unknown.headers.get("content-type")]).toEqual([404, "application/problem+json"]);
    expect(await exchange(server.port, ["alice\r\n"])).toBe("Happy and well\r\n");
    server.child.kill("SIGTERM");
    expect(await server.ended).toMatchObject({ code: 0 });
  });

  it("are as the config says after a SIGHUP, at the port that is open", async () => {
    const users = writeFresh("alice: Happy and well\n");
    const path = write({ users, http: { listen: 0, title: "Crew" } });
    const server = await start(["--config", path, ...workers]);
    const readTitles = () =>
      server.withEach(async () => {
        const page = await server.ask("/", { headers: { accept: "text/html" } });
        return /<h1[^>]*>([^<]*)/.exec(await page.text())?.[1];
      });
    expect(await readTitles()).toEqual(fromEach("Crew"));
    write({ users, http: { listen: 0, title: "Team" } }, path);
    server.child.kill("SIGHUP");
    await expect.poll(readTitles, { timeout: 10_000 }).toEqual(fromEach("Team"));
    write({ users, list: false, http: { listen: 0, title: "Team" } }, path);
    server.child.kill("SIGHUP");
    await expect.poll(readTitles, { timeout: 10_000 }).toEqual(fromEach("Forbidden"));
    expect(await server.readEach("/alice.txt")).toEqual(fromEach("200 Happy and well\n"));
    expect(server.log().filter(({ level }) => level !== "info")).toEqual([]);
  });

  it("take statuses with a token, of which all of them know", async () => {
    const { config, token } = await prepareSetting();
    const server = await start(["--config", config, ...workers]);
    const put = (body: string, bearer: string) => {
      const headers = { authorization: `Bearer ${bearer}`, "content-type": "text/plain" };
      return server.ask("/alice", { method: "PUT", headers, body });
    };
    expect((await put("Mine", "not-the-token")).status).toBe(401);
    const readAll = () => server.readEach("/alice.txt");
    const statuses = await server.withEach(async (turn) => {
      const answer = await put(`On train ${turn}`, token);
      return [answer.status, ((await answer.json()) as { readonly status: string }).status];
    });
    expect(statuses).toEqual(Array.from({ length: count }, (_, turn) => [200, `On train ${turn}`]));
    await expect.poll(readAll, { timeout: 10_000 }).toEqual(fromEach(`200 On train ${count - 1}\n`));
    expect(await exchange(server.port, ["alice\r\n"])).toBe(`On train ${count - 1}\r\n`);
    const headers = { authorization: `Bearer ${token}` };
    expect((await server.ask("/alice", { method: "DELETE", headers })).status).toBe(204);
    const readStatuses = async () => (await readAll()).map((answer) => answer.slice(0, 3));
    await expect.poll(readStatuses, { timeout: 10_000 }).toEqual(fromEach("404"));
    expect((await server.ask("/alice", { method: "DELETE", headers })).status).toBe(404);
  });

  it("take statuses at a socket that was passed for them, of which the config says nothing, and after a SIGHUP", async () => {
    const { config, token } = await prepareSetting({});
    expect(await runServer(["--check", "--config", config])).toMatchObject({ code: 78 });
    const socket = await listen();
    const server = await start(["--config", config, ...workers], {
      before: ["sh", "-c", 'LISTEN_PID=$$ exec "$0" "$@"'],
      env: { ...process.env, LISTEN_FDS: "1", LISTEN_FDNAMES: "http" },
      stdio: ["ignore", "pipe", "pipe", socket.fd],
    });
    socket.server.close();
    const headers = { authorization: `Bearer ${token}`, "content-type": "text/plain" };
    const put = async () => (await server.ask("/alice", { method: "PUT", headers, body: "On the train" })).status;
    expect(await server.withEach(put)).toEqual(fromEach(200));
    server.child.kill("SIGHUP");
    await eventually(() => server.log().some(({ msg }) => msg === "the configuration was read again"));
    expect(await server.withEach(put)).toEqual(fromEach(200));
    expect(server.log().filter(({ level }) => level !== "info")).toEqual([]);
  });

  it("are at a Unix socket, which is gone when they are", async () => {
    const [users, path] = [writeFresh("alice: Happy and well\n"), `${freshPath()}.sock`];
    const config = write({ users, http: { address: path, mode: "660" } });
    const server = await start(["--config", config, ...workers]);
    expect(statSync(path).mode & 0o777).toBe(0o660);
    expect(await server.withEach(() => askAt(path, "/alice.txt"))).toEqual(fromEach("Happy and well\n"));
    server.child.kill("SIGTERM");
    expect(await server.ended).toMatchObject({ code: 0 });
    expect(existsSync(path)).toBe(false);
  });

  it("believe the proxies that the config names, and nobody else, who asks", async () => {
    const users = writeFresh("alice: Happy and well\n");
    const show: ApplicationDescription["show"] = [{ networks: ["192.0.2.0/24"], show: "all" }, { show: "hidden" }];
    const ask = async (proxies: readonly string[], headers: Record<string, string>) => {
      const config = write({ users, show, http: { listen: 0, proxies } });
      const server = await start(["--config", config, ...workers]);
      const { status } = await server.ask("/alice.txt", { headers });
      return status;
    };
    const forwarded = { "x-forwarded-for": "192.0.2.7" };
    expect(await ask(["127.0.0.1"], forwarded)).toBe(200);
    expect(await ask(["127.0.0.1"], {})).toBe(404);
    expect(await ask(["10.0.0.0/8"], forwarded)).toBe(404);
  });

  it("wait for an answer as long as the config says", async () => {
    const routes = { slow: { program: [writeScript("sleep 60"), "--", "{name}"] } };
    const limits = { lookupTime: 200, rate: false } as const;
    const server = await start(["--config", write({ routes, limits, http: 0 }), ...workers]);
    const statuses = await server.withEach(async () => {
      // Before the usual time of an answer is over.
      const { status } = await server.ask("/slow:alice", { signal: AbortSignal.timeout(8_000) });
      return status;
    });
    expect(statuses).toEqual(fromEach(503));
  });

  it("count what the config allows, each process by itself", async () => {
    const users = writeFresh("alice: Happy and well\n");
    const config = write({ users, http: { listen: 0, limits: { streams: 1 } } });
    const server = await start(["--config", config, ...workers]);
    const listen = async () => (await server.ask("/events")).status;
    const statuses = await server.withEach(async () => [await listen(), await listen()]);
    expect(statuses).toEqual(fromEach([200, 503]));
  });

  it("end with the command, and streams of events with them", async () => {
    const users = writeFresh("alice: Happy and well\n");
    const server = await start(["--users", users, "--port", "0", "--http", "0", ...workers]);
    const readers = await server.withEach(() => server.ask("/events"));
    const bodies = readers.map(({ body }) => body?.pipeThrough(new TextDecoderStream()).getReader());
    for (const body of bodies) expect(await body?.read()).toMatchObject({ done: false });
    server.child.kill("SIGTERM");
    for (const body of bodies) expect(await body?.read()).toMatchObject({ done: true });
    expect(await server.ended).toMatchObject({ code: 0 });
    expect(server.log().filter(({ level }) => level !== "info")).toEqual([]);
  });
});

/** Asks at a Unix socket. */
async function askAt(socketPath: string, path: string): Promise<string> {
  const asking = request({ socketPath, path, agent: false }).end();
  const [response] = (await once(asking, "response")) as [IncomingMessage];
  return text(response);
}

describeChromium(() => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  /** Opens a page, and keeps account of what it asks for, and of all that goes wrong. */
  async function open(url: string) {
    const tab = await (await browser.newContext()).newPage();
    const [asked, faults]: [string[], string[]] = [[], []];
    tab.on("request", (request) => asked.push(request.url()));
    tab.on("console", (message) => faults.push(message.text()));
    tab.on("pageerror", (error) => faults.push(String(error)));
    await tab.addInitScript(TELL_VIOLATIONS);
    await tab.goto(url);
    return { tab, asked, faults };
  }

  it("shows a page of the command, what changes on it, and sets a status by the keyboard alone", async () => {
    const { config, token } = await prepareSetting();
    const { origin, ask } = await start(["--config", config]);
    const headers = { authorization: `Bearer ${token}`, "content-type": "text/plain" };
    const put = (body: string) => ask("/alice", { method: "PUT", headers, body });
    await put("Painting");
    const { tab, asked, faults } = await open(`${origin}/alice`);
    expect(await tab.locator(".status").textContent()).toBe("Painting");
    await eventually(() => asked.some((url) => url.endsWith("/events") || url.includes("/events?")));
    await put("Playing croquet");
    await tab.locator(".status", { hasText: "Playing croquet" }).waitFor();

    await goTo(tab, "summary", "Set the status");
    await tab.keyboard.press("Enter");
    await goTo(tab, "#status");
    await tab.keyboard.press("Control+A");
    await tab.keyboard.type("Late for tea");
    await goTo(tab, "#token");
    await tab.keyboard.type(token);
    await tab.keyboard.press("Enter");
    await tab.locator(".status", { hasText: "Late for tea" }).waitFor();
    expect(await (await ask("/alice.txt")).text()).toBe("Late for tea\n");
    expect(tab.url()).toBe(`${origin}/alice`);
    expect([...new Set(asked.map((url) => new URL(url).origin))]).toEqual([origin]);
    expect(faults).toEqual([]);
    await tab.context().close();
  });
});

/** Goes on by the tabulator until something has the focus. */
async function goTo(tab: Page, selector: string, text = ""): Promise<void> {
  const hasFocus = `document.activeElement.matches(${JSON.stringify(selector)}) &&
    document.activeElement.textContent.includes(${JSON.stringify(text)})`;
  for (let stops = 0; stops < 30; stops++) {
    if (await tab.evaluate(hasFocus)) return;
    await tab.keyboard.press("Tab");
  }
  throw new Error(`The keyboard does not reach ${selector}.`);
}

const TELL_VIOLATIONS = `addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
  console.error("forbidden by " + violatedDirective + ": " + blockedURI);
})`;
