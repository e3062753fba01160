import { once } from "node:events";
import { type ClientRequest, type IncomingMessage, request as requestPlain } from "node:http";
import { request as requestSecure } from "node:https";
import { text } from "node:stream/consumers";

/** What is asked. */
interface Question {
  /** @default "GET" */
  readonly method?: string | undefined;
  /** As it is to be sent: a path, or a URL. @default "/finger/alice" */
  readonly target?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** In pieces: several are sent chunked. */
  readonly body?: readonly (string | Uint8Array)[] | undefined;
}

/** What came back. */
interface Heard {
  readonly status: number;
  /** Each value of each name. */
  readonly header: (name: string) => readonly string[];
  readonly text: string;
}

/** A stream that has begun. */
interface Followed {
  readonly status: number;
  /** The next piece; `undefined` at the end. */
  next(): Promise<string | undefined>;
  leave(): void;
}

/** Asks an app. */
export interface Client {
  /** Where it asks; `undefined` when there is no server. */
  readonly origin: URL | undefined;
  ask(question?: Question): Promise<Heard>;
  /** Asks, and leaves the answer unread but for what is asked for. */
  follow(question?: Question): Promise<Followed>;
}

/** Asks over sockets. */
export function askServer(origin: URL): Client {
  const open = async (question: Question) => {
    const request = toClientRequest(origin, question);
    // An answer may come before all is sent.
    const [[response]] = await Promise.all([once(request, "response"), sendBody(request, question)]);
    return response as IncomingMessage;
  };
  return {
    origin,
    ask: async (question = {}) => {
      const response = await open(question);
      const header = (name: string) => [response.headers[name] ?? []].flat();
      return { status: response.statusCode ?? 0, header, text: await text(response) };
    },
    follow: async (question = {}) => {
      const response = await open(question);
      response.on("error", () => {});
      const pieces = response.setEncoding("utf8")[Symbol.asyncIterator]();
      return {
        status: response.statusCode ?? 0,
        next: async () => (await pieces.next()).value,
        leave: () => void response.destroy(),
      };
    },
  };
}

function toClientRequest(origin: URL, { method = "GET", target = "/finger/alice", headers }: Question): ClientRequest {
  const request = origin.protocol === "https:" ? requestSecure : requestPlain;
  const { hostname: host, port } = origin;
  return request({ host, port, method, path: target, headers, agent: false, ...TRUSTING });
}

async function sendBody(request: ClientRequest, { body = [] }: Question): Promise<void> {
  if (body.length > 1) for (const piece of body) await new Promise((resolve) => request.write(piece, resolve));
  request.end(body.length === 1 ? body[0] : undefined);
}

/** Of the server's certificate nothing is known to anybody. */
const TRUSTING = { rejectUnauthorized: false };

/** Asks a function of fetch. */
export function askHandler(handle: (request: Request) => Promise<Response>): Client {
  return {
    origin: undefined,
    ask: async (question = {}) => {
      const response = await handle(toRequest(question, new AbortController().signal));
      const header = (name: string) => {
        const value = response.headers.get(name);
        return value === null ? [] : [value];
      };
      return { status: response.status, header, text: await response.text() };
    },
    follow: async (question = {}) => {
      const response = await handle(toRequest(question, new AbortController().signal));
      const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
      return {
        status: response.status,
        next: async () => (await reader?.read())?.value,
        leave: () => void reader?.cancel(),
      };
    },
  };
}

function toRequest(
  { method = "GET", target = "/finger/alice", headers, body }: Question,
  signal: AbortSignal,
): Request {
  const url = target.startsWith("/") ? `http://localhost${target}` : target;
  const init: RequestInit = { method, headers: { host: "localhost", ...headers }, signal };
  if (body === undefined) return new Request(url, init);
  return new Request(url, {
    ...init,
    body: body.length === 1 ? toBody(body[0] ?? "") : toStream(body),
    duplex: "half",
  });
}

function toBody(piece: string | Uint8Array): string | Uint8Array<ArrayBuffer> {
  return piece as string | Uint8Array<ArrayBuffer>;
}

function toStream(pieces: readonly (string | Uint8Array)[]): ReadableStream {
  const encoder = new TextEncoder();
  return new ReadableStream({
    start: (controller) => {
      for (const piece of pieces) controller.enqueue(typeof piece === "string" ? encoder.encode(piece) : piece);
      controller.close();
    },
  });
}
