import { createHash } from "node:crypto";
import type { Redis } from "ioredis";

/** What Redis does at once, with nobody in between. */
interface Script {
  readonly lua: string;
  readonly sha: string;
}

/** What became of a change. */
export type Outcome = "done" | "overtaken" | "late";

/** A change of one login, as Redis is asked for it. However often it is sent, it is done once at most. */
export interface ChangeOrder {
  /** The hash of the latest, the list of the login, the counter of changes, and what tells that this one has been done. */
  readonly keys: readonly [statuses: string, history: string, changes: string, done: string];
  readonly login: string;
  /** What must be the latest, byte by byte; empty when there must be none. */
  readonly expected: Buffer;
  /** In milliseconds, by the clock of Redis: from then on nothing is changed. */
  readonly until: number;
  /** How long Redis remembers that this was done, in milliseconds: until well after that time. */
  readonly memory: number;
  /** What is put there; without it, all of the login is taken away. */
  readonly status?: { readonly rev: string; readonly json: string } | undefined;
  /** How many statuses of the login are kept. */
  readonly history: number;
  /** Where it is told of. */
  readonly channel: string;
}

/** Changes what there is of a login, if the latest is still the expected one and it is not too late. */
export async function runChange(client: Redis, order: ChangeOrder): Promise<Outcome> {
  const { keys, login, expected, until, memory, status, history, channel } = order;
  const args = [login, expected, until, memory, status?.json ?? "", status?.rev ?? "", history, channel];
  const code = await run(client, CHANGE, keys, args);
  return code === 1 ? "done" : code === 0 ? "overtaken" : "late";
}

/** Names the script by its digest, and sends it whole to a Redis that does not know it. */
async function run(
  client: Redis,
  { lua, sha }: Script,
  keys: readonly string[],
  args: ReadonlyArray<string | number | Buffer>,
): Promise<number> {
  try {
    return Number(await client.evalsha(sha, keys.length, ...keys, ...args));
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith("NOSCRIPT"))) throw error;
    return Number(await client.eval(lua, keys.length, ...keys, ...args));
  }
}

/**
 * Redis takes nothing back when a script fails, so whatever may fail comes before the first write. That one may be refused,
 * for want of memory or by a replica, and then nothing has changed; those after it are not. To take away needs no memory,
 * and comes first for that. The notice is a hint: where the channel is not allowed, the count does without.
 *
 * A command may wait: in the buffers of a network, or of a Redis that hangs. `until` keeps one that nobody waits for any
 * more from being done all the same. And an answer may be lost: who sends the same again is told that it has been done,
 * whatever others did since.
 */
const CHANGE: Script = toScript(`
local statuses, history, changes, done = unpack(KEYS)
local login, expected, before, memory, json, rev, most, channel = unpack(ARGV)

if redis.call('EXISTS', done) == 1 then return 1 end
local time = redis.call('TIME')
if time[1] * 1000 + math.floor(time[2] / 1000) >= tonumber(before) then return -1 end
if (redis.call('HGET', statuses, login) or '') ~= expected then return 0 end
redis.call('LLEN', history)
local count = redis.call('GET', changes) or '0'
if #count > 14 or not string.find(count, '^%d+$') then return redis.error_reply('WRONGTYPE No count of changes') end
local seq = tonumber(count) + 1

if json == '' then
  redis.call('HDEL', statuses, login)
  redis.call('DEL', history)
else
  redis.call('LPUSH', history, json)
  redis.call('LTRIM', history, 0, most - 1)
  redis.call('HSET', statuses, login, json)
end
redis.call('SET', done, '', 'PX', memory)
redis.call('SET', changes, seq)
redis.pcall('PUBLISH', channel, cjson.encode({ login = login, rev = json ~= '' and rev or nil, seq = seq }))
return 1
`);

function toScript(lua: string): Script {
  return { lua, sha: createHash("sha1").update(lua).digest("hex") };
}
