import type { Socket } from "node:net";
import timers from "node:timers";
import { isPause, isPiece, isReset, type Reply, type Step } from "./steps.js";

/**
 * Sends a reply, and the FIN behind it. Resolves when that is done or the connection is closed.
 *
 * @throws what the steps throw; `TypeError` for what is no step.
 */
export async function play(socket: Socket, reply: Reply): Promise<void> {
  for await (const step of toSteps(reply)) {
    await playStep(socket, step);
    if (socket.destroyed) return;
  }
  socket.end();
}

/**
 * Resets the connection when the client has had the time to read what was sent. A client of Node that has not read it takes
 * the reset for the end of the reply: libuv reports EOF for both then.
 */
export async function reset(socket: Socket): Promise<void> {
  await new Promise((resolve) => later(resolve, READING_TIME));
  await lookAround();
  if (!socket.destroyed) socket.resetAndDestroy();
}

/** Lets the event loop look at every socket: a client in the same process then reads what was sent to it. */
export async function lookAround(): Promise<void> {
  // The first may come before the next look at the sockets.
  for (let turn = 0; turn < 2; turn++) await new Promise<void>((resolve) => soon(resolve));
}

/** What waits for the network waits by these: the globals may be those of a test's clock. */
const { setImmediate: soon, setTimeout: later } = timers;

/** For a client that is another process, in milliseconds. */
const READING_TIME = 20;

function toSteps(reply: Reply): Iterable<Step> | AsyncIterable<Step> {
  if (isPiece(reply) || isPause(reply) || isReset(reply)) return [reply];
  if (typeof reply !== "object" || reply === null || !isIterable(reply)) {
    throw new TypeError(`A reply is a step or several, but this one is ${show(reply)}.`);
  }
  if ("next" in reply) assertUnused(reply);
  return reply;
}

async function playStep(socket: Socket, step: Step): Promise<void> {
  if (isPiece(step)) await send(socket, step);
  else if (isPause(step)) await wait(socket, step.pause);
  else if (isReset(step)) await reset(socket);
  else throw new TypeError(`A step is a text, bytes, pause(), RESET or HANG, but this one is ${show(step)}.`);
}

/** Resolves when the system has the piece, so that no step is asked for that the client has no room for. */
async function send(socket: Socket, piece: string | Uint8Array): Promise<void> {
  // In time for the client to have read the piece before: it sees two.
  await lookAround();
  await whileOpen(socket, (done) => socket.write(piece, done));
}

async function wait(socket: Socket, ms: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  await whileOpen(socket, (done) => {
    if (ms !== Number.POSITIVE_INFINITY) timer = setTimeout(done, ms);
  });
  clearTimeout(timer);
}

/** Resolves when what was begun is done, or the connection is closed. */
function whileOpen(socket: Socket, begin: (done: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    if (socket.destroyed) return resolve();
    const done = () => {
      socket.off("close", done);
      resolve();
    };
    socket.once("close", done);
    begin(done);
  });
}

/** @throws `TypeError` for a generator that has been played: the client would get an empty reply, and nobody knew why. */
function assertUnused(steps: object): void {
  if (used.has(steps)) {
    throw new TypeError(
      "These steps were played already, and a generator gives them once. Write a list, or a script that is a function and makes them for each query.",
    );
  }
  used.add(steps);
}

const used = new WeakSet<object>();

function show(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value);
  if (isIterable(value)) return "several: write ... before them";
  return `an object with ${Object.keys(value).join(", ") || "nothing"}`;
}

function isIterable(value: object): boolean {
  return Symbol.iterator in value || Symbol.asyncIterator in value;
}
