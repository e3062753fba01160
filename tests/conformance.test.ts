import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { finger } from "finger-client";
import { formatUser, formatUserList, parseQuery, sanitize } from "finger-protocol";
import {
  commandProvider,
  createFingerServer,
  type FingerServerOptions,
  forwardProvider,
  memoryProvider,
  type QueryEvent,
  redact,
} from "finger-server";
import { afterEach, expect, it } from "vitest";
import { repository } from "./peers/support/network.js";
import { exchange, listenWith } from "./support/sockets.js";

// RFC 1288, demand by demand: each row of docs/conformance.md names one of these tests.

const closing: Array<() => unknown> = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

const alice = {
  login: "alice",
  name: "Alice Liddell",
  office: "Room 42",
  officePhone: "5551234",
  homePhone: "5558675309",
  sessions: [{ tty: "pts/0", since: new Date("2026-11-22T16:36:00Z"), idle: 120 }],
  plan: "Down the hole.",
};
const users = memoryProvider([alice, { login: "bob", name: "Bob Builder" }]);

async function serve(options: Partial<FingerServerOptions> = {}): Promise<number> {
  const server = createFingerServer({ provider: users, ...options });
  closing.push(() => server.close({ drain: 0 }));
  return (await server.listen({ port: 0 })).port;
}

const ask = async (line: string, options?: Partial<FingerServerOptions>) => exchange(await serve(options), [line]);

/** A finger server of somebody else's, which answers with what it was asked; resolves to its port. */
async function listenAsNextHop(): Promise<number> {
  const { port, server } = await listenWith((socket) => {
    socket.once("data", (line) => socket.end(`asked ${JSON.stringify(String(line))}\r\n`));
  });
  closing.push(() => server.close());
  return port;
}

const forwardTo = (port: number) => forwardProvider({ hosts: ["localhost"], port });

it("2.1 flow: one line is asked, it is answered, and the server closes first", async () => {
  const socket = connect({ port: await serve(), host: "127.0.0.1", allowHalfOpen: true });
  socket.write("bob\r\nalice\r\n");
  let text = "";
  socket.on("data", (piece) => {
    text += piece;
  });
  await once(socket, "end");
  expect(text).toContain("Bob");
  expect(text).not.toContain("Alice");
  expect(socket.writable).toBe(true);
  socket.end();
});

it("2.1 flow: the client sends one line and closes behind the answer", async () => {
  const heard: string[] = [];
  const { port, server } = await listenWith((socket) => {
    socket.on("data", (bytes) => {
      heard.push(String(bytes));
      socket.write("half ");
      setImmediate(() => socket.end("whole\r\n"));
    });
    socket.on("end", () => heard.push("closed"));
  });
  closing.push(() => server.close());
  expect((await finger(`alice@127.0.0.1:${port}`)).text).toBe("half whole\n");
  await expect.poll(() => heard).toEqual(["alice\r\n", "closed"]);
});

it("2.2 lines end in CRLF, whatever the provider wrote", async () => {
  expect(await ask("x\r\n", { provider: () => "one\ntwo\rthree\r\nfour" })).toBe("one\r\ntwo\r\nthree\r\nfour\r\n");
});

it("2.2 bytes from 128 to 255 are real international text, and keep their eighth bit", async () => {
  expect(await ask("zoë\r\n", { provider: (name) => `${name} sends 👋` })).toBe("zoë sends 👋\r\n");
});

it("2.3 the whole query grammar is accepted", async () => {
  const asked: unknown[] = [];
  const keep = (name: string, { verbose }: { verbose: boolean }) => {
    asked.push([name, verbose]);
    return "known";
  };
  const port = await serve({
    provider: { lookup: async (...args) => keep(...args), list: async () => [] },
    forward: keep,
  });
  const lines = ["alice", "/W alice", "@host", "alice@host", "/W alice@h1@h2", "/W @host"];
  for (const line of lines) expect(await exchange(port, [`${line}\r\n`])).toBe("known\r\n");
  for (const line of ["", "/W"]) expect(await exchange(port, [`${line}\r\n`])).toMatch(/No one|^$/);
  expect(asked).toEqual([
    ["alice", false],
    ["alice", true],
    ["@host", false],
    ["alice@host", false],
    ["alice@h1@h2", true],
    ["@host", true],
  ]);
});

it("2.3 no number of hosts is too many", () => {
  const hosts = Array.from({ length: 200 }, (_, index) => `h${index}`);
  expect(parseQuery(["alice", ...hosts].join("@"))).toMatchObject({ kind: "forward", user: "alice", hosts });
});

it("2.3 what a person writes as user@host reaches the host as user", async () => {
  const port = await listenAsNextHop();
  expect((await finger(`alice@127.0.0.1:${port}`)).text).toBe('asked "alice\\r\\n"\n');
  expect((await finger(`alice@h1@127.0.0.1:${port}`)).text).toBe('asked "alice@h1\\r\\n"\n');
});

