import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { createResponder } from "../create-responder.js";
import type { HttpReply } from "../http/http-reply.js";
import { isBodiless, isStream, leaveUnsent } from "../http/leave-unsent.js";
import type { Responder } from "../http/responder.js";
import type { FingerHandlerOptions } from "../options.js";
import { type KnownRequest, toHttpRequest } from "./node-request.js";
import { parseTarget } from "./request-target.js";
import { withVary } from "./send-reply.js";

/** What of Fastify is used here: its types need not be installed where it is not. */
export interface FastifyScope {
  readonly prefix: string;
  readonly log: { error(error: unknown): void };
  removeAllContentTypeParsers(): void;
  addContentTypeParser(type: string, parser: ParseContent): unknown;
  addHook(name: "preClose", hook: (done: () => void) => void): unknown;
  all(path: string, handler: (request: FastifyQuestion, reply: FastifyAnswer) => unknown): unknown;
}

/** A content type parser of Fastify. */
type ParseContent = (
  request: FastifyQuestion,
  payload: IncomingMessage,
  done: (error: null, body: unknown) => void,
) => void;

/** A request of Fastify. */
interface FastifyQuestion extends KnownRequest {
  readonly raw: IncomingMessage;
  readonly body?: unknown;
}

/** A reply of Fastify. */
interface FastifyAnswer {
  readonly raw: ServerResponse;
  readonly sent: boolean;
  code(status: number): unknown;
  getHeader(name: string): string | number | readonly string[] | undefined;
  headers(headers: Readonly<Record<string, string>>): unknown;
  send(body?: Uint8Array | Readable | undefined): unknown;
  callNotFound(): unknown;
}

/** What {@link fingerPlugin} takes, from Fastify's `register`. */
export interface FingerPluginOptions extends FingerHandlerOptions {
  /** Where the pages are: Fastify makes a scope of it. @default the root */
  readonly prefix?: string | undefined;
}

/**
 * Answers in Fastify 5, below the prefix that it is registered with. What it does not know goes to the handler of what is not
 * found, and what fails to that of errors.
 *
 * The app fails to start, with a `TypeError` or `RangeError`, when an option is wrong.
 *
 * @example
 * ```ts
 * import fastify from "fastify";
 *
 * const app = fastify();
 * app.register(fingerPlugin, { provider: memoryProvider({ alice: "Happy and well" }), prefix: "/finger" });
 * ```
 */
export function fingerPlugin(scope: FastifyScope, options: FingerPluginOptions, done: (error?: Error) => void): void {
  const { onError = (error) => scope.log.error(error) } = options;
  try {
    answerInFastify(scope, createResponder({ ...options, onError }), options.base);
    done();
  } catch (error) {
    // Fastify does not catch it.
    done(error as Error);
  }
}

/**
 * Has what is below the prefix of a scope answered: the hooks of others run, and nobody in front reads bodies. With a base it leaves
 * to others what is not below it, but WebFinger.
 */
export function answerInFastify(
  scope: FastifyScope,
  { respond, close }: Pick<Responder, "respond" | "close">,
  base = "",
): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser("*", (_, payload, done) => done(null, payload));
  // Fastify waits for connections to end, and streams do not end by themselves.
  scope.addHook("preClose", (done) => {
    close();
    done();
  });
  const answer = async (request: FastifyQuestion, reply: FastifyAnswer) => {
    const made = await respond(toQuestion(request, reply, scope.prefix));
    if (made === undefined) reply.callNotFound();
    else if (reply.sent || reply.raw.headersSent) await leaveUnsent(made);
    else await send(request, reply, made);
    return reply;
  };
  const root = base.replace(/\/$/, "");
  if (scope.prefix !== "" || root !== "") scope.all(root === "" ? "/" : root, answer);
  scope.all(`${root}/*`, answer);
  if (scope.prefix === "" && root !== "") scope.all("/.well-known/webfinger", answer);
}

function toQuestion(
  { raw, ip, protocol, hostname, body }: FastifyQuestion,
  { raw: response }: FastifyAnswer,
  prefix: string,
) {
  // Fastify may be told not to mind the case of a path.
  const mount = parseTarget(raw.url ?? "").path.slice(0, prefix.length);
  const stream = body instanceof Readable ? body : raw;
  return toHttpRequest(raw, response, { known: { ip, protocol, hostname }, mount, stream });
}

async function send({ raw: { method } }: FastifyQuestion, reply: FastifyAnswer, made: HttpReply): Promise<void> {
  const { status, headers, body } = made;
  reply.code(status);
  reply.headers(withVary(headers, reply.getHeader("vary")));
  if (method === "HEAD" || isBodiless(status)) {
    await leaveUnsent(made);
    reply.send();
  } else if (isStream(body)) {
    reply.raw.shouldKeepAlive = false; // as sendReply does
    reply.send(Readable.from(withHead(body)));
  } else reply.send(body);
}

/** Fastify sends the head with the first piece, which may be hours away: this begins with an empty one. */
function withHead(body: AsyncIterable<string>): AsyncIterableIterator<string> {
  const iterator = body[Symbol.asyncIterator]();
  let isBegun = false;
  return {
    next: () => {
      if (isBegun) return iterator.next();
      isBegun = true;
      return Promise.resolve({ value: "", done: false });
    },
    return: async () => (await iterator.return?.()) ?? { value: undefined, done: true },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
