import { createServer, type Socket } from "node:net";

/** A server of IRC on a real port that says what a script says, and then is a good one. */
export interface ScriptedServer {
  readonly port: number;
  /** All that were made, the last one last. */
  readonly connections: readonly ScriptedConnection[];
  close(): void;
}

export interface ScriptedConnection {
  readonly socket: Socket;
  /** What came, as it came. */
  received(): Buffer;
  /** What came, in lines. */
  lines(): readonly string[];
  say(...lines: readonly string[]): void;
  /** Says that the bot is there. */
  welcome(nick?: string): void;
  /** Asks what the bot can answer. */
  ask(nick?: string): void;
}

/** What is done on the first connection, when the client has said who it is. */
export type Script = (connection: ScriptedConnection) => void | Promise<void>;

const QUESTION = ":ada!a@host.example PRIVMSG %s :alice";

/** Listens. Each connection after the first is welcomed, and asked. */
export async function listenScripted(script: Script): Promise<ScriptedServer> {
  const connections: ScriptedConnection[] = [];
  const server = createServer((socket) => {
    const connection = toConnection(socket);
    const isFirst = connections.push(connection) === 1;
    let hasCome = false;
    socket.on("data", () => {
      if (hasCome || !/^USER /m.test(connection.received().toString())) return;
      hasCome = true;
      if (isFirst) return void script(connection);
      connection.welcome();
      connection.ask();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as { port: number }).port,
    connections,
    close() {
      server.close();
      for (const { socket } of connections) socket.destroy();
    },
  };
}

function toConnection(socket: Socket): ScriptedConnection {
  const chunks: Buffer[] = [];
  // Who is cut off in the middle of a line is what this is for.
  socket.on("error", () => {}).on("data", (chunk: Buffer) => chunks.push(chunk));
  const received = () => Buffer.concat(chunks);
  const connection: ScriptedConnection = {
    socket,
    received,
    lines: () => received().toString().split("\r\n").slice(0, -1),
    say: (...lines) => void socket.write(lines.map((line) => `${line}\r\n`).join("")),
    welcome(nick = "bot") {
      connection.say(
        `:srv 001 ${nick} :Welcome`,
        `:srv 005 ${nick} CHANTYPES=# :are supported`,
        `:srv 376 ${nick} :End`,
      );
    },
    ask: (nick = "bot") => connection.say(QUESTION.replace("%s", nick)),
  };
  return connection;
}
