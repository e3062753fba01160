import type { Logger } from "../../logger.js";
import type { QueryEvent } from "../../server/audit.js";
import type { SetEvent } from "../../setter/set.js";
import { warn } from "../../warn.js";
import { toOnError } from "../log/log.js";
import { createTally, type Tally } from "../metrics/tally.js";
import type { PassedSocket } from "./places.js";

/** What an application has that is no data. */
export interface ApplicationOptions {
  /** Hears what happens: a logger of pino, or what is like one. @default errors become warnings of the process */
  readonly logger?: Logger | undefined;
  /** Hears of each query and each setting, when the description wants them logged. @default the logger */
  readonly audit?: Audience | undefined;
  /**
   * Sockets that another program has opened, which stand for the addresses of the service that they are named after; for
   * those of `finger`, when no service has that name. @default none
   */
  readonly sockets?: readonly PassedSocket[] | undefined;
  /** The version that the metrics tell. @default "unknown" */
  readonly version?: string | undefined;
}

/** What the daemon adds to that. */
export interface HostOptions extends ApplicationOptions {
  /** What is counted is told by another process. @default false */
  readonly areMetricsElsewhere?: boolean | undefined;
  /** Of several processes that do the same, one tells, and is on IRC. @default true */
  readonly isSpokesman?: boolean | undefined;
  /** Where packages are looked for: an absolute path. @default the working directory */
  readonly folder?: string | undefined;
  /** Whether ports are opened at all: without, connections are handed over. @default true */
  readonly hasPorts?: boolean | undefined;
}

/** Who hears what became of queries and settings. */
export interface Audience {
  readonly query: (event: QueryEvent) => void;
  readonly set: (event: SetEvent) => void;
}

/** The options with their defaults. */
export interface ResolvedOptions {
  readonly logger: Logger;
  readonly audit: Audience;
  readonly onError: (error: unknown) => void;
  readonly sockets: readonly PassedSocket[];
  readonly tally: Tally;
  readonly areMetricsElsewhere: boolean;
  readonly isSpokesman: boolean;
  readonly folder: string;
  readonly hasPorts: boolean;
}

/** @param connections - Tells how many connections are open. */
export function resolveOptions(options: HostOptions, connections: () => number): ResolvedOptions {
  const { logger = QUIET, sockets = [], version = "unknown" } = options;
  const { areMetricsElsewhere = false, isSpokesman = true, folder = process.cwd(), hasPorts = true } = options;
  const {
    audit = { query: (event) => logger.info({ ...event }, "query"), set: (event) => logger.info({ ...event }, "set") },
  } = options;
  const tally = createTally({ version, connections });
  const tell = toOnError(logger);
  const onError = (error: unknown) => {
    tally.error();
    tell(error);
  };
  return { logger, audit, onError, sockets, tally, areMetricsElsewhere, isSpokesman, folder, hasPorts };
}

/** Says nothing but what went wrong, which nobody else would hear of. */
const QUIET: Logger = {
  debug: () => {},
  info: () => {},
  warn: (_, message) => warn(message),
  error: ({ err }, message) => warn(err ?? message),
};