it("2.3 what is sloppy is accepted, and never taken for a list", async () => {
  for (const line of [
    "alice\n",
    " alice \r\n",
    "/w alice\r\n",
    "/Walice\r\n",
    "alice /W\r\n",
    "\talice\r\n",
    "alice\r",
  ]) {
    expect(await ask(line)).toMatch(/^Login: alice /);
  }
});

it("2.4 a query for another host is refused, and not taken for a local one", async () => {
  expect(await ask("alice@host\r\n")).toBe("Finger forwarding service denied\r\n");
});

it("2.4 a query is passed on to the right-most host, without that host", async () => {
  const forward = forwardProvider({ hosts: ["localhost"], port: await listenAsNextHop(), maxHops: 2 });
  expect(await ask("alice@h1@localhost\r\n", { forward })).toBe('asked "alice@h1\\r\\n"\r\n');
});

it("2.4 all that the next host answers is returned, as it comes", async () => {
  let finish = () => {};
  const { port, server } = await listenWith((socket) => {
    socket.write("first\r\n");
    finish = () => socket.end("last");
  });
  closing.push(() => server.close());
  const socket = connect(await serve({ forward: forwardTo(port) }), "127.0.0.1");
  socket.write("alice@localhost\r\n");
  const [first] = await once(socket, "data");
  expect(String(first)).toBe("first\r\n");
  finish();
  const [last] = await once(socket, "data");
  expect(String(last)).toMatch(/^last/);
  socket.destroy();
});

it("2.4 the connection is closed when the next host has closed, and not before", async () => {
  let close = () => {};
  const { port, server } = await listenWith((socket) => {
    socket.write("so far\r\n");
    close = () => socket.end();
  });
  closing.push(() => server.close());
  const socket = connect(await serve({ forward: forwardTo(port) }), "127.0.0.1");
  let hasEnded = false;
  socket.on("end", () => {
    hasEnded = true;
  });
  socket.write("alice@localhost\r\n");
  await once(socket, "data");
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
  expect(hasEnded).toBe(false);
  socket.resume();
  close();
  await once(socket, "close");
  expect(hasEnded).toBe(true);
});

it("2.5 answers are for people to read", async () => {
  expect(await ask("bob\r\n")).toBe("Login: bob            \t\t\tName: Bob Builder\r\nNo Plan.\r\n");
});

it("2.5.1 a list is given, with the full name of each user", async () => {
  const list = await ask("\r\n");
  expect(list).toContain("Alice Liddell");
  expect(list).toContain("Bob Builder");
});

it("2.5.1 a list is refused where there is none", async () => {
  expect(await ask("\r\n", { provider: { lookup: users.lookup } })).toBe("Finger online user list denied\r\n");
});

it("2.5.1 a list has the terminal, the office, its phone and the idle time, where they are known", async () => {
  expect(await ask("\r\n")).toMatch(/alice .*pts\/0 +2 .* Room 42 +555-1234/);
});

it("2.5.2 an answer has at least the full name", async () => {
  expect(await ask("alice\r\n")).toContain("Name: Alice Liddell");
});

it("2.5.2 of a user who is on, an answer has at least what the list has", () => {
  const list = formatUserList([alice], { layout: "netkit" }).split("\n")[1] ?? "";
  const answer = formatUser(alice, { layout: "netkit" });
  for (const word of ["alice", "Alice Liddell", "pts/0", "Room 42", "555-1234"]) {
    expect(list).toContain(word);
    expect(answer).toContain(word);
  }
});

it("2.5.2 an answer has office, phones, the login and the plan, where they are known", async () => {
  const answer = await ask("alice\r\n");
  for (const fact of ["Office: Room 42, 555-1234", "Home Phone: 555-867-5309", "On since", "Plan:\r\nDown the hole."]) {
    expect(answer).toContain(fact);
  }
});

it("2.5.2 plans can be switched off", async () => {
  expect(await ask("alice\r\n", { format: { plans: false } })).not.toContain("hole");
});

it("2.5.2 no program runs unless the operator says so", async () => {
  expect(await ask("$(id)\r\n")).toBe("finger: $(id): no such user.\r\n");
  const provider = commandProvider(["/bin/echo", "--", "{name}"]);
  expect(await ask("$(id)\r\n", { provider })).toMatch(/^(-- )?\$\(id\)\r\n$/);
});

it("2.5.3 names are what the provider says they are", async () => {
  const provider = (name: string) => `<${name}>`;
  for (const name of ["weather:oslo", "search?gemini", "user+dir", "Alice Liddell", "名前", "-l"]) {
    expect(await ask(`${name}\r\n`, { provider })).toBe(`<${name}>\r\n`);
  }
});

