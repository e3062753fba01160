import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";

/** Where people ask and tell, and who they are. */
export interface LoadSettings {
  readonly fingerPort: number;
  readonly setterPort: number;
  /** One person at each address sets statuses, and another asks for those of all. */
  readonly addresses: readonly string[];
  /** Opens all logins. */
  readonly token: string;
}

/** What has come of the sets and lookups so far. */
interface LoadReport {
  /** How many sets were acknowledged. */
  readonly sets: number;
  /** By login, the last status that was acknowledged. Of each login it is the last that was sent, too, when all have stopped. */
  readonly acknowledged: ReadonlyMap<string, string>;
  /** What was said instead of OK. */
  readonly refusals: readonly string[];
  /** Sets of whose end nothing was heard. */
  readonly unheard: number;
  /** Lookups that were answered with what was set. */
  readonly lookups: number;
  /** Answers that nobody had set. */
  readonly wrong: readonly string[];
  /** Lookups that were not answered. */
  readonly unanswered: number;
  /** When the last set was acknowledged, by `performance.now()`. */
  readonly lastAt: number;
}

/** People who go on until they are stopped. */
export interface SteadyLoad {
  readonly report: LoadReport;
  /** Resolves when each login's last status has been acknowledged. */
  stop(): Promise<void>;
  /** Ends it as it is, for a test that has failed. */
  abandon(): void;
}

/** The status that everybody who is asked for has when it begins. */
export const BEGINNING = "At the beginning";

/** How many logins of each address are set once, so that whatever was acknowledged of them is to be found at the end. */
const ONCE = 40;

/** The login that is set again and again from an address. */
export function toLogin(address: string): string {
  return `user-${address.split(".").at(-1)}`;
}

/** All logins of an address: each has one writer. */
export function toLogins(address: string): readonly string[] {
  return [toLogin(address), ...Array.from({ length: ONCE }, (_, index) => `${toLogin(address)}-${index}`)];
}

/** Begins to set statuses and to look them up, from each address one of each at a time. */
export function startLoad({ fingerPort, setterPort, addresses, token }: LoadSettings): SteadyLoad {
  const acknowledged = new Map<string, string>();
  const sent = new Map<string, Set<string>>();
  const report = {
    sets: 0,
    acknowledged,
    refusals: [] as string[],
    unheard: 0,
    lastAt: 0,
    lookups: 0,
    wrong: [] as string[],
    unanswered: 0,
  };
  let isStopped = false;
  let isAbandoned = false;

  async function set(address: string, login: string, status: string): Promise<boolean> {
    sent.set(login, (sent.get(login) ?? new Set()).add(`${status}\r\n`));
    const answer = await talk(setterPort, address, `${login} ${token}\r\n${status}\r\n`);
    if (answer === "") report.unheard++;
    else if (answer !== "OK\r\n") report.refusals.push(answer);
    if (answer !== "OK\r\n") return false;
    acknowledged.set(login, status);
    report.sets++;
    report.lastAt = performance.now();
    return true;
  }

  /** The others are set once, whatever comes of it; its own until it is acknowledged. */
  async function write(address: string): Promise<void> {
    const [own = "", ...others] = toLogins(address);
    for (let isDone = false, turn = 1; !(isDone && isStopped) && !isAbandoned; turn++) {
      const other = isStopped ? undefined : others.shift();
      if (other !== undefined) await set(address, other, `Only once, in turn ${turn}`);
      isDone = await set(address, own, `${own} in turn ${turn}`);
    }
  }

  async function look(address: string): Promise<void> {
    for (let turn = 0; !isStopped; turn++) {
      const login = toLogin(addresses[turn % addresses.length] ?? "");
      const answer = await talk(fingerPort, address, `${login}\r\n`);
      if (answer === "") report.unanswered++;
      else if (sent.get(login)?.has(answer)) report.lookups++;
      else report.wrong.push(`${login}: ${answer}`);
      await pause(PACE);
    }
  }

  for (const address of addresses) sent.set(toLogin(address), new Set([`${BEGINNING}\r\n`]));
  const ended = addresses.flatMap((address) => [write(address), look(address)]);
  return {
    report,
    async stop() {
      isStopped = true;
      await Promise.all(ended);
    },
    abandon() {
      isStopped = true;
      isAbandoned = true;
    },
  };
}

/** Between two lookups of one person, in milliseconds: the servers have more to do than that. */
const PACE = 10;

/** Sends bytes from an address, ends that side, and resolves to what comes back; to nothing when the connection breaks. */
async function talk(port: number, localAddress: string, bytes: string): Promise<string> {
  const socket = connect({ port, host: "127.0.0.1", localAddress, allowHalfOpen: true });
  socket.end(bytes);
  return text(socket).catch(() => "");
}
