/** What is known at one moment, as plain data: it can be sent to another process. */
export type Snapshot = readonly Family[];

/** One metric, with all its series. */
export type Family = CounterFamily | GaugeFamily | HistogramFamily;

/** What a metric is called, and what it means. */
interface Named {
  readonly name: string;
  readonly help: string;
}

/** What only grows, until the process ends. */
export interface CounterFamily extends Named {
  readonly type: "counter";
  readonly samples: readonly Sample[];
}

/** What comes and goes. */
export interface GaugeFamily extends Named {
  readonly type: "gauge";
  /** What several processes have together. */
  readonly together: "sum" | "min" | "max";
  readonly samples: readonly Sample[];
}

/** How many there were of which size. */
export interface HistogramFamily extends Named {
  readonly type: "histogram";
  /** The sizes up to which is counted, in order; above the last of them is one more part. */
  readonly bounds: readonly number[];
  /** How many there were in each part. */
  readonly counts: readonly number[];
  /** The sizes of all, added up. */
  readonly sum: number;
}

/** One value. */
export interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

/** What tells the series of a metric from each other. None of them may have values without a bound, such as names of users. */
export type Labels = Readonly<Record<string, string>>;

/** What several processes of one program have together. */
export function mergeSnapshots(snapshots: readonly Snapshot[]): Snapshot {
  const merged = new Map<string, Family>();
  for (const family of snapshots.flat()) {
    const known = merged.get(family.name);
    merged.set(family.name, known === undefined ? family : mergeFamilies(known, family));
  }
  return [...merged.values()];
}

/** What stays of a process that has ended: a counter never goes down, and a gauge is of the living. */
export function toPast(snapshot: Snapshot): Snapshot {
  return snapshot.filter(({ type }) => type !== "gauge");
}

function mergeFamilies(one: Family, other: Family): Family {
  if (one.type === "histogram" && other.type === "histogram") return mergeHistograms(one, other);
  if (one.type === "counter" && other.type === "counter") return mergeSamples(one, other, add);
  if (one.type === "gauge" && other.type === "gauge") return mergeSamples(one, other, TOGETHER[one.together]);
  throw new TypeError(`The metric ${one.name} is a ${one.type} here, and a ${other.type} there.`);
}

function mergeHistograms(one: HistogramFamily, other: HistogramFamily): HistogramFamily {
  const counts = one.counts.map((count, index) => count + (other.counts[index] ?? 0));
  return { ...one, counts, sum: one.sum + other.sum };
}

function mergeSamples<F extends CounterFamily | GaugeFamily>(one: F, other: F, merge: Merge): F {
  const samples = new Map(one.samples.map((sample) => [toKey(sample), sample]));
  for (const sample of other.samples) {
    const known = samples.get(toKey(sample));
    samples.set(toKey(sample), known === undefined ? sample : { ...known, value: merge(known.value, sample.value) });
  }
  return { ...one, samples: [...samples.values()] };
}

function toKey({ labels }: Sample): string {
  return JSON.stringify(Object.entries(labels));
}

type Merge = (one: number, other: number) => number;

const add: Merge = (one, other) => one + other;
const TOGETHER: Readonly<Record<GaugeFamily["together"], Merge>> = { sum: add, min: Math.min, max: Math.max };
