import { createScriptedServer, type Script, type ScriptedServer } from "finger-client/testing";
import { afterEach } from "vitest";
import { main } from "../../packages/finger-client/src/command/main.js";

/** What the command finds where it runs; what is left out is not there. */
export interface World {
  readonly env?: Readonly<Record<string, string>>;
  readonly terminals?: ReadonlyArray<"in" | "out" | "err">;
  readonly input?: string;
  /** Is told all that is written, when it is; what it throws, the stream throws. */
  readonly heard?: (text: string) => void;
}

/** What the command wrote. */
export interface Outcome {
  readonly code: number;
  /** Bytes are as latin1 has them. */
  readonly out: string;
  readonly err: string;
}

/** Runs `finger-client` in a world of the test's making. */
export async function runIn(world: World, ...argv: readonly string[]): Promise<Outcome> {
  const written = { out: "", err: "" };
  const writeTo = (stream: "out" | "err") => (text: string | Uint8Array) => {
    const piece = typeof text === "string" ? text : Buffer.from(text).toString("latin1");
    written[stream] += piece;
    world.heard?.(piece);
  };
  const code = await main(argv, {
    env: world.env ?? {},
    version: () => "1.2.3",
    out: writeTo("out"),
    err: writeTo("err"),
    isTerminal: (stream) => world.terminals?.includes(stream) ?? false,
    readInput: async (most) => {
      const { input = "" } = world;
      if (Buffer.byteLength(input) > most) throw new RangeError(`standard input is longer than ${most} bytes`);
      return input;
    },
    user: () => "alice",
  });
  return { code, ...written };
}

/** Runs `finger-client` where nothing is out of the ordinary: in a pipe. */
export function run(...argv: readonly string[]): Promise<Outcome> {
  return runIn({}, ...argv);
}

const servers: ScriptedServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

/** A scripted server that is gone when the test is over. */
export async function serve(script: Script): Promise<ScriptedServer> {
  const server = await createScriptedServer(script);
  servers.push(server);
  return server;
}

/** The port of a server that is gone: nobody listens there. */
export async function findDeafPort(): Promise<number> {
  const server = await createScriptedServer({});
  await server.close();
  return server.port;
}

/** A promise, and who keeps it: one side of a test waits for the other. */
export function createSignal(): { readonly given: Promise<void>; readonly give: () => void } {
  let give = () => {};
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { given, give };
}
