import type { StoredStatus } from "../store/status-store.js";
import { quote } from "../users/mistakes.js";
import type { Work } from "./connection.js";
import { redisError } from "./failure.js";
import type { Ground } from "./ground.js";
import { parseStored } from "./stored-json.js";

/** Resolves to the latest status of a login, expired or not. */
export async function readStatus(ground: Ground, login: string): Promise<StoredStatus | undefined> {
  const { keys, place } = ground;
  const json = await read(ground, `the status of ${quote(login)}`, (client) => client.hget(keys.statuses, login));
  return json === null ? undefined : parseStored(login, json, place);
}

/** Resolves to the statuses of a login, the latest first. */
export async function readHistory(ground: Ground, login: string): Promise<readonly StoredStatus[]> {
  const { keys, place, history } = ground;
  const key = keys.history(login);
  const jsons = await read(ground, `the history of ${quote(login)}`, (client) => client.lrange(key, 0, history - 1));
  return jsons.map((json) => parseStored(login, json, place));
}

/**
 * Yields the latest status of each login that begins with `prefix`. What is none is left out, and told once.
 *
 * A scan may give a login twice. A Redis that was restarted meanwhile knows nothing of the cursor, and could leave logins
 * out: the scan is begun again then.
 */
export async function* listStatuses(ground: Ground, prefix: string): AsyncGenerator<StoredStatus> {
  const { connection, keys } = ground;
  const told = new Set<string>();
  let cursor = "0";
  let session: number | undefined;
  do {
    const [next, page] = await read(ground, "the statuses", async (client) => {
      if (session !== connection.session()) cursor = "0";
      session = connection.session();
      return client.hscan(keys.statuses, cursor, "COUNT", PAGE);
    });
    for (const [login, json] of toPairs(page)) {
      if (told.has(login) || !login.startsWith(prefix)) continue;
      told.add(login);
      const status = readEntry(ground, login, json);
      if (status !== undefined) yield status;
    }
    cursor = next;
  } while (cursor !== "0");
}

/** One that somebody else has spoilt is no reason to tell nothing of all others. */
function readEntry({ trouble, place }: Ground, login: string, json: string): StoredStatus | undefined {
  const where = `status of ${login}`;
  try {
    const status = parseStored(login, json, place);
    trouble.end(where);
    return status;
  } catch (error) {
    trouble.begin(where, error);
    return undefined;
  }
}

/** Resolves to how many changes there were. @throws when something else is kept there. */
export async function readCount({ connection, keys, timeout }: Ground): Promise<number> {
  const text = await connection.look(performance.now() + timeout, (client) => client.get(keys.changes));
  if (/^\d+$/.test(text ?? "0")) return Number(text);
  throw new Error(`the key ${keys.changes} holds no number, but ${quote(text ?? "")}`);
}

async function read<T>({ connection, place, timeout }: Ground, what: string, work: Work<T>): Promise<T> {
  try {
    return await connection.look(performance.now() + timeout, work);
  } catch (cause) {
    throw redisError(`Cannot read ${what} in ${place}`, cause);
  }
}

function* toPairs(flat: readonly string[]): Generator<[string, string]> {
  for (let index = 0; index < flat.length; index += 2) yield [flat[index] ?? "", flat[index + 1] ?? ""];
}

/** How many logins Redis looks at in a turn: it does nothing else meanwhile, and a status may have hundreds of kilobytes. */
const PAGE = 25;
