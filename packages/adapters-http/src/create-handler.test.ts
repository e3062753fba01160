import { FingerError, type FingerUser } from "finger-protocol";
import {
  createSetter,
  type LookupContext,
  type LookupProvider,
  memoryProvider,
  memoryStore,
  redact,
  storeProvider,
} from "finger-server";
import { describe, expect, it, vi } from "vitest";
import { createFingerHandler } from "./create-handler.js";
import type { FingerHandlerOptions } from "./options.js";

const ALICE: FingerUser = { login: "alice", name: "Alice Liddell", status: "Happy and well", plan: "To the moon.\n" };
const users = memoryProvider([ALICE, { login: "bob", status: "Out" }]);

/** Asks a handler for a path, as a peer from elsewhere. */
function open(options: Partial<FingerHandlerOptions> = {}) {
  const errors: unknown[] = [];
  const handle = createFingerHandler({ provider: users, onError: (error) => errors.push(error), ...options });
  const ask = (path: string, init?: RequestInit, address = "192.0.2.1") =>
    handle(new Request(`http://localhost${path}`, init), { peer: { address, port: 1 } });
  const get = async (path: string, headers: Record<string, string> = {}) => {
    const response = await ask(path, { headers });
    if (response === null) throw new Error(`${path} is not its own.`);
    return response;
  };
  return { handle, ask, get, errors };
}

/** Status, media type and text of what comes back. */
async function read(response: Response | null): Promise<[status: number, type: string | null, text: string]> {
  if (response === null) throw new Error("It is not its own.");
  return [response.status, response.headers.get("content-type"), await response.text()];
}

const HTML = "text/html; charset=utf-8";
const JSON_TYPE = "application/json";
const TEXT = "text/plain; charset=utf-8";
const PROBLEM = "application/problem+json";
const BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8";

