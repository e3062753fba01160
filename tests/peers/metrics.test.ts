import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";
import { formatMetrics } from "../../packages/finger-server/src/node/metrics/exposition.js";
import { gauge } from "../../packages/finger-server/src/node/metrics/families.js";
import { createTally } from "../../packages/finger-server/src/node/metrics/tally.js";
import { describePeer } from "./support/peer.js";

/** Debian's Python, which has Debian's packages; another may come first on the path. */
const PYTHON = "/usr/bin/python3";
const isThere = spawnSync(PYTHON, ["-c", "import prometheus_client.parser"]).status === 0;

/** Reads metrics, and says what they are: a list of names, kinds, texts and samples. */
const READ = `
import json, sys
from prometheus_client.parser import text_string_to_metric_families as read
print(json.dumps([[f.name, f.type, f.documentation, [[s.name, s.labels, s.value] for s in f.samples]]
                  for f in read(sys.stdin.buffer.read().decode())]))`;

type Sample = readonly [name: string, labels: Readonly<Record<string, string>>, value: number];
type Family = readonly [name: string, type: string, help: string, samples: readonly Sample[]];

function read(text: string): readonly Family[] {
  const { status, stdout } = spawnSync(PYTHON, ["-c", READ], {
    input: text,
    encoding: "utf8",
    stdio: ["pipe", "pipe", "inherit"],
  });
  expect(status).toBe(0);
  return JSON.parse(stdout);
}

describePeer("the Python client of Prometheus", isThere, "apt-get install python3-prometheus-client", () => {
  it("reads the numbers that we write", () => {
    const tally = createTally({ version: '1.2.3-"odd"\\\n', connections: () => 7 });
    const query = { at: new Date(), peer: { address: "192.0.2.7", port: 1 }, query: "alice", bytes: 16 };
    tally.query({ ...query, kind: "user", outcome: "answered", duration: 3 });
    tally.query({ ...query, kind: undefined, outcome: "limited", duration: 60_000 });
    const snapshot = tally.snapshot();
    const families = read(formatMetrics(snapshot));

    // A counter's name has no _total there; its samples have.
    expect(families.map(([name, type, help]) => ({ name, type, help }))).toEqual(
      snapshot.map(({ name, type, help }) => ({
        name: type === "counter" ? name.replace(/_total$/, "") : name,
        type,
        help,
      })),
    );
    for (const [index, family] of snapshot.entries()) {
      if (family.type === "histogram") continue;
      const expected = family.samples.map(({ labels, value }) => [family.name, labels, value]);
      expect(families[index]?.[3]).toEqual(expected);
    }
    const histogram = families.find(([, type]) => type === "histogram")?.[3] ?? [];
    expect(histogram.map(([name, { le }, value]) => [name.replace(/.*_/, ""), le, value])).toEqual([
      ...["0.001", "0.005", "0.01", "0.05", "0.1", "0.5", "1", "5", "10", "+Inf"].map((le) => [
        "bucket",
        le,
        le === "0.001" ? 0 : le === "+Inf" ? 2 : 1,
      ]),
      ["sum", undefined, 60.003],
      ["count", undefined, 2],
    ]);
  });

  it("reads texts and labels with all that has to be escaped", () => {
    const hard = 'a\\b"c\nd\\n é{},= #';
    expect(read(formatMetrics([gauge("hard", hard, "sum", -1.5e-9, { of: hard })]))).toEqual([
      ["hard", "gauge", hard, [["hard", { of: hard }, -1.5e-9]]],
    ]);
  });
});
