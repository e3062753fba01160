import type { LookupProvider } from "finger-server";
import type { Deadlines } from "../limits/deadlines.js";
import { lookUp } from "./look-up.js";

/** Tells whether a stranger finds a login in the list; it is read anew each second at most. */
export function createIsListed(provider: LookupProvider, deadlines: Deadlines): (login: string) => Promise<boolean> {
  const read = async (): Promise<ReadonlySet<string>> => {
    try {
      const users = await lookUp(toStranger(), deadlines, async (context) => (await provider.list?.(context)) ?? []);
      return new Set(users.map(({ login }) => login));
    } catch {
      // Whoever asks for the list hears why.
      return new Set();
    }
  };
  let last: { readonly at: number; readonly logins: Promise<ReadonlySet<string>> } | undefined;
  return async (login) => {
    const at = performance.now();
    if (last === undefined || at - last.at > 1000) last = { at, logins: read() };
    return (await last.logins).has(login);
  };
}

/** Somebody of whom nothing is known, and who waits. */
function toStranger() {
  return {
    peer: { address: "", port: undefined },
    get signal() {
      return new AbortController().signal;
    },
  };
}