describe("what is asked for", () => {
  const ROWS: ReadonlyArray<[path: string, accept: string | undefined, status: number, type: string, part: string]> = [
    ["/alice", BROWSER, 200, HTML, "Happy and well"],
    ["/alice", undefined, 200, HTML, "To the moon."],
    ["/alice", "application/json", 200, JSON_TYPE, '"status":"Happy and well"'],
    ["/alice", "text/plain", 200, TEXT, "Happy and well\n"],
    ["/alice.json", "text/html", 200, JSON_TYPE, '"login":"alice"'],
    ["/alice.txt", "text/html", 200, TEXT, "To the moon."],
    ["/bob.txt", undefined, 200, TEXT, "Out\n"],
    ["/~alice", "application/json", 200, JSON_TYPE, '"login":"alice"'],
    ["/", BROWSER, 200, HTML, 'href="/alice"'],
    ["/", "application/json", 200, JSON_TYPE, '{"users":[{"login":"alice"'],
    ["/.json", undefined, 200, JSON_TYPE, '"login":"bob"'],
    ["/.txt", undefined, 200, TEXT, "bob    "],
    ["/feed.atom", undefined, 200, "application/atom+xml; charset=utf-8", "<feed "],
    ["/alice/feed.json", undefined, 200, "application/feed+json", "Happy and well"],
    ["/openapi.json", undefined, 200, JSON_TYPE, '"openapi":"3.1'],
    [
      "/.well-known/webfinger?resource=acct:alice@localhost",
      undefined,
      200,
      "application/jrd+json",
      "acct:alice@localhost",
    ],
    ["/nobody", BROWSER, 404, HTML, "There is no such user."],
    ["/nobody", undefined, 404, PROBLEM, '"status":404'],
    ["/nobody", "text/plain", 404, TEXT, "There is no such user.\n"],
    ["/nobody.json", undefined, 404, PROBLEM, '"title":"Not Found"'],
    ["/nobody/feed.atom", undefined, 404, PROBLEM, "There is no such user."],
    ["/alice", "image/png", 406, PROBLEM, "text/html, application/json, text/plain"],
    ["/a%00b", undefined, 400, PROBLEM, "control character"],
    ["/%zz", undefined, 400, PROBLEM, "percent sign"],
    [`/${"a".repeat(1025)}`, undefined, 404, PROBLEM, "There is no such user."],
    ["/%20alice", undefined, 404, PROBLEM, "There is no such user."],
    ["/alice@elsewhere", undefined, 404, PROBLEM, "There is no such user."],
    ["/%2FW%20alice", undefined, 404, PROBLEM, "There is no such user."],
    ["/events", undefined, 404, PROBLEM, "Nobody tells of changes here."],
    ["/@plan.example/alice", undefined, 404, PROBLEM, "Other servers are not asked from here."],
    ["/.well-known/webfinger?resource=alice", undefined, 400, PROBLEM, '"status":400'],
    ["/.well-known/webfinger?resource=acct:alice@elsewhere", undefined, 404, PROBLEM, '"status":404'],
  ];

  it.each(ROWS)("%s, for %j, is %d %s with %j", async (path, accept, status, type, part) => {
    const { get } = open();
    const [gotStatus, gotType, text] = await read(await get(path, accept === undefined ? {} : { accept }));
    expect([gotStatus, gotType]).toEqual([status, type]);
    expect(text).toContain(part);
  });

  it.each(["/alice/plan", "//alice", "/a/b/c", "/.well-known/other"])("%s is somebody else's", async (path) => {
    expect(await open().ask(path)).toBeNull();
  });

  it("is below the base, and WebFinger at the root", async () => {
    const { ask, get } = open({ base: "/people/", origin: "https://plan.example" });
    for (const path of ["/alice", "/peoples", "/peoplex/alice"]) expect(await ask(path)).toBeNull();
    expect((await get("/people/alice.txt")).status).toBe(200);
    expect(await (await get("/people")).text()).toContain('href="/people/alice"');
    const jrd = await (await get("/.well-known/webfinger?resource=acct:alice@plan.example")).json();
    expect(jrd).toMatchObject({
      subject: "acct:alice@plan.example",
      aliases: ["https://plan.example/people/alice", "finger://plan.example/alice"],
    });
  });

  it("has one address", async () => {
    const { ask } = open({ base: "/people" });
    expect((await ask("/people/~~x/"))?.headers.get("location")).toBe("/people/~~x");
    const response = await ask("/people/alice/");
    expect([response?.status, response?.headers.get("location")]).toEqual([308, "/people/alice"]);
    expect((await ask("/people/%5Cevil.example/"))?.headers.get("location")).toBe("/people/%5Cevil.example");
  });

  it("names no host that only the peer has named", async () => {
    const { get } = open();
    for (const path of ["/alice", "/", "/feed.atom", "/feed.json", "/alice.json", "/openapi.json", "/nobody"]) {
      const headers = { host: "evil.example", "x-forwarded-host": "evil.example" };
      expect(await (await get(path, headers)).text()).not.toMatch(/localhost|evil\.example/);
    }
  });
});

describe("an answer", () => {
  it("is not sent again to who has it", async () => {
    const { ask, get } = open();
    for (const path of ["/alice", "/alice.json", "/alice.txt", "/", "/feed.atom", "/openapi.json"]) {
      const etag = (await get(path)).headers.get("etag") ?? "";
      expect(etag).toMatch(/^"[0-9a-f]{32}"$/);
      for (const sent of [etag, `W/${etag}`, `"x", ${etag}`, "*"]) {
        const again = await get(path, { "if-none-match": sent });
        expect([again.status, await again.text(), again.headers.get("etag")]).toEqual([304, "", etag]);
        expect((await get(path, { "if-match": '"x"' })).status).toBe(412);
        expect((await get(path, { "if-match": etag })).status).toBe(200);
        expect(again.headers.get("content-length")).toBeNull();
      }
      expect((await get(path, { "if-none-match": '"x"' })).status).toBe(200);
      expect((await ask(path, { method: "HEAD", headers: { "if-none-match": etag } }))?.status).toBe(304);
    }
  });

  it("has another tag in each form, and when the user has changed", async () => {
    const user = { login: "alice", status: "In" };
    const { get } = open({ provider: () => user });
    const tag = async (accept: string) => (await get("/alice", { accept })).headers.get("etag");
    const before = [await tag("text/html"), await tag("application/json"), await tag("text/plain")];
    expect(new Set(before).size).toBe(3);
    user.status = "Out";
    expect(await tag("application/json")).not.toBe(before[1]);
  });

  it("is checked again before it is used, and by no cache that others share", async () => {
    const { headers } = await open().get("/alice.json");
    expect(Object.fromEntries(headers)).toMatchObject({
      "cache-control": "private, no-cache",
      vary: "accept",
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
    });
  });

  it("to HEAD is that to GET without its body", async () => {
    const { ask, get } = open();
    for (const path of [
      "/alice",
      "/alice.json",
      "/",
      "/nobody",
      "/feed.atom",
      "/.well-known/webfinger?resource=acct:alice@localhost",
    ]) {
      const [head, whole] = [await ask(path, { method: "HEAD" }), await get(path)];
      expect([head?.status, await head?.text()]).toEqual([whole.status, ""]);
      expect(Object.fromEntries(head?.headers ?? [])).toEqual(Object.fromEntries(whole.headers));
    }
  });
});

