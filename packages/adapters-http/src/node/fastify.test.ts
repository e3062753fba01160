import { once } from "node:events";
import fastify from "fastify";
import { type LookupProvider, memoryProvider } from "finger-server";
import { afterEach, expect, it } from "vitest";
import { fingerPlugin } from "./fastify.js";

const apps: Array<{ close(): Promise<unknown> }> = [];
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
});

const provider: LookupProvider = {
  ...memoryProvider({ alice: "Happy and well" }),
  watch: async function* (signal) {
    await once(signal, "abort");
    yield { login: undefined };
  },
};

async function open(...prefixes: readonly (string | undefined)[]) {
  const app = fastify();
  apps.push(app);
  app.get("/app", async () => "the app's");
  app.post("/app", async ({ body }) => body);
  for (const prefix of prefixes) app.register(fingerPlugin, prefix === undefined ? { provider } : { provider, prefix });
  const origin = await app.listen({ port: 0, host: "127.0.0.1" });
  return { app, origin, get: async (path: string) => (await fetch(origin + path)).text() };
}

it("answers below its prefix, and leaves the rest to the app", async () => {
  const { get, origin } = await open("/finger", "/other");
  expect(await get("/finger/alice.txt")).toBe("Happy and well\n");
  expect(await get("/other/alice.txt")).toBe("Happy and well\n");
  expect((await fetch(`${origin}/alice.txt`)).status).toBe(404);
});

it("answers at the root beside the routes of the app, whose bodies are read as ever", async () => {
  const { get, origin } = await open(undefined);
  expect(await get("/alice.txt")).toBe("Happy and well\n");
  expect(await get("/app")).toBe("the app's");
  const headers = { "content-type": "application/json" };
  const response = await fetch(`${origin}/app`, { method: "POST", headers, body: '{"a":1}' });
  expect(await response.json()).toEqual({ a: 1 });
});

it("takes of the root no more than its base and WebFinger, when it has a base", async () => {
  const app = fastify();
  apps.push(app);
  app.get("/*", async () => "the app's");
  app.register(fingerPlugin, { provider, base: "/finger" });
  const origin = await app.listen({ port: 0, host: "127.0.0.1" });
  const get = async (path: string) => (await fetch(origin + path)).text();
  expect(await get("/finger/alice.txt")).toBe("Happy and well\n");
  expect(await get("/finger")).toContain("/finger/alice");
  expect(await get("/.well-known/webfinger?resource=acct:alice@127.0.0.1")).toContain("/finger/alice");
  expect([await get("/"), await get("/fingers")]).toEqual(["the app's", "the app's"]);
});

it("ends streams of events when the app is closed", async () => {
  const { app, origin } = await open("/finger");
  const response = await fetch(`${origin}/finger/events`);
  expect(response.status).toBe(200);
  await Promise.all([app.close(), response.text()]);
});

it("has the app fail to start when an option is wrong", async () => {
  const app = fastify();
  app.register(fingerPlugin, { provider, base: "finger/" });
  await expect(app.ready()).rejects.toThrow(/base/);
});

it("answers a request that no socket has brought", async () => {
  const { app } = await open("/finger");
  const { statusCode, body } = await app.inject("/finger/alice.txt");
  expect([statusCode, body]).toEqual([200, "Happy and well\n"]);
});
