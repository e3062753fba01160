import { FingerError } from "finger-protocol";
import type { Amend, StoreBackend } from "../store/create-store.js";
import type { StoredStatus } from "../store/status-store.js";
import { createTurns } from "../turns.js";
import { quote } from "../users/mistakes.js";
import { isRefusal, redisError, toCause, toReason } from "./failure.js";
import type { Ground } from "./ground.js";
import { type ChangeOrder, type Outcome, runChange } from "./scripts.js";
import { formatStored, parseStored } from "./stored-json.js";

/** What there is of a login, and the time by the clock of Redis from which on nothing may be changed. */
interface View {
  readonly latest: StoredStatus | undefined;
  /** The latest as it stands there; empty when there is none. */
  readonly stored: Buffer;
  readonly until: number;
}

/** Makes what changes statuses. Those who change the same login take turns, so that other processes alone compete. */
export function createChange(ground: Ground): StoreBackend["change"] {
  const takeTurn = createTurns();
  return (login, amend) => {
    const by = performance.now() + ground.timeout;
    return takeTurn(login, () => changeStatus(ground, login, amend, by));
  };
}

/**
 * Reads the latest status, amends it, and has Redis put it in its place if nobody was faster; else it begins again. What is
 * not done in time never will be.
 */
async function changeStatus(ground: Ground, login: string, amend: Amend, by: number): Promise<void> {
  let outcome: Outcome | undefined;
  while (outcome !== "done") {
    if (outcome === "late" || performance.now() >= by) throw cannotChange(ground, login, tooLate());
    const view = await readView(ground, login, by);
    const status = amend(view.latest);
    if (status === undefined && view.latest === undefined) return;
    outcome = await carryOut(ground, toOrder(ground, login, view, status), by);
  }
}

/**
 * Has Redis do what is ordered, and orders it again when the connection broke before the answer. As long as the answer to the
 * first is not known it is in doubt, and so is an error.
 */
async function carryOut(ground: Ground, order: ChangeOrder, by: number): Promise<Outcome> {
  const { connection } = ground;
  let session: number | undefined;
  const isInDoubt = () => session !== undefined && session !== connection.session();
  let outcome: Outcome;
  try {
    outcome = await connection.look(by, (client) => {
      session ??= connection.session();
      return runChange(client, order);
    });
  } catch (cause) {
    const isKnown = session === undefined || (isRefusal(cause) && !isInDoubt());
    throw (isKnown ? cannotChange : nobodyKnows)(ground, order.login, cause);
  }
  // The first may still be under way, and find again what it expects: nothing.
  if (outcome !== "overtaken" || !isInDoubt()) return outcome;
  throw nobodyKnows(ground, order.login, new Error("the connection broke, and somebody else has changed it"));
}

async function readView(ground: Ground, login: string, by: number): Promise<View> {
  const { connection, keys, place } = ground;
  const [stored, until] = await connection
    .look(by, (client) =>
      Promise.all([
        client.hgetBuffer(keys.statuses, login),
        client.time().then(([seconds, micros]) => {
          const left = by - performance.now(); // after the answer, so that it is never too much
          return Math.floor(Number(seconds) * 1000 + Number(micros) / 1000 + left);
        }),
      ]),
    )
    .catch((cause) => {
      throw cannotChange(ground, login, cause);
    });
  if (stored === null) return { latest: undefined, stored: Buffer.alloc(0), until };
  return { latest: parseStored(login, stored.toString(), place), stored, until };
}

function toOrder(
  { keys, channel, history, timeout }: Ground,
  login: string,
  { stored, until }: View,
  status: StoredStatus | undefined,
): ChangeOrder {
  return {
    keys: [keys.statuses, keys.history(login), keys.changes, keys.done(crypto.randomUUID())],
    login,
    expected: stored,
    until,
    // Twice as long as anybody waits: who sends it again after `until` is to learn of it, too.
    memory: 2 * timeout,
    status: status && { rev: status.rev, json: formatStored(status) },
    history,
    channel,
  };
}

function cannotChange({ place }: Ground, login: string, cause: unknown): FingerError {
  return redisError(`Cannot change the status of ${quote(login)} in ${place}`, cause);
}

function nobodyKnows({ place }: Ground, login: string, cause: unknown): FingerError {
  const what = `Nobody knows whether the status of ${quote(login)} was changed in ${place}: ${toReason(cause)}`;
  return new FingerError("ERR_FINGER_IO", `${what}. Read it before you change it again.`, { cause: toCause(cause) });
}

function tooLate(): Error {
  return new Error("it took too long, or it is changed all the time");
}
