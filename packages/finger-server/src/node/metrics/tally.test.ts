import { describe, expect, it } from "vitest";
import type { QueryEvent, SetEvent } from "../../index.js";
import type { Family, Sample, Snapshot } from "./snapshot.js";
import { createTally, type TallyOptions } from "./tally.js";

const QUERY: QueryEvent = {
  at: new Date(0),
  peer: { address: "192.0.2.7", port: 4000 },
  query: "alice",
  kind: "user",
  outcome: "answered",
  bytes: 16,
  duration: 3,
};
const SET: SetEvent = { at: new Date(0), peer: QUERY.peer, login: "alice", outcome: "set", bytes: 14, duration: 2 };

function open(options: Partial<TallyOptions> = {}) {
  const tally = createTally({ version: "1.2.3", now: () => 5000, ...options });
  return { tally, find: (name: string) => find(tally.snapshot(), name) };
}

function find(snapshot: Snapshot, name: string): Family | undefined {
  return snapshot.find((family) => family.name === name);
}

/** The series that are not zero. */
function samples(family: Family | undefined): readonly Sample[] {
  return family === undefined || family.type === "histogram" ? [] : family.samples.filter(({ value }) => value !== 0);
}

describe("a tally of queries", () => {
  it("counts them by what was asked for and how that ended", () => {
    const { tally, find } = open();
    tally.query(QUERY);
    tally.query(QUERY);
    tally.query({ ...QUERY, kind: "list", outcome: "denied" });
    tally.query({ ...QUERY, kind: undefined, outcome: "limited" });
    expect(samples(find("finger_queries_total"))).toEqual([
      { labels: { kind: "list", outcome: "denied" }, value: 1 },
      { labels: { kind: "user", outcome: "answered" }, value: 2 },
      { labels: { kind: "none", outcome: "limited" }, value: 1 },
    ]);
    expect(samples(find("finger_answer_bytes_total"))).toEqual([{ labels: {}, value: 64 }]);
  });

  it.each([
    [0, 0],
    [1, 0],
    [2, 1],
    [500, 5],
    [10_000, 8],
    [3_600_000, 9],
  ])("puts one of %d ms in part %d of the durations", (duration, part) => {
    const { tally, find } = open();
    tally.query({ ...QUERY, duration });
    const counts = Array(10)
      .fill(0)
      .fill(1, part, part + 1);
    expect(find("finger_query_duration_seconds")).toMatchObject({ counts, sum: duration / 1000 });
  });

  it("has every series from the beginning, and no more with every name and address", () => {
    const { tally } = open();
    const count = (snapshot: Snapshot) =>
      snapshot.flatMap((family) => ("samples" in family ? family.samples : [])).length;
    const before = count(tally.snapshot());
    for (let peer = 0; peer < 100; peer++) {
      tally.query({ ...QUERY, query: `user${peer}`, peer: { address: `192.0.2.${peer}`, port: peer } });
      tally.set({ ...SET, login: `user${peer}` });
    }
    expect(count(tally.snapshot())).toBe(before);
    expect(JSON.stringify(tally.snapshot())).not.toMatch(/user9|192\.0\.2/);
  });
});

it("counts settings, deletions, errors and reloads", () => {
  let now = 5000;
  const { tally, find } = open({ now: () => now });
  tally.set(SET);
  tally.set({ ...SET, outcome: "deleted", bytes: 0 });
  tally.set({ ...SET, outcome: "failed" });
  tally.error();
  expect(samples(find("finger_sets_total"))).toEqual([
    { labels: { outcome: "set" }, value: 1 },
    { labels: { outcome: "deleted" }, value: 1 },
    { labels: { outcome: "failed" }, value: 1 },
  ]);
  expect(samples(find("finger_errors_total"))).toEqual([{ labels: {}, value: 1 }]);
  expect(samples(find("finger_reload_success_timestamp_seconds"))).toEqual([{ labels: {}, value: 5 }]);
  now = 9000;
  tally.reload(false);
  expect(samples(find("finger_reload_success_timestamp_seconds"))).toEqual([{ labels: {}, value: 5 }]);
  tally.reload(true);
  expect(samples(find("finger_reload_success_timestamp_seconds"))).toEqual([{ labels: {}, value: 9 }]);
  expect(samples(find("finger_reloads_total"))).toEqual([
    { labels: { result: "success" }, value: 1 },
    { labels: { result: "failure" }, value: 1 },
  ]);
});

it("tells of open connections where somebody knows", () => {
  expect(open().find("finger_connections_open")).toBeUndefined();
  expect(samples(open({ connections: () => 7 }).find("finger_connections_open"))).toEqual([{ labels: {}, value: 7 }]);
});

it("tells its version, and how the process does", () => {
  const { find } = open();
  const [started, cpu, memory] = ["start_time_seconds", "cpu_seconds_total", "resident_memory_bytes"].map(
    (name) => samples(find(`process_${name}`))[0]?.value ?? 0,
  );
  expect(samples(find("finger_build_info"))).toEqual([{ labels: { version: "1.2.3" }, value: 1 }]);
  expect(started).toBeCloseTo(Date.now() / 1000 - process.uptime(), -1);
  expect(cpu).toBeGreaterThan(0);
  expect(memory).toBeGreaterThan(1e6);
});

it.runIf(process.platform === "linux")("counts open descriptors", () => {
  expect(samples(open().find("process_open_fds"))[0]?.value).toBeGreaterThan(2);
});

it("is plain data, which survives a message to another process", () => {
  const snapshot = createTally({ version: "1" }).snapshot();
  expect(JSON.parse(JSON.stringify(snapshot))).toEqual(snapshot);
});