it("2.5.3 the operator chooses what is told of a name that several users share", async () => {
  const provider = async () => [alice, { login: "bob", name: "Bob Builder" }];
  expect(await ask("b\r\n", { provider })).toBe("finger: b: no such user.\r\n");
  expect(await ask("b\r\n", { provider, ambiguity: "list" })).toContain("Bob Builder");
  expect(await ask("b\r\n", { provider, ambiguity: "all" })).toContain("Down the hole.");
});

it("2.5.4 /W reaches the provider, and the last host of a chain", async () => {
  expect(await ask("/W x\r\n", { provider: (_, { verbose }) => `verbose: ${verbose}` })).toBe("verbose: true\r\n");
  const forward = forwardTo(await listenAsNextHop());
  expect(await ask("/W alice@localhost\r\n", { forward })).toBe('asked "/W alice\\r\\n"\r\n');
});

it("3.1 malformed input is withstood", async () => {
  const port = await serve();
  const garbage = [
    "\0\r\n",
    "\xff\xff\r\n",
    "@".repeat(500),
    `${"A".repeat(5000)}\r\n`,
    "%s%n\r\n",
    "../../etc/passwd\r\n",
  ];
  for (const line of garbage) expect(await exchange(port, [line, "\r\n"])).toMatch(/refused|no such user/);
  expect(await exchange(port, ["bob\r\n"])).toMatch(/Bob|Too many/);
});

it("3.2.1 forwarding can be switched on, and is off with its text", async () => {
  expect(await ask("a@localhost\r\n")).toBe("Finger forwarding service denied\r\n");
  expect(await ask("a@localhost\r\n", { forward: forwardTo(await listenAsNextHop()) })).toBe('asked "a\\r\\n"\r\n');
});

it("3.2.1 forwarding that is on asks no private host that is not listed", async () => {
  const forward = forwardProvider({ port: await listenAsNextHop() });
  for (const host of ["localhost", "127.0.0.1", "[::1]", "10.0.0.1"]) {
    expect(await ask(`a@${host}\r\n`, { forward })).toBe("Finger forwarding service denied\r\n");
  }
});

it("3.2.2 lists can be switched off, with their text", async () => {
  expect(await ask("\r\n", { list: false })).toBe("Finger online user list denied\r\n");
});

it("3.2.3 the operator chooses which facts are told, down to the full name", async () => {
  const provider = redact(users, [{ show: ["name"] }]);
  expect(await ask("alice\r\n", { provider })).toBe("Login: alice          \t\t\tName: Alice Liddell\r\nNo Plan.\r\n");
});

it("3.2.3 the operator chooses which facts are told to whom", async () => {
  const provider = redact(users, [{ networks: ["127.0.0.0/8"], show: "all" }, { show: "hidden" }]);
  expect(await ask("alice\r\n", { provider })).toContain("Room 42");
  const server = createFingerServer({ provider });
  const query = { kind: "user", user: "alice", verbose: false } as const;
  expect(await server.respond(query, { address: "192.0.2.1", port: 7 })).toBe("finger: alice: no such user.\n");
});

it("3.2.4 a plan commands no terminal", async () => {
  const provider = memoryProvider({ alice: { plan: "\x1b]0;pwned\x07\x9b31m" } });
  expect(await ask("alice\r\n", { provider })).toContain("^[]0;pwned^GM-^[31m");
});

it("3.2.5 a user program cannot compromise the system: no shell, no option, no environment", async () => {
  const provider = commandProvider(["/usr/bin/printenv", "--", "{name}"]);
  expect(await ask("PATH\r\n", { provider, onError: () => {} })).toBe("Internal error in server\r\n");
  expect(await ask("--help\r\n", { provider, onError: () => {} })).toBe("Internal error in server\r\n");
});

it("3.2.6 an ambiguous name is refused like a list", async () => {
  expect(await ask("b\r\n", { provider: async () => [alice, alice] })).toBe("finger: b: no such user.\r\n");
});

it("3.2.7 queries can be logged, and nothing in them upsets a log", async () => {
  const events: QueryEvent[] = [];
  const port = await serve({ onQuery: (event) => events.push(event) });
  await exchange(port, ["a\x1b\tb\r\n"]);
  await expect.poll(() => events).toMatchObject([{ query: "a\\x1b\\x09b", peer: { address: "127.0.0.1" } }]);
});

it("3.3 the client shows what is printable, and filters the rest", () => {
  expect(sanitize("tab\tand\r\nline\x07\x1b[2J\x9b31mred\u202e")).toBe("tab\tand\nlinered");
});

it("names each of these tests in docs/conformance.md, and no other", () => {
  const titles = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, title = ""]) => title).sort();
  const here = readFileSync(repository("tests/conformance.test.ts"), "utf8");
  const page = readFileSync(repository("docs/conformance.md"), "utf8");
  expect(new Set(titles(page, /\| `(\d[^`]*)` +\|/g))).toEqual(new Set(titles(here, /^it\("(\d[^"]*)"/gm)));
});
