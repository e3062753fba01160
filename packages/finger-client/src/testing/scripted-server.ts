import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { lookAround, play, reset } from "./play.js";
import { readLine } from "./read-line.js";
import type { Reply } from "./steps.js";

/**
 * What to answer to which query line: a record, or a function that is given the line. Lines are as they were sent, without
 * their line end: `alice`, `/W alice`, and an empty one for the list of users. One without a reply has no such user.
 */
export type Script =
  | Readonly<Record<string, Reply>>
  | ((query: string) => Reply | undefined | Promise<Reply | undefined>);

/** A finger server for tests, on a free port of this machine. */
export interface ScriptedServer extends AsyncDisposable {
  /** Always `127.0.0.1`. */
  readonly host: string;
  readonly port: number;
  /** The query lines so far, in the order in which they came. */
  readonly queries: readonly string[];
  /** What to ask for, for a query that goes to this server: `alice@127.0.0.1:49152`. */
  target(query?: string): string;
  /**
   * Stops listening, and breaks the connections that are still open.
   *
   * @throws what a script threw, or its steps; an `AggregateError` of several. Each is told once.
   */
  close(): Promise<void>;
}

/**
 * Starts a finger server that answers by a script, for tests of a finger client and of programs that use one: it says late,
 * in pieces, without end, or not at all what it has to say.
 *
 * When a script throws, its connection is reset, and `close` rejects with the error. What fails later than that is an
 * unhandled rejection.
 *
 * @throws `TypeError` for a script that is neither a record nor a function.
 *
 * @example
 * ```ts
 * import { createScriptedServer, pause, RESET } from "finger-client/testing";
 *
 * const server = await createScriptedServer({
 *   alice: "Happy and well\r\n",
 *   build: ["Compil", pause(20), "ed.\r\n"],
 *   bob: ["Login: bo", RESET],
 * });
 * const { text } = await finger(server.target("alice"));
 * text; // "Happy and well\n"
 * server.queries; // ["alice"]
 * await server.close();
 * ```
 */
export async function createScriptedServer(script: Script): Promise<ScriptedServer> {
  const answer = toFunction(script);
  const connections = new Set<Socket>();
  const queries: string[] = [];
  const errors: unknown[] = [];
  let closed: Promise<unknown> | undefined;
  let isOver = false;

  const serve = async (socket: Socket): Promise<void> => {
    const query = await readLine(socket);
    if (query === undefined) return void socket.end();
    queries.push(query);
    try {
      await play(socket, (await answer(query)) ?? refuse(query));
    } catch (error) {
      // Nobody asks for errors any more; to be unhandled is the only way left to be heard.
      if (isOver) throw error;
      errors.push(error);
      await reset(socket);
    }
  };

  // Half-open, for clients that end their side behind the query.
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    connections.add(socket);
    socket.once("close", () => connections.delete(socket));
    // A client may break the connection; the close that follows ends its reply.
    socket.on("error", () => {});
    void serve(socket);
  });
  server.listen(0, HOST);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;

  const stop = async (): Promise<void> => {
    const stopped = once(server, "close");
    server.close();
    for (const socket of connections) socket.destroy();
    await stopped;
    // Replies that were cut off end now.
    await lookAround();
  };
  const close = async (): Promise<void> => {
    closed ??= stop();
    await closed;
    isOver = true;
    throwAll(errors.splice(0));
  };

  return {
    host: HOST,
    port,
    queries,
    target: (query = "") => `${query}@${HOST}:${port}`,
    close,
    [Symbol.asyncDispose]: close,
  };
}

const HOST = "127.0.0.1";

function toFunction(script: Script): (query: string) => Reply | undefined | Promise<Reply | undefined> {
  if (typeof script === "function") return script;
  if (typeof script !== "object" || script === null) {
    throw new TypeError(`A script is a record of replies, or a function, but this one is ${String(script)}.`);
  }
  // Its own: constructor is a name like any other.
  return (query) => (Object.hasOwn(script, query) ? script[query] : undefined);
}

/** The words of netkit's fingerd. */
function refuse(query: string): string {
  return query === "" ? "No one logged on.\r\n" : `finger: ${query}: no such user.\r\n`;
}

function throwAll(errors: readonly unknown[]): void {
  if (errors.length > 1) throw new AggregateError(errors, `${errors.length} replies of the scripted server failed.`);
  if (errors.length === 1) throw errors[0];
}