describe("a method", () => {
  const ROWS: ReadonlyArray<[method: string, path: string, status: number, allow: string]> = [
    ["POST", "/alice", 405, "GET, HEAD, OPTIONS"],
    ["PUT", "/", 405, "GET, HEAD, OPTIONS"],
    ["DELETE", "/feed.atom", 405, "GET, HEAD, OPTIONS"],
    ["GET", "/RPC2", 405, "POST, OPTIONS"],
    ["POST", "/.well-known/webfinger", 405, "GET, HEAD, OPTIONS"],
    ["constructor", "/alice", 405, "GET, HEAD, OPTIONS"],
    ["OPTIONS", "/alice", 204, "GET, HEAD, OPTIONS"],
    ["OPTIONS", "/RPC2", 204, "POST, OPTIONS"],
  ];

  it.each(ROWS)("%s %s is answered with %d, and %s", async (method, path, status, allow) => {
    const response = await open().ask(path, { method });
    expect([response?.status, response?.headers.get("allow")]).toEqual([status, allow]);
  });
});

describe("pages of other origins", () => {
  const origin = "https://other.example";
  const preflight = { method: "OPTIONS", headers: { origin, "access-control-request-method": "PUT" } };

  it("may read nothing but WebFinger", async () => {
    const { get, ask } = open();
    expect((await get("/alice.json", { origin })).headers.get("access-control-allow-origin")).toBeNull();
    expect((await ask("/alice", preflight))?.headers.get("access-control-allow-methods")).toBeNull();
    for (const resource of ["acct:alice@localhost", "acct:bob@elsewhere", "x"]) {
      const { headers } = await get(`/.well-known/webfinger?resource=${resource}`, { origin });
      expect(headers.get("access-control-allow-origin")).toBe("*");
    }
  });

  it("may read where they are allowed to, and ask whether they may set", async () => {
    const { get, ask } = open({ cors: [origin], store: memoryStore(), setter: createSetter({ store: memoryStore() }) });
    const headers = (await get("/alice.json", { origin })).headers;
    expect([headers.get("access-control-allow-origin"), headers.get("vary")]).toEqual([origin, "accept, origin"]);
    const { headers: others } = await get("/alice.json", { origin: "https://evil.example" });
    expect([others.get("access-control-allow-origin"), others.get("vary")]).toEqual([null, "accept, origin"]);
    const asked = (await ask("/alice", preflight))?.headers;
    expect(asked?.get("access-control-allow-methods")).toContain("PUT");
    expect(asked?.get("access-control-allow-headers")).toContain("authorization");
    expect((await open({ cors: "*" }).get("/nobody", { origin })).headers.get("access-control-allow-origin")).toBe("*");
  });
});

