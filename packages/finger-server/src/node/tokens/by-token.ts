import { type Authenticate, isLocal } from "../../setter/policy.js";
import type { Tokens } from "./tokens.js";

/** Who needs a token. */
export interface TokenRules {
  /** Asks for one of everybody: without it, who is on this machine may set the status of a login that has none. @default false */
  readonly everywhere?: boolean | undefined;
}

/**
 * Lets a status be set by who has the token of its login. A login that has a token needs it, on this machine too; the
 * status of one that has none is set from this machine alone.
 *
 * @example
 * ```ts no-run
 * const tokens = tokenFile("/etc/finger/tokens");
 * const setter = createSetter({ store: fileStore("/var/lib/finger"), authenticate: byToken(tokens) });
 * await setter.listen({ host: "::" });
 * ```
 */
export function byToken(tokens: Tokens, { everywhere = false }: TokenRules = {}): Authenticate {
  return async (login, token, peer) => {
    if (token !== undefined) return tokens.verify(login, token);
    return !everywhere && isLocal(peer) && !(await tokens.has(login));
  };
}
