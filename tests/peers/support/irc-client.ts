import { once } from "node:events";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { connect as connectTls } from "node:tls";

/** Somebody on a network of IRC, who types lines as the protocol has them. */
export interface IrcClient {
  /** All that the server has said, line by line; PING, which is answered at once, is left out. */
  readonly lines: readonly string[];
  /** Sends a line. */
  say(line: string): void;
  /** Waits for a line, and gives it. What came before that line counts as heard, and is not found again. */
  hear(pattern: RegExp, timeout?: number): Promise<string>;
  /** Hangs up without a word. */
  close(): Promise<void>;
}

/** Where to go, and as whom. */
export interface IrcClientOptions {
  readonly port: number;
  readonly nick: string;
  /** @default "127.0.0.1" */
  readonly host?: string | undefined;
  /** Speaks TLS, and takes any certificate. @default false */
  readonly tls?: boolean | undefined;
  /** The password of the server. */
  readonly password?: string | undefined;
}

/** Enters a network; resolves when the server has let it in. */
export async function openIrcClient(options: IrcClientOptions): Promise<IrcClient> {
  const { port, nick, host = "127.0.0.1", tls = false, password } = options;
  const socket = tls ? connectTls({ port, host, rejectUnauthorized: false }) : connect(port, host);
  const lines: string[] = [];
  let heard = 0;
  /** Who waits looks at each line as it comes. */
  const listeners = new Set<() => void>();
  const say = (line: string) => void socket.write(`${line}\r\n`);
  const input = createInterface({ input: socket }).on("line", (line) => {
    if (line.startsWith("PING ")) return say(line.replace("PING", "PONG"));
    lines.push(line);
    for (const look of listeners) look();
  });
  // Servers are killed here; who reads tells of it, too.
  for (const source of [socket, input]) source.on("error", () => {});

  const hear = (pattern: RegExp, timeout = 10_000) =>
    new Promise<string>((resolve, reject) => {
      const end = () => {
        clearTimeout(timer);
        listeners.delete(look);
      };
      const look = () => {
        const at = lines.findIndex((line, index) => index >= heard && pattern.test(line));
        if (at < 0) return;
        end();
        heard = at + 1;
        resolve(lines[at] ?? "");
      };
      const giveUp = () => {
        end();
        const said = JSON.stringify(lines.slice(heard), undefined, 2);
        reject(new Error(`${nick} has not heard ${pattern} in ${timeout} ms, but ${said}.`));
      };
      const timer = setTimeout(giveUp, timeout);
      listeners.add(look);
      look();
    });
  const close = async () => {
    if (socket.closed) return;
    socket.destroy();
    await once(socket, "close");
  };

  if (password !== undefined) say(`PASS ${password}`);
  say(`NICK ${nick}`);
  say(`USER ${nick} 0 * :${nick}`);
  await hear(/^\S+ 001 /).catch(async (error) => {
    await close();
    throw error;
  });
  return { lines, say, hear, close };
}
