import { parseArgs } from "node:util";
import { FingerError, type FingerErrorCode, sanitize } from "finger-protocol";
import { type FingerReply, finger } from "../finger.js";
import type { FingerOptions } from "../options.js";

/** What the command sees of the world. */
export interface CommandIO {
  readonly version: string;
  /** Aborted when the user interrupts. */
  readonly signal: AbortSignal;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

const HELP = `Usage: finger-client [options] TARGET...

Asks finger servers (RFC 1288). A target is one of
  alice@host           what is known of alice on host
  @host                who is on host
  alice                alice on this machine
  alice@h1@h2          have h2 ask h1 for alice
  alice@host:7979      on another port; also alice@[::1]:7979
  finger://host/alice  the same as a URL

  -l                   ask for the long form, with /W
  -p, --port NUMBER    the port when the target names none (default: 79)
  --timeout SECONDS    longest wait for a connection or for more (default: 10)
  --json               one JSON object for each target, on a line of its own
  -h, --help           show this help
  --version            show the version

Exit codes: 0 answered, 64 bad usage or target, 68 no such host, 69 no server
there, 74 connection broken, 75 too slow, 130 interrupted; of several targets
the highest.
`;

/** sysexits(3), and 128 + SIGINT. */
const EXIT_CODES: Readonly<Partial<Record<FingerErrorCode, number>>> = {
  ERR_FINGER_TARGET: 64,
  ERR_FINGER_QUERY: 64,
  ERR_FINGER_RESOLVE: 68,
  ERR_FINGER_CONNECT: 69,
  ERR_FINGER_IO: 74,
  ERR_FINGER_TIMEOUT: 75,
  ERR_FINGER_ABORTED: 130,
};

/** Runs the command `finger-client`, and resolves to its exit code. */
export async function main(argv: readonly string[], io: CommandIO): Promise<number> {
  try {
    return await run(argv, io);
  } catch (error) {
    io.err(`finger-client: ${error instanceof Error ? error.message : String(error)}\n`);
    return 64;
  }
}

async function run(argv: readonly string[], io: CommandIO): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      l: { type: "boolean", short: "l" },
      port: { type: "string", short: "p" },
      timeout: { type: "string" },
      json: { type: "boolean" },
      help: { type: "boolean", short: "h" },
      version: { type: "boolean" },
    },
  });
  if (values.help || values.version) {
    io.out(values.help ? HELP : `${io.version}\n`);
    return 0;
  }
  if (positionals.length === 0) throw new TypeError("name a target, such as alice@host; see --help");
  const options: FingerOptions = {
    verbose: values.l,
    port: values.port === undefined ? undefined : parseNumber("--port", values.port, 1),
    timeout: values.timeout === undefined ? undefined : parseNumber("--timeout", values.timeout, 1000),
    signal: io.signal,
  };
  const print = values.json ? printJson : printText(positionals.length > 1);
  let worst = 0;
  for (const target of positionals) worst = Math.max(worst, await lookUp(target, options, print, io));
  return worst;
}

/** Shows the outcome of one lookup. */
type Print = (target: string, outcome: FingerReply | FingerError, io: CommandIO) => void;

async function lookUp(target: string, options: FingerOptions, print: Print, io: CommandIO): Promise<number> {
  try {
    print(target, await finger(target, options), io);
    return 0;
  } catch (error) {
    if (!FingerError.is(error)) throw error;
    print(target, error, io);
    io.err(`finger-client: ${error.message}\n`);
    return EXIT_CODES[error.code] ?? 70;
  }
}

/** As netkit's finger does, a heading says whose answer it is when there are several. */
const printText =
  (withHeading: boolean): Print =>
  (target, outcome, io) => {
    if (FingerError.is(outcome)) return;
    const { text, truncated } = outcome;
    io.out(`${withHeading ? `[${sanitize(target)}]\n` : ""}${text}${text === "" || text.endsWith("\n") ? "" : "\n"}`);
    if (truncated) io.err(`finger-client: the reply of ${sanitize(target)} is cut off.\n`);
  };

const printJson: Print = (target, outcome, io) => {
  const result = FingerError.is(outcome)
    ? { target, error: { code: outcome.code, message: outcome.message } }
    : { target, ...outcome, bytes: outcome.bytes.length };
  io.out(`${JSON.stringify(result)}\n`);
};

function parseNumber(option: string, text: string, factor: number): number {
  const number = Math.round(Number(text) * factor);
  if (/^\d+(\.\d+)?$/.test(text) && number >= 1) return number;
  throw new TypeError(`${option} ${JSON.stringify(text)} is no number above 0`);
}
