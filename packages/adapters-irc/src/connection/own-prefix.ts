import type { IrcMessage } from "../irc/message.js";
import { countBytes } from "../irc/split-text.js";
import { MAX_LINE } from "./encode-line.js";

/** What a server puts before the lines of ours that it gives to others. */
export interface OwnPrefix {
  /** Learns from a message; `isOwn` says whether it is told of ourselves. */
  hear(message: IrcMessage, isOwn: boolean): void;
  /** The bytes that are left in a line behind the prefix and `head`; as long as it is not known, behind the longest that there can be. */
  roomFor(head: string, nick: string, longest: Longest): number;
}

/** Of the server (ISUPPORT). */
interface Longest {
  readonly userLength: number;
  readonly hostLength: number;
}

/** Nothing is known at first. */
export function createOwnPrefix(): OwnPrefix {
  let user: string | undefined;
  let host: string | undefined;
  return {
    hear({ command, source, params }, isOwn) {
      if (command === "396") {
        // The host alone, or the user before it.
        const [before, behind] = splitAt(params[1] ?? "");
        user = before ?? user;
        host = behind || host;
      } else if (isOwn && command === "CHGHOST") {
        [user, host] = [params[0] ?? user, params[1] ?? host];
      } else if (isOwn && source?.user !== undefined && source.host !== undefined) {
        [user, host] = [source.user, source.host];
      }
    },
    roomFor(head, nick, { userLength, hostLength }) {
      // Some servers do not count the sign that they put before a user whom they have not asked for (RFC 1413).
      const userBytes = user ? countBytes(user) : userLength + "~".length;
      const hostBytes = host ? countBytes(host) : hostLength;
      return Math.max(0, MAX_LINE - countBytes(`:${nick}!@ ${head}`) - userBytes - hostBytes);
    },
  };
}

function splitAt(text: string): readonly [user: string | undefined, host: string] {
  const at = text.indexOf("@");
  return at < 0 ? [undefined, text] : [text.slice(0, at), text.slice(at + 1)];
}
