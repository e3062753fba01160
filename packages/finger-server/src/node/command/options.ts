import { parseArgs } from "node:util";
import { parseNetwork } from "../../network.js";
import type { Limits } from "../../server/limits.js";
import type { ListenOptions } from "../../server/runtime.js";
import { parsePlace, parsePort } from "./address-option.js";
import { toUsage, UsageError } from "./exit-code.js";
import type { CommandIO } from "./io.js";
import { parseLimits } from "./limit-option.js";

/** What the command was asked to do. */
export interface CommandLine {
  /** Behind the options: empty, or `token` and what to do with which. */
  readonly words: readonly string[];
  readonly users: string | undefined;
  readonly store: string | undefined;
  readonly tokens: string | undefined;
  readonly listen: ListenOptions;
  readonly setter: ListenOptions | undefined;
  readonly workers: number;
  readonly limits: Limits;
  readonly isHelp: boolean;
  readonly isVersion: boolean;
}

/**
 * Reads the arguments; what could hold a password may stand in the environment, for everybody can read arguments.
 *
 * @throws `UsageError`, or what parseArgs throws.
 */
export function parseOptions(argv: readonly string[], env: NonNullable<CommandIO["env"]> = {}): CommandLine {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      users: { type: "string" },
      store: { type: "string" },
      tokens: { type: "string" },
      host: { type: "string" },
      port: { type: "string", default: "79" },
      setter: { type: "string" },
      "proxy-protocol": { type: "string", multiple: true },
      workers: { type: "string", default: "1" },
      limit: { type: "string", multiple: true, default: [] },
      help: { type: "boolean", short: "h" },
      version: { type: "boolean" },
    },
  });
  return toUsage(() => {
    const proxyProtocol = values["proxy-protocol"]?.flatMap(toNetworks);
    const setter = values.setter === undefined ? undefined : parsePlace("--setter", values.setter);
    return {
      words: positionals,
      users: values.users,
      store: values.store ?? env["FINGER_STORE"],
      tokens: values.tokens,
      listen: { host: values.host, port: parsePort("--port", values.port), proxyProtocol },
      // A Unix socket is for this machine, and no proxy stands before it.
      setter: setter === undefined || setter.path !== undefined ? setter : { ...setter, proxyProtocol },
      workers: parseWorkers(values.workers),
      limits: parseLimits(values.limit),
      isHelp: values.help === true,
      isVersion: values.version === true,
    };
  });
}

/** One network, or several with commas between them. */
function toNetworks(text: string): string[] {
  const networks = text.split(",").map((network) => network.trim());
  for (const network of networks) parseNetwork(network);
  return networks;
}

function parseWorkers(text: string): number {
  if (/^[1-9]\d{0,2}$/.test(text)) return Number(text);
  throw new UsageError(`--workers ${JSON.stringify(text)} is no number of processes; give one from 1 to 999`);
}
