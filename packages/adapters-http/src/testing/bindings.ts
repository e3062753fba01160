import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import express from "express";
import fastify from "fastify";
import { Hono } from "hono";
import { makeCertificate } from "../../../../tests/peers/support/certificate.js";
import { toFetchHandler } from "../http/fetch-request.js";
import type { Respond } from "../http/http-reply.js";
import { answerInFastify } from "../node/fastify.js";
import { type NodeHandler, toNodeHandler } from "../node/to-node-handler.js";
import { askHandler, askServer, type Client } from "./clients.js";

/** How an app has its finger. */
export interface AppSettings {
  /** Where it is mounted. @default at the root */
  readonly mount?: string | undefined;
  /** Puts parsers of JSON, forms and text in front, where the framework has such. @default none */
  readonly parsers?: boolean | undefined;
  /** Believes what a proxy says. @default no */
  readonly trustsProxy?: boolean | undefined;
}

/** An app that runs. */
export interface App {
  readonly client: Client;
  /** What listens; `undefined` when nothing does. */
  readonly server: Server | undefined;
  /** What went wrong, where no framework has heard of it. */
  readonly errors: readonly unknown[];
  close(): Promise<void>;
}

/** A binding, and what is different about it. */
export interface Binding {
  open(respond: Respond, settings?: AppSettings): Promise<App>;
  /** What its server speaks; left out when it has none. */
  readonly scheme?: "http" | "https";
  /** What is seen of `/finger/alice` when it is mounted at `/finger`; left out when nothing can be mounted there. */
  readonly mounted?: { readonly path: string; readonly mount: string };
  /** It has parsers to be put in front. */
  readonly hasParsers?: boolean;
  /** It can be told to believe a proxy. */
  readonly trusts?: boolean;
  /** Of these targets there is no question: something in front has refused them, or written them anew. */
  readonly notAsked?: readonly string[];
  /** What comes of what is not answered, and of what fails: a status and a text. */
  readonly next: readonly [status: number, text: string];
  readonly failure: readonly [status: number, text: string];
}

/** What the app does when it comes to it. */
const NEXT = [418, "next"] as const;
const FAILURE = [599, "the framework heard: no"] as const;
const OF_FRAMEWORK = { next: NEXT, failure: FAILURE };
const MOUNTED = { path: "/finger/alice", mount: "/finger" };

/** All of them. */
export const BINDINGS: Readonly<Record<string, Binding>> = {
  "Express 5": {
    open: (respond, settings) => openExpress(express, respond, settings),
    ...{ scheme: "http", mounted: MOUNTED, hasParsers: true, trusts: true, ...OF_FRAMEWORK },
  },
  "Express 4": {
    open: (respond, settings) => openExpress(load("express-4"), respond, settings),
    ...{ scheme: "http", mounted: MOUNTED, hasParsers: true, trusts: true, ...OF_FRAMEWORK },
  },
  Connect: {
    open: (respond, settings) => openConnect(respond, settings),
    ...{ scheme: "http", mounted: MOUNTED, hasParsers: true, notAsked: ["*"], ...OF_FRAMEWORK },
  },
  "Fastify 5": {
    open: (respond, settings) => openFastify(respond, settings),
    ...{
      scheme: "http",
      mounted: MOUNTED,
      trusts: true,
      notAsked: ["/%", "*", "http://x.example/y?z=1"],
      ...OF_FRAMEWORK,
    },
  },
  "node:http": {
    open: (respond) => openNode(respond, createServer),
    ...{
      scheme: "http",
      next: [404, "There is nothing here.\n"],
      failure: [500, "This could not be answered; the log says why.\n"],
    },
  },
  "node:https": {
    open: (respond) => openNode(respond, (listener) => createSecureServer(readCertificate(), listener)),
    ...{
      scheme: "https",
      next: [404, "There is nothing here.\n"],
      failure: [500, "This could not be answered; the log says why.\n"],
    },
  },
  fetch: {
    open: async (respond) => toApp(askHandler(catchAll(toFetchHandler(respond)))),
    ...{ notAsked: ["*", "/finger/%2e%2e/x"], ...OF_FRAMEWORK },
  },
  "Hono over fetch": {
    open: async (respond, settings) => toApp(askHandler(toHono(respond, settings))),
    ...{ mounted: { path: "/alice", mount: "" }, notAsked: ["*", "/finger/%2e%2e/x"], ...OF_FRAMEWORK },
  },
};

const load = createRequire(import.meta.url);

async function openExpress(framework: typeof express, respond: Respond, settings: AppSettings = {}): Promise<App> {
  const { mount = "/", parsers = false, trustsProxy = false } = settings;
  const app = framework();
  const errors: unknown[] = [];
  app.set("trust proxy", trustsProxy);
  app.use((_, response, next) => void next(response.cookie("a", "1").cookie("b", "2").vary("Origin") && undefined));
  if (parsers) app.use(express.json(), express.urlencoded({ extended: true }), express.text());
  app.use(mount, toNodeHandler({ respond, onError: (error) => errors.push(error) }));
  app.use((_, response) => void response.status(NEXT[0]).send(NEXT[1]));
  app.use(((error, _, response, next) => {
    if (response.headersSent) return next(error);
    response.status(FAILURE[0]).send(`the framework heard: ${error.message}`);
  }) as express.ErrorRequestHandler);
  app.set("env", "test"); // so that the last handler of errors prints nothing
  return listen(createServer(app as RequestListener), errors);
}

