import { FingerError } from "finger-protocol";
import { createSetter, memoryProvider, memoryStore, type SetterOptions, storeProvider } from "finger-server";
import { describe, expect, it } from "vitest";
import { createFingerHandler } from "../create-handler.js";

type Body = NonNullable<RequestInit["body"]>;

/** A handler with a store in which alice has a status, and a token. */
async function open(options: Partial<SetterOptions> = {}) {
  const store = memoryStore();
  await store.put("alice", "Happy and well");
  const accounts = memoryProvider({ alice: { name: "Alice" }, bob: {} });
  const authenticate = (login: string, token: string | undefined) => token === `${login}-token`;
  const setter = createSetter({ store, authenticate, onError: () => {}, ...options });
  const provider = storeProvider(store, { accounts });
  const handle = createFingerHandler({ provider, store, setter, onError: () => {} });
  const ask = async (path: string, init: RequestInit = {}) => {
    const response = await handle(new Request(`http://localhost${path}`, init), {
      peer: { address: "192.0.2.1", port: 1 },
    });
    if (response === null) throw new Error("It is not its own.");
    return response;
  };
  const put = (path: string, body: Body, headers: Record<string, string> = {}) =>
    ask(path, { method: "PUT", body, headers: { authorization: "Bearer alice-token", ...headers } });
  const text = async () => (await store.get("alice"))?.text;
  return { store, ask, put, text };
}

/** What a browser sends with a form of ours. */
const FORM = { "sec-fetch-site": "same-origin", accept: "text/html" };

function toForm(fields: Record<string, string>, headers: Record<string, string> = FORM): RequestInit {
  return { method: "POST", body: new URLSearchParams(fields), headers };
}

describe("PUT", () => {
  const TAKEN: ReadonlyArray<[type: string | undefined, body: string, status: string, why: string]> = [
    ["text/plain", "On the train\n", "On the train", "the end of the last line is nobody's"],
    ["text/plain; charset=utf-8", "Ça va\r\n🙂\r\n", "Ça va\n🙂", "lines end in LF"],
    [undefined, "Out", "Out", "who says nothing sends text"],
    ["application/json", '{"status":"In"}', "In", "a program"],
    ["application/json", '{"status":"In","ttl":60,"other":1}', "In", "for a minute"],
    ["text/plain", "", "", "a status may be empty"],
  ];

  it.each(TAKEN)("sets what comes as %j, %j: %s", async (type, body, status) => {
    const { put, text } = await open();
    const bytes = new TextEncoder().encode(body);
    const response = await put("/alice", bytes, type === undefined ? {} : { "content-type": type });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ login: "alice", status, statusAt: expect.stringMatching(/Z$/) });
    expect(await text()).toBe(status);
  });

  it("sets it for as long as is said", async () => {
    const { put, store } = await open();
    await put("/alice", '{"status":"In","ttl":60}', { "content-type": "application/json" });
    const stored = await store.get("alice");
    expect((stored?.expires?.getTime() ?? 0) - (stored?.at.getTime() ?? 0)).toBe(60_000);
  });

  const REFUSED: ReadonlyArray<
    [path: string, headers: Record<string, string>, body: string | Uint8Array, status: number, detail: string]
  > = [
    ["/alice", { authorization: "" }, "x", 401, "Authorization: Bearer TOKEN"],
    ["/alice", { authorization: "Basic YWxpY2U6YWxpY2UtdG9rZW4=" }, "x", 401, "Authorization: Bearer TOKEN"],
    ["/alice", { authorization: "Bearer bob-token" }, "x", 401, "not the token of alice"],
    ["/bob", {}, "x", 401, "not the token of bob"],
    ["/nobody", {}, "x", 401, "not the token of nobody"],
    ["/alice", { "content-type": "image/png" }, "x", 415, "text/plain"],
    ["/alice", { "content-type": "application/x-www-form-urlencoded" }, "status=x", 415, "text/plain"],
    ["/alice", { "content-type": "application/json" }, "{", 400, "no JSON"],
    ["/alice", { "content-type": "application/json" }, '{"text":"x"}', 400, '\\"status\\"'],
    ["/alice", { "content-type": "application/json" }, '{"status":"x","ttl":-1}', 400, '\\"ttl\\"'],
    ["/alice", { "content-type": "application/json" }, '{"status":"x","ttl":1e999}', 400, '\\"ttl\\"'],
    ["/alice", { "content-type": "application/json" }, '{"status":"x","ttl":1e300}', 400, "ttl"],
    ["/alice", { "content-type": "application/json" }, '{"status":"x","ttl":0.0001}', 400, "ttl"],
    ["/alice", {}, "a\x1b[31m", 400, "control character"],
    ["/alice", {}, new Uint8Array([0xff]), 400, "not UTF-8"],
    ["/alice", {}, "x".repeat(65_537), 413, "65536 bytes"],
    ["/alice", { "content-encoding": "gzip" }, "x", 415, "Content-Encoding"],
    ["/alice", { "content-range": "bytes 0-0/1" }, "x", 400, "part"],
    ["/a%00", {}, "x", 400, "control character"],
    ["/a@b", {}, "x", 404, "no such user"],
  ];

  it.each(REFUSED)("%s with %o and %j is answered with %d: %s", async (path, headers, body, status, detail) => {
    const { put, text } = await open();
    const response = await put(path, body as Body, headers);
    expect([response.status, response.headers.get("content-type")]).toEqual([status, "application/problem+json"]);
    expect(await response.text()).toContain(detail);
    expect(response.headers.get("www-authenticate")?.startsWith("Bearer ") ?? false).toBe(status === 401);
    expect(await text()).toBe("Happy and well");
  });

  it("takes a token also from this machine: behind a proxy everybody is there", async () => {
    const store = memoryStore();
    const handle = createFingerHandler({ provider: storeProvider(store), store, setter: createSetter({ store }) });
    for (const headers of [{}, { authorization: "Bearer x" }]) {
      const request = new Request("http://localhost/alice", { method: "PUT", body: "x", headers });
      expect((await handle(request, { peer: { address: "127.0.0.1", port: 1 } }))?.status).toBe(401);
    }
    expect(await store.get("alice")).toBeUndefined();
  });

  it("is refused to who tries too many tokens, or sets too often", async () => {
    const guesser = await open({ limits: { failures: 3 } });
    const guess = async (token: string) =>
      (await guesser.put("/alice", "x", { authorization: `Bearer ${token}` })).status;
    expect([await guess("a"), await guess("b"), await guess("alice-token")]).toEqual([401, 429, 429]);
    const often = await open({ limits: { rate: 1 } });
    await often.put("/alice", "x");
    const late = await often.put("/alice", "y");
    expect([late.status, late.headers.get("retry-after")]).toEqual([429, "60"]);
  });

  it("says that it is not stored, and not why, when the store fails", async () => {
    const broken = {
      ...memoryStore(),
      put: () => Promise.reject(new FingerError("ERR_FINGER_STORE", "/srv/x is full")),
    };
    for (const [put, detail] of [
      [broken.put, "Nothing has changed"],
      [() => Promise.reject(new FingerError("ERR_FINGER_IO", "/srv/x broke")), "Perhaps nothing has changed"],
      [() => Promise.reject(new Error("/srv/x")), "Perhaps nothing has changed"],
    ] as const) {
      const opened = await open({ store: { ...broken, put } });
      const response = await opened.put("/alice", "x");
      const said = await response.text();
      expect(response.status).toBe(503);
      expect(said).toContain(detail);
      expect(said).not.toContain("/srv");
    }
  });
});