describe("a provider", () => {
  it("that fails is told to who hears of errors, and not to the peer", async () => {
    const error = new Error("password is hunter2 at /srv/secret");
    const { get, errors } = open({
      provider: { lookup: () => Promise.reject(error), list: () => Promise.reject(error) },
    });
    for (const path of [
      "/alice",
      "/",
      "/alice/feed.atom",
      "/feed.json",
      "/.well-known/webfinger?resource=acct:a@localhost",
    ]) {
      const response = await get(path);
      const text = await response.text();
      expect([response.status, response.headers.get("retry-after")]).toEqual([503, "10"]);
      expect(text).toContain("Internal error in server");
      expect(text).not.toMatch(/hunter2|secret|Error:|\.ts/);
    }
    expect(errors).toEqual([error, error, error, error, error]);
  });

  it("that throws at once, or gives what is no answer, has failed too", async () => {
    for (const lookup of [
      () => {
        throw new Error("no");
      },
      () => 42 as never,
      () => ({ name: "nobody" }) as never,
      () => ({ login: 5 }) as never,
    ]) {
      const { get, errors } = open({ provider: lookup });
      expect([(await get("/alice")).status, errors.length]).toEqual([503, 1]);
    }
  });

  it("that gives a field that is none is answered without it, and nobody else suffers", async () => {
    const row = {
      login: "a",
      name: 5,
      status: null,
      statusAt: "yesterday",
      planAt: new Date("x"),
      sessions: null,
      plan: "Tea.",
    };
    const provider = { lookup: async () => row as never, list: async () => [row as never, ALICE] };
    const { get, errors } = open({ provider });
    expect(await (await get("/a.json")).json()).toEqual({ login: "a", plan: "Tea." });
    expect(errors.map(String)).toEqual([
      expect.stringContaining('gave "a" a name that is none'),
      expect.stringContaining("a statusAt that is none"),
      expect.stringContaining("a planAt that is none"),
    ]);
    for (const path of ["/", "/.txt", "/feed.atom", "/a", "/a.txt", "/a/feed.json"]) {
      expect((await get(path)).status).toBe(200);
    }
  });

  it("that gives no list for its list has failed", async () => {
    const { get, errors } = open({ provider: { lookup: users.lookup, list: async () => ({}) as never } });
    expect((await get("/")).status).toBe(503);
    expect(errors).toMatchObject([{ code: "ERR_FINGER_PROVIDER" }]);
  });

  it("that gives records of a class is asked for each peer", async () => {
    class Row {
      readonly #peer: string | undefined;
      constructor(peer: string | undefined) {
        this.#peer = peer;
      }
      get login() {
        return "a";
      }
      get status() {
        return `for ${this.#peer}`;
      }
    }
    const { ask } = open({ provider: (_, { peer }) => new Row(peer.address) });
    const text = async (address: string) => (await ask("/a.json", {}, address))?.text();
    expect([await text("192.0.2.1"), await text("192.0.2.2")]).toEqual([
      '{"login":"a","status":"for 192.0.2.1"}\n',
      '{"login":"a","status":"for 192.0.2.2"}\n',
    ]);
  });

  it("that answers with a stream when nobody waits any more has it ended", async () => {
    let give: (stream: AsyncIterable<string>) => void = () => {};
    const returned = vi.fn(async () => ({ value: undefined, done: true as const }));
    const { get } = open({
      limits: { lookupTime: 1 },
      provider: () =>
        new Promise((resolve) => {
          give = resolve;
        }),
    });
    expect((await get("/log.txt")).status).toBe(503);
    give({ [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}), return: returned }) });
    await vi.waitFor(() => expect(returned).toHaveBeenCalledOnce());
  });

  it("that takes too long is given up, and hears of it", async () => {
    let heard: unknown;
    const { get } = open({
      limits: { lookupTime: 1 },
      provider: (_, { signal }) =>
        new Promise(() => {
          signal.addEventListener("abort", () => {
            heard = signal.reason;
          });
        }),
    });
    expect((await get("/alice")).status).toBe(503);
    expect(heard).toMatchObject({ code: "ERR_FINGER_TIMEOUT" });
  });

  it("hears when the peer has gone, and that is nobody's fault", async () => {
    const gone = new AbortController();
    const { ask, errors } = open({
      provider: (_, { signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason));
          gone.abort();
        }),
    });
    await ask("/alice", { signal: gone.signal }).catch(() => {});
    expect(errors).toEqual([]);
  });

  it("is asked in the name of the peer, and for all there is", async () => {
    const lookup = vi.fn(async (_: string, { verbose, peer }: LookupContext) => `${verbose} ${peer.address}`);
    const { get } = open({ provider: { lookup } });
    expect(await (await get("/alice.txt")).text()).toBe("true 192.0.2.1\n");
  });

  it("that has no list, or is not to give it, refuses that in the words of finger", async () => {
    const denied = new FingerError("ERR_FINGER_DENIED", "not for you");
    for (const options of [
      { provider: { lookup: users.lookup } },
      { list: false },
      { provider: { ...users, list: () => Promise.reject(denied) } },
    ]) {
      const { get, errors } = open(options);
      for (const path of ["/", "/feed.atom"]) {
        expect(await read(await get(path))).toEqual([
          403,
          PROBLEM,
          expect.stringContaining("Finger online user list denied"),
        ]);
      }
      expect(errors).toEqual([]);
    }
  });
});