/** Connect, as it is used here; it brings no types. */
interface ConnectApp {
  use(mount: string, handler: NodeHandler): void;
  use(mount: string, handler: ErrorHandler): void;
}
type ErrorHandler = (error: Error, ...rest: Required<Parameters<NodeHandler>>) => void;

async function openConnect(respond: Respond, { mount = "/", parsers = false }: AppSettings = {}): Promise<App> {
  const app: ConnectApp & RequestListener = load("connect")();
  const errors: unknown[] = [];
  app.use("/", (_, response, next) => {
    response.setHeader("set-cookie", ["a=1", "b=2"]);
    response.setHeader("vary", "Origin");
    next?.();
  });
  if (parsers)
    for (const parse of [express.json(), express.urlencoded(), express.text()]) app.use("/", parse as NodeHandler);
  app.use(mount, toNodeHandler({ respond, onError: (error) => errors.push(error) }));
  app.use("/", (_, response) => void response.writeHead(NEXT[0]).end(NEXT[1]));
  app.use("/", (error: Error, _: IncomingMessage, response: ServerResponse, _next: () => void) => {
    if (response.headersSent) return void response.destroy();
    response.writeHead(FAILURE[0]).end(`the framework heard: ${error.message}`);
  });
  return listen(createServer(app), errors);
}

async function openFastify(respond: Respond, { mount = "", trustsProxy = false }: AppSettings = {}): Promise<App> {
  const app = fastify({ trustProxy: trustsProxy, forceCloseConnections: true });
  app.addHook("onRequest", async (_, reply) => {
    reply.header("set-cookie", ["a=1", "b=2"]).header("vary", "Origin");
  });
  app.setNotFoundHandler((_, reply) => void reply.code(NEXT[0]).type("text/plain").send(NEXT[1]));
  app.setErrorHandler((error: Error, _, reply) => {
    reply.code(FAILURE[0]).send(`the framework heard: ${error.message}`);
  });
  app.register(
    (scope, _, done) => {
      answerInFastify(scope, { respond, close: () => {} });
      done();
    },
    { prefix: mount },
  );
  await app.listen({ port: 0, host: "127.0.0.1" });
  return { ...toApp(askServer(toOrigin(app.server))), server: app.server, close: () => app.close() };
}

function openNode(respond: Respond, create: (listener: RequestListener) => Server): Promise<App> {
  const errors: unknown[] = [];
  const handle = toNodeHandler({ respond, onError: (error) => errors.push(error) });
  const listener: RequestListener = (request, response) => {
    response.setHeader("set-cookie", ["a=1", "b=2"]);
    response.setHeader("vary", "Origin");
    handle(request, response);
  };
  return listen(create(listener), errors);
}

let certificate: { readonly key: Buffer; readonly cert: Buffer } | undefined;

function readCertificate() {
  if (certificate === undefined) {
    const { key, cert } = makeCertificate("localhost");
    certificate = { key: readFileSync(key), cert: readFileSync(cert) };
  }
  return certificate;
}

/** What is mounted at the root of an app of Hono, whose server nobody needs for this. */
function toHono(respond: Respond, { mount }: AppSettings = {}): (request: Request) => Promise<Response> {
  const handle = toFetchHandler(respond);
  const app = new Hono();
  if (mount === undefined)
    app.all("*", async ({ req }, next) => (await handle(req.raw)) ?? (await next()) ?? undefined);
  else app.mount(mount, async (request) => (await handle(request)) as Response);
  app.notFound((context) => context.text(NEXT[1], NEXT[0]));
  app.onError((error) => new Response(`the framework heard: ${error.message}`, { status: FAILURE[0] }));
  return async (request) => app.fetch(request);
}

/** What an app of fetch does with what is not answered, and with what fails. */
function catchAll(handle: (request: Request) => Promise<Response | null>): (request: Request) => Promise<Response> {
  return async (request) => {
    try {
      return (await handle(request)) ?? new Response(NEXT[1], { status: NEXT[0] });
    } catch (error) {
      return new Response(`the framework heard: ${(error as Error).message}`, { status: FAILURE[0] });
    }
  };
}

function toApp(client: Client): App {
  return { client, server: undefined, errors: [], close: async () => {} };
}

async function listen(server: Server, errors: readonly unknown[]): Promise<App> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const close = async () => {
    const closed = once(server, "close");
    server.close();
    server.closeAllConnections();
    await closed;
  };
  return { client: askServer(toOrigin(server)), server, errors, close };
}

function toOrigin(server: Server): URL {
  const scheme = "setSecureContext" in server ? "https" : "http";
  return new URL(`${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`);
}