describe("If-Match", () => {
  it("sets only what was seen, in whatever form", async () => {
    for (const path of ["/alice", "/alice.json", "/alice.txt"]) {
      const { ask, put, text } = await open();
      const etag = (await ask(path, { headers: { accept: "text/html" } })).headers.get("etag") ?? "";
      expect((await put("/alice", "One", { "if-match": etag })).status).toBe(200);
      const late = await put("/alice", "Two", { "if-match": etag });
      expect([late.status, await text()]).toEqual([412, "One"]);
    }
  });

  it("sets the first status of somebody whose page was seen", async () => {
    const { ask, put } = await open();
    const etag = (await ask("/bob.json")).headers.get("etag") ?? "";
    const headers = { authorization: "Bearer bob-token", "if-match": etag };
    expect((await put("/bob", "One", headers)).status).toBe(200);
    expect((await put("/bob", "Two", headers)).status).toBe(412);
  });

  const ROWS: ReadonlyArray<[path: string, headers: Record<string, string>, status: number, why: string]> = [
    ["/alice", { "if-match": '"x"' }, 412, "another tag"],
    ["/alice", { "if-match": "*" }, 200, "there is one"],
    ["/bob", { "if-match": "*" }, 412, "there is none"],
    ["/alice", { "if-none-match": "*" }, 412, "there is one"],
    ["/bob", { "if-none-match": "*" }, 200, "there is none"],
    ["/alice", { "if-none-match": '"x"' }, 200, "it is another one"],
  ];

  it.each(ROWS)("%s with %o is answered with %d: %s", async (path, headers, status) => {
    const { put } = await open();
    const authorization = `Bearer ${path.slice(1)}-token`;
    expect((await put(path, "x", { authorization, ...headers })).status).toBe(status);
  });

  it("tells who has no right to set it nothing of the status", async () => {
    const { put } = await open();
    for (const path of ["/alice", "/bob", "/nobody"]) {
      for (const headers of [{ "if-match": "*" }, { "if-match": '"x"' }, { "if-none-match": "*" }]) {
        const { status } = await put(path, "x", { authorization: `Bearer guess${path.length}`, ...headers });
        expect([401, 429]).toContain(status);
      }
    }
  });

  it("lets one of many at once through", async () => {
    const { ask, put } = await open();
    const etag = (await ask("/alice.json")).headers.get("etag") ?? "";
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) => put("/alice", `${n}`, { "if-match": etag })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(9).fill(412)]);
  });
});