describe("who is not known", () => {
  it("cannot be told from who is hidden, or refused", async () => {
    const denied = () => Promise.reject(new FingerError("ERR_FINGER_DENIED", "not for you"));
    const hidden = redact(users, [{ users: ["bob"], show: "hidden" }, { show: "all" }]);
    const provider: LookupProvider = {
      lookup: async (name, context) => (name === "carol" ? denied() : hidden.lookup(name, context)),
    };
    const { get } = open({ provider });
    const answers = await Promise.all(["nobody", "bob", "carol"].map(async (name) => read(await get(`/${name}`))));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  });

  it("is asked for so often by one peer, who then learns nothing of others either", async () => {
    const { ask } = open({ limits: { misses: 6 } });
    const status = async (name: string, address?: string) => (await ask(`/${name}`, {}, address))?.status;
    expect([await status("a"), await status("b"), await status("alice")]).toEqual([404, 404, 429]);
    expect([
      await status("alice", "192.0.2.2"),
      await status("a", "127.0.0.1"),
      await status("a", "127.0.0.1"),
    ]).toEqual([200, 404, 404]);
  });

  it("cannot be told from who is refused by how often one may ask, either", async () => {
    const denied = new FingerError("ERR_FINGER_DENIED", "not for you");
    const { ask } = open({ limits: { misses: 3 }, provider: () => Promise.reject(denied) });
    expect([(await ask("/a"))?.status, (await ask("/a"))?.status]).toEqual([404, 429]);
  });

  it("includes who is shown to this machine alone, for one of whom nothing is known", async () => {
    const provider = redact(users, [{ networks: ["local", "127.0.0.0/8"], show: "all" }, { show: "hidden" }]);
    const handle = createFingerHandler({ provider });
    expect((await handle(new Request("http://localhost/alice")))?.status).toBe(404);
  });

  it("may be several users, who are told of only if that is wanted", async () => {
    const provider = () => [ALICE, { login: "alicia" }];
    expect((await open({ provider }).get("/ali")).status).toBe(404);
    const [status, , text] = await read(await open({ provider, ambiguity: "list" }).get("/ali.json"));
    expect([status, JSON.parse(text).users.length]).toEqual([300, 2]);
    expect((await open({ provider: () => [ALICE] }).get("/ali.json")).status).toBe(200);
  });
});

describe("a text", () => {
  it("is all there is", async () => {
    const { get } = open({ provider: (name) => `I am ${name}\x1b[31m\r\nindeed` });
    expect(await read(await get("/x.txt"))).toEqual([200, TEXT, "I am x\nindeed\n"]);
    expect(await read(await get("/x.json"))).toEqual([
      200,
      JSON_TYPE,
      `${JSON.stringify({ login: "x", text: "I am x\nindeed" })}\n`,
    ]);
    expect((await read(await get("/x")))[2]).toContain("I am x\nindeed");
  });

  it("that comes piece by piece is sent so, with control characters made visible", async () => {
    let unread = 0;
    /** Counts those that nobody has returned, begun or not. */
    const tell = () => {
      unread++;
      const pieces = ["one\x1b[", "2J\n", "two"];
      const end = () => {
        unread--;
        return { value: undefined, done: true } as const;
      };
      return {
        next: async () => (pieces.length > 0 ? { value: pieces.shift() as string, done: false } : end()),
        return: async () => end(),
        [Symbol.asyncIterator]() {
          return this;
        },
      };
    };
    const { get, ask } = open({ provider: tell });
    expect(await read(await get("/log", { accept: BROWSER }))).toEqual([200, TEXT, "one^[[2J\r\ntwo\r\n"]);
    const { headers, body } = await get("/log");
    expect(headers.get("etag")).toBeNull();
    await body?.cancel();
    await ask("/log", { headers: { accept: "application/json" } });
    await ask("/log", { method: "HEAD" });
    expect((await get("/log.json")).status).toBe(406);
    expect((await get("/log/feed.atom")).status).toBe(404);
    expect((await get("/.well-known/webfinger?resource=acct:log@localhost")).status).toBe(200);
    expect(unread).toBe(0);
  });
});

