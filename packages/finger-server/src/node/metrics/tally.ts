import type { Outcome, QueryEvent } from "../../server/audit.js";
import type { SetEvent, SetOutcome } from "../../setter/set.js";
import { counter, counters, gauge } from "./families.js";
import { readProcess } from "./process-metrics.js";
import type { GaugeFamily, Sample, Snapshot } from "./snapshot.js";

/** What is counted besides events. */
export interface TallyOptions {
  /** The version of the program. */
  readonly version: string;
  /** Tells how many connections are open. @default nothing is said of them */
  readonly connections?: (() => number) | undefined;
  /** The clock, in milliseconds. @default the system's */
  readonly now?: (() => number) | undefined;
}

/** Counts what happens in this process. */
export interface Tally {
  /** As what `onQuery` of a server is. */
  readonly query: (event: QueryEvent) => void;
  /** As what `onSet` of a setter is. */
  readonly set: (event: SetEvent) => void;
  /** Something went wrong: once for each call of an `onError`. */
  readonly error: () => void;
  /** The configuration was read again, or could not be. */
  readonly reload: (isDone: boolean) => void;
  /** All that was counted, and how the process does. */
  readonly snapshot: () => Snapshot;
}

/** Begins to count; the configuration was just read. */
export function createTally({ version, connections, now = Date.now }: TallyOptions): Tally {
  // All counts are there from the beginning, so that the first event shows as a growth.
  const ofKind = (): Record<Outcome, number> => ({ ...OUTCOMES });
  const queries: Readonly<Record<Kind, Record<Outcome, number>>> = {
    list: ofKind(),
    user: ofKind(),
    forward: ofKind(),
    invalid: ofKind(),
    none: ofKind(),
  };
  const sets: Record<SetOutcome, number> = { ...SET_OUTCOMES };
  const durations = BOUNDS.map(() => 0).concat(0);
  const reloads = { success: 0, failure: 0 };
  let milliseconds = 0;
  let answerBytes = 0;
  let errors = 0;
  let reloadedAt = now();

  return {
    query: ({ kind, outcome, duration, bytes }) => {
      const part = toPart(duration / 1000);
      queries[kind ?? "none"][outcome]++;
      durations[part] = (durations[part] ?? 0) + 1;
      milliseconds += duration;
      answerBytes += bytes;
    },
    set: ({ outcome }) => {
      sets[outcome]++;
    },
    error: () => {
      errors++;
    },
    reload: (isDone) => {
      reloads[isDone ? "success" : "failure"]++;
      if (isDone) reloadedAt = now();
    },
    snapshot: () => [
      counters(
        "finger_queries_total",
        "Queries, by what was asked for and how that ended.",
        Object.entries(queries).flatMap(([kind, counts]) => toSamples("outcome", counts, { kind })),
      ),
      {
        name: "finger_query_duration_seconds",
        help: "Time from the beginning of a connection to its end.",
        type: "histogram",
        bounds: BOUNDS,
        counts: [...durations],
        sum: milliseconds / 1000,
      },
      counter("finger_answer_bytes_total", "Bytes of answers that were handed to the network.", answerBytes),
      ...(connections === undefined ? [] : [toOpen(connections())]),
      counters(
        "finger_sets_total",
        "Settings and deletions of a status, by how they ended.",
        toSamples("outcome", sets),
      ),
      counter("finger_errors_total", "Errors that were logged.", errors),
      counters(
        "finger_reloads_total",
        "How often the configuration was read again, and with which result.",
        toSamples("result", reloads),
      ),
      gauge(
        "finger_reload_success_timestamp_seconds",
        "When the configuration was last read without a mistake, in seconds since 1970.",
        "max",
        reloadedAt / 1000,
      ),
      gauge("finger_build_info", "Always 1; the version of the program is a label.", "max", 1, { version }),
      ...readProcess(),
    ],
  };
}

/** What was asked for; `none` when the connection was turned away before that. */
type Kind = NonNullable<QueryEvent["kind"]> | "none";

// As records, so that the compiler knows when one is missing.
const OUTCOMES: Readonly<Record<Outcome, 0>> = {
  answered: 0,
  unknown: 0,
  denied: 0,
  invalid: 0,
  limited: 0,
  failed: 0,
  aborted: 0,
};
const SET_OUTCOMES: Readonly<Record<SetOutcome, 0>> = {
  set: 0,
  deleted: 0,
  denied: 0,
  invalid: 0,
  limited: 0,
  failed: 0,
  aborted: 0,
};

/** In seconds. Durations are whole milliseconds, and what takes longer than ten seconds is a stream or a slow peer. */
const BOUNDS: readonly number[] = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];

function toPart(seconds: number): number {
  const index = BOUNDS.findIndex((bound) => seconds <= bound);
  return index < 0 ? BOUNDS.length : index;
}

function toSamples(
  label: string,
  counts: Readonly<Record<string, number>>,
  others: Readonly<Record<string, string>> = {},
): readonly Sample[] {
  return Object.entries(counts).map(([of, value]) => ({ labels: { ...others, [label]: of }, value }));
}

function toOpen(count: number): GaugeFamily {
  return gauge("finger_connections_open", "Connections that are open now.", "sum", count);
}
