import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { type LookupProvider, memoryProvider } from "finger-server";
import { afterEach, expect, it } from "vitest";
import { finger } from "./connect.js";

const closing: Array<() => void> = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  closing.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const provider: LookupProvider = {
  ...memoryProvider({ alice: "Happy and well" }),
  watch: async function* (signal) {
    await once(signal, "abort");
    yield { login: undefined };
  },
};

it("answers in an app of Express below where it is mounted, and leaves the rest to that", async () => {
  const app = express();
  app.use("/finger", finger({ provider }));
  app.use((_, response) => void response.status(418).send("the app's"));
  const origin = await serve(app);
  expect(await (await fetch(`${origin}/finger/alice.txt`)).text()).toBe("Happy and well\n");
  expect(await (await fetch(`${origin}/alice.txt`)).text()).toBe("the app's");
});

it("answers a bare server, and tells it nothing of what fails", async () => {
  const origin = await serve(finger({ provider }));
  expect(await (await fetch(`${origin}/alice.txt`)).text()).toBe("Happy and well\n");
  expect((await fetch(`${origin}/a/b/c/d`)).status).toBe(404);
});

it("ends streams of events when it is closed", async () => {
  const middleware = finger({ provider });
  const origin = await serve(middleware);
  const response = await fetch(`${origin}/events`);
  expect(response.headers.get("content-type")).toMatch(/^text\/event-stream/);
  middleware.close();
  await response.text();
});

it("says which option is wrong where it is given", () => {
  expect(() => finger({ provider, base: "finger/" })).toThrow(/base/);
});