describe("changes", () => {
  function openStore() {
    const store = memoryStore();
    const accounts = memoryProvider(["alice", "bob"].map((login) => ({ login })));
    return { store, provider: storeProvider(store, { accounts }) };
  }

  it("are told to who listens, as they come", async () => {
    const { store, provider } = openStore();
    const { get, handle } = open({ provider });
    const response = await get("/events?login=alice");
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "text/event-stream"]);
    expect(response.headers.get("cache-control")).toBe("no-store");
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).toMatch(/^retry: \d+\nid: /);
    await store.put("bob", "Out");
    await store.put("alice", "In");
    expect((await reader?.read())?.value).toMatch(/^id: .*\nevent: change\ndata: \{"login":"alice"\}\n\n$/);
    handle.close();
    expect((await reader?.read())?.done).toBe(true);
  });

  it("are told to those alone who may see whom they are of", async () => {
    const { provider } = openStore();
    expect((await open({ provider }).get("/events?login=nobody")).status).toBe(404);
    expect((await open({ provider, list: false }).get("/events")).status).toBe(403);
  });

  it("name no login to all that not everybody may see", async () => {
    const { store, provider: all } = openStore();
    const isHere = (peer: { readonly address: string | undefined }) => peer.address === "192.0.2.1";
    const provider = redact(all, (login, peer) =>
      login === "bob" && !isHere(peer) && peer.address !== undefined ? "hidden" : "all",
    );
    const { get } = open({ provider });
    const reader = (await get("/events")).body?.pipeThrough(new TextDecoderStream()).getReader();
    await reader?.read();
    await store.put("bob", "Out");
    expect((await reader?.read())?.value).toContain('data: {"login":null}');
    await store.put("alice", "In");
    expect((await reader?.read())?.value).toContain('data: {"login":"alice"}');
    await reader?.cancel();
  });

  it("are followed by the pages", async () => {
    const { provider } = openStore();
    const { get } = open({ provider, base: "/people" });
    expect(await (await get("/people/alice")).text()).toContain('"/people/events?login=alice"');
    expect(await (await get("/people/")).text()).toContain('"/people/events"');
    expect(await (await open().get("/alice")).text()).not.toContain("/events");
  });
});

