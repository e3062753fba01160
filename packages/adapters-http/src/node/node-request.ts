import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Readable } from "node:stream";
import type { TLSSocket } from "node:tls";
import type { Peer } from "finger-server";
import { createBodyText } from "../http/body-text.js";
import { BodyError, type HttpRequest } from "../http/http-request.js";
import { isClosed, whenClosed } from "./closing.js";
import { writeParsedBody } from "./parsed-body.js";
import { parseTarget } from "./request-target.js";

/** What a framework knows of a request: Express and Connect write it on that itself. What they trust of a proxy is in it. */
export interface KnownRequest {
  readonly ip?: string | undefined;
  readonly protocol?: string | undefined;
  readonly hostname?: string | undefined;
  /** What a router has taken of the path. */
  readonly baseUrl?: string | undefined;
  readonly originalUrl?: string | undefined;
  /** What a parser has made of the body. */
  readonly body?: unknown;
}

/** What a binding tells of a request in place of the request itself. */
export interface RequestFacts {
  readonly known: KnownRequest;
  readonly mount: string;
  /** The body, which nobody has read. */
  readonly stream: Readable;
}

/** Takes a request of `node:http` for what it asks, whoever had it before. */
export function toHttpRequest(
  request: IncomingMessage,
  response: ServerResponse,
  facts?: RequestFacts | undefined,
): HttpRequest {
  return new NodeRequest(request, response, facts);
}

/** What is seldom asked for is made when it is: a signal, the address of the peer. */
class NodeRequest implements HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly search: string;
  readonly mount: string;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #known: KnownRequest;
  readonly #stream: Readable | undefined;
  #peer: Peer | undefined;
  #signal: AbortSignal | undefined;

  constructor(request: IncomingMessage, response: ServerResponse, facts: RequestFacts | undefined) {
    this.#request = request;
    this.#response = response;
    this.#known = facts?.known ?? (request as KnownRequest);
    this.#stream = facts?.stream;
    const { method = "GET", url = "/" } = request;
    const { originalUrl, baseUrl } = this.#known;
    const whole = parseTarget(originalUrl ?? url);
    this.method = method;
    this.search = whole.search;
    this.mount =
      facts?.mount ?? baseUrl ?? (originalUrl === undefined ? "" : toMount(whole.path, parseTarget(url).path));
    // Middleware in front may have written another URL, in which the mount is and in the original not.
    this.path = whole.path.startsWith(this.mount) ? whole.path : this.mount + parseTarget(url).path;
  }

  get origin(): string | undefined {
    const { protocol = (this.#request.socket as TLSSocket).encrypted ? "https" : "http" } = this.#known;
    const host = toHost(this.#known.hostname, this.#request.headers);
    return host === undefined ? undefined : `${protocol}://${host}`;
  }

  get peer(): Peer {
    this.#peer ??= toPeer(this.#request.socket, this.#known.ip);
    return this.#peer;
  }

  get signal(): AbortSignal {
    this.#signal ??= toSignal(this.#response);
    return this.#signal;
  }

  header(name: string): string | undefined {
    const value = this.#request.headers[name];
    return Array.isArray(value) ? value.join(", ") : value;
  }

  async body(most: number): Promise<string> {
    const stream = this.#stream ?? this.#request;
    const length = this.header("content-length");
    if (stream.readableDidRead) return writeParsedBody(this.#known.body, this.header("content-type") ?? "", most);
    // A parser has found nothing in it; it may have made an empty object of that.
    if (stream.readableEnded || length === "0") return "";
    return readStream(stream, most, length);
  }
}

/** What a router has taken of a path, when it has left the rest. Connect writes a slash where there was none. */
function toMount(path: string, rest: string): string {
  if (path.endsWith(rest)) return path.slice(0, path.length - rest.length);
  return rest === "/" ? path : "";
}

/** The host with its port, which frameworks leave out of a name. */
function toHost(name: string | undefined, headers: IncomingMessage["headers"]): string | undefined {
  if (name === undefined) return headers.host;
  const [forwarded] = String(headers["x-forwarded-host"] ?? "").split(",");
  return [headers.host, forwarded?.trim()].find((host) => host === name || host?.startsWith(`${name}:`)) ?? name;
}

function toPeer({ remoteAddress, remotePort }: Socket, ip = remoteAddress): Peer {
  // Who has gone, and who came by a Unix socket, behind which is a proxy with everybody, must not pass for somebody on this machine.
  if (ip === undefined) return { address: "", port: undefined };
  return { address: toAddress(ip), port: ip === remoteAddress ? remotePort : undefined };
}

/** An IPv4 address that came through an IPv6 port is that IPv4 address; a zone means something to this machine alone. */
function toAddress(ip: string): string {
  if (ip.startsWith("::ffff:") && ip.includes(".")) return ip.slice("::ffff:".length);
  const zone = ip.indexOf("%");
  return zone < 0 ? ip : ip.slice(0, zone);
}

function toSignal(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  const abort = () => {
    if (!response.writableFinished) controller.abort();
  };
  if (isClosed(response)) abort();
  else whenClosed(response, abort);
  return controller.signal;
}

/** Reads until it is too long. What is left over is the server's, which reads it away when the answer is sent. */
function readStream(stream: Readable, most: number, length: string | undefined): Promise<string> {
  return new Promise((resolve, reject) => {
    if (stream.destroyed) throw new BodyError("cut-off");
    const text = createBodyText(most, length);
    const leave = () => stream.off("data", onData).off("end", onEnd).off("close", onCut);
    const attempt = (step: () => void) => {
      try {
        step();
      } catch (error) {
        leave();
        stream.pause();
        reject(error);
      }
    };
    const onData = (chunk: Uint8Array | string) =>
      attempt(() => text.push(typeof chunk === "string" ? Buffer.from(chunk) : chunk));
    const onEnd = () =>
      attempt(() => {
        resolve(text.end());
        leave();
      });
    const onCut = () =>
      attempt(() => {
        throw new BodyError("cut-off");
      });
    // The last one stays: an error that comes later is nobody's any more.
    stream.on("data", onData).on("end", onEnd).on("close", onCut).on("error", onCut);
  });
}