describe("DELETE", () => {
  const remove = (headers: Record<string, string> = {}) => ({
    method: "DELETE",
    headers: { authorization: "Bearer alice-token", ...headers },
  });

  it("forgets a status, once", async () => {
    const { ask, text } = await open();
    expect((await ask("/alice", remove())).status).toBe(204);
    expect(await text()).toBeUndefined();
    expect((await ask("/alice", remove())).status).toBe(404);
  });

  it("is refused as PUT is", async () => {
    const { ask, text } = await open();
    expect((await ask("/alice", remove({ authorization: "" }))).status).toBe(401);
    expect((await ask("/alice", remove({ authorization: "Bearer x" }))).status).toBe(401);
    expect((await ask("/alice", remove({ "if-match": '"x"' }))).status).toBe(412);
    expect((await ask("/alice", remove({ "if-none-match": "*" }))).status).toBe(412);
    expect(await text()).toBe("Happy and well");
  });
});

describe("the form", () => {
  it("is on the page, and sets a status", async () => {
    const { ask, text } = await open();
    expect(await (await ask("/alice", { headers: FORM })).text()).toContain('<form method="post" action="/alice"');
    const response = await ask("/alice", toForm({ status: "On the train\r\nto work", token: " alice-token " }));
    expect([response.status, response.headers.get("location")]).toEqual([303, "/alice"]);
    expect(await text()).toBe("On the train\nto work");
  });

  it("comes back with what was written, and what is wrong with it", async () => {
    const { ask, text } = await open();
    const response = await ask("/alice", toForm({ status: "<b>On the train", token: "wrong" }));
    const page = await response.text();
    expect([response.status, response.headers.get("cache-control")]).toEqual([401, "no-store"]);
    expect(page).toContain("&lt;b&gt;On the train</textarea>");
    expect(page).toContain("that is not the token of alice");
    expect(page).not.toContain('value="wrong"');
    expect(await text()).toBe("Happy and well");
  });

  it("keeps what was written also when the user is gone meanwhile, or nothing can be told", async () => {
    const store = memoryStore();
    const setter = createSetter({ store, authenticate: () => false });
    const handle = createFingerHandler({ provider: storeProvider(store), store, setter });
    const request = new Request("http://localhost/alice", toForm({ status: "On the train", token: "x" }));
    const response = await handle(request);
    expect([response?.status, await response?.text()]).toEqual([
      401,
      expect.stringContaining("On the train</textarea>"),
    ]);
  });

  it("has a status in it", async () => {
    const { ask, text } = await open();
    expect((await ask("/alice", toForm({ token: "alice-token" }))).status).toBe(400);
    expect(await text()).toBe("Happy and well");
  });

  const OTHERS: ReadonlyArray<[headers: Record<string, string>, status: number, why: string]> = [
    [{ "sec-fetch-site": "cross-site" }, 403, "another site"],
    [{ "sec-fetch-site": "same-site" }, 403, "another host of the site"],
    [{ "sec-fetch-site": "none" }, 403, "no page has sent it"],
    [{ origin: "https://evil.example", host: "localhost" }, 403, "another origin, as older browsers say"],
    [{ origin: "null", host: "localhost" }, 403, "a page in a frame without rights"],
    [{ origin: "https://localhost", host: "localhost" }, 303, "a page of ours, behind a proxy that speaks TLS"],
    [{}, 303, "who is no browser"],
    [{ origin: "http://localhost" }, 303, "a page of ours, where no header names the host"],
  ];

  it.each(OTHERS)("with %o is answered with %d: %s", async (headers, status) => {
    const { ask } = await open();
    const response = await ask("/alice", toForm({ status: "x", token: "alice-token" }, headers));
    expect(response.status).toBe(status);
  });

  it("is a form, and nothing else", async () => {
    const { ask } = await open();
    const json = { method: "POST", body: "{}", headers: { ...FORM, "content-type": "application/json" } };
    expect((await ask("/alice", json)).status).toBe(415);
    expect((await ask("/alice.json", toForm({}))).status).toBe(405);
  });
});