describe("other servers", () => {
  const gateway: LookupProvider = {
    lookup: async (name) => {
      if (name === "fail@plan.example") throw new FingerError("ERR_FINGER_CONNECT", "10.0.0.1 refused");
      if (name === "slow@plan.example") throw new FingerError("ERR_FINGER_TIMEOUT", "10.0.0.1 is slow");
      if (name === "alice@10.0.0.1") throw new FingerError("ERR_FINGER_DENIED", "10.0.0.1 is private");
      return (async function* () {
        yield `Login: alice\t\t\tName: <b>${name}</b>\x1b]0;`;
        yield "pwned\x07\r\nPlan:\r\nhttp://a.example/\r\n";
      })();
    },
  };

  it("are asked, and what they say is made harmless", async () => {
    const { get } = open({ gateway });
    const text = "Login: alice\t\t\tName: <b>alice@plan.example</b>\nPlan:\nhttp://a.example/\n";
    expect(await read(await get("/@plan.example/alice", { accept: "text/plain" }))).toEqual([200, TEXT, text]);
    const json = await (await get("/@plan.example/alice", { accept: "application/json" })).json();
    expect(json).toMatchObject({ target: "alice@plan.example", text, users: [{ login: "alice" }] });
    const page = await get("/@plan.example/alice", { accept: "text/html" });
    expect(await page.text()).toContain("&lt;b&gt;alice@plan.example&lt;/b&gt;");
    expect(page.headers.get("x-robots-tag")).toBe("noindex, nofollow");
  });

  it.each([
    ["/@plan.example/fail", 502],
    ["/@plan.example/slow", 504],
    ["/@10.0.0.1/alice", 403],
    ["/@/alice", 400],
    ["/@a@b/alice", 400],
    ["/@plan.example/%2FW%20alice", 400],
    ["/@plan.example/a%0d%0ab", 400],
    ["/@plan%0d%0a.example/a", 400],
  ])("%s is answered with %d, and no word of why", async (path, status) => {
    const response = await open({ gateway }).get(path);
    expect(response.status).toBe(status);
    expect(await response.text()).not.toContain("10.0.0.1");
  });

  it("are asked so often for one peer", async () => {
    const { get } = open({ gateway, limits: { gateway: 3 } });
    expect([(await get("/@plan.example/a")).status, (await get("/@plan.example/a")).status]).toEqual([200, 429]);
  });
});

describe("the past", () => {
  it("is told to who is told the present as it is kept, and to nobody else", async () => {
    const store = memoryStore();
    await store.put("alice", "Fired Bob");
    await store.put("alice", "Out: fired Carol");
    const told = storeProvider(store);
    const tell = (rewrite: (user: FingerUser) => FingerUser): LookupProvider => ({
      lookup: async (name, context) => rewrite((await told.lookup(name, context)) as FingerUser),
    });
    const text = async (provider: LookupProvider) => (await open({ provider, store }).get("/alice/feed.json")).text();
    expect(await text(tell((user) => user))).toContain("Fired Bob");
    for (const rewrite of [
      (user: FingerUser) => ({ ...user, status: "Out" }),
      ({ statusAt: _, ...user }: FingerUser) => user,
      ({ status: _, ...user }: FingerUser) => user,
    ]) {
      expect(await text(tell(rewrite))).not.toMatch(/Fired Bob|fired Carol(?!")/);
    }
  });
});

describe("an option that is wrong", () => {
  const ROWS: ReadonlyArray<[options: Partial<FingerHandlerOptions>, message: string]> = [
    [{ base: "people" }, 'base must be a path such as /finger, but is "people".'],
    [{ base: "//evil" }, "base must be"],
    [{ origin: "plan.example" }, "origin must be such as https://plan.example"],
    [{ origin: "https://plan.example/people" }, "origin must be"],
    [{ hosts: ["a/b"] }, "hosts must be"],
    [{ cors: ["a"] }, "origin must be"],
    [{ ambiguity: "all" as never }, 'ambiguity must be "refuse" or "list"'],
    [{ provider: {} as never }, "provider must have a function lookup"],
    [{ provider: undefined as never }, "provider must have a function lookup, but is undefined."],
    [{ gateway: {} as never }, "gateway must have a function lookup"],
    [{ store: {} as never }, "store must have a function get"],
    [{ list: "no" as never }, 'list must be true or false, but is "no".'],
    [{ hosts: "a" as never }, "hosts must be a list of hosts"],
    [{ onError: "x" as never }, 'onError must be a function, but is "x".'],
    [{ pages: { person: "x" as never } }, 'pages.person must be a function, but is "x".'],
    [{ pages: { people: () => {} } as never }, "There is no pages.people"],
    [{ pages: { style: "</style>" } }, "The option pages.style cannot hold"],
    [{ limits: { misses: 0 } }, "The limit misses must be"],
    [{ limits: { other: 1 } as never }, "There is no limit other"],
    [{ setter: createSetter({ store: memoryStore() }) }, "The option setter needs the option store"],
  ];

  it.each(ROWS)("%o is told: %s", (options, message) => {
    expect(() => createFingerHandler({ provider: users, ...options })).toThrow(message);
  });
});
