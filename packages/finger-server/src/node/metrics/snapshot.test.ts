import { describe, expect, it } from "vitest";
import { counter, counters, gauge } from "./families.js";
import { mergeSnapshots, type Snapshot, toPast } from "./snapshot.js";

const histogram = (counts: readonly number[], sum: number) =>
  ({ name: "h", help: "", type: "histogram", bounds: [1], counts, sum }) as const;
const series = (...values: readonly [of: string, value: number][]) =>
  counters(
    "c",
    "",
    values.map(([of, value]) => ({ labels: { of }, value })),
  );

describe("mergeSnapshots", () => {
  it.each<[what: string, snapshots: readonly Snapshot[], merged: Snapshot]>([
    ["of none is empty", [], []],
    ["of one is the same", [[counter("c", "", 1)]], [counter("c", "", 1)]],
    ["adds counters up", [[counter("c", "", 1)], [counter("c", "", 2)]], [counter("c", "", 3)]],
    [
      "adds each series for itself, and keeps what one has alone",
      [[series(["a", 1], ["b", 2])], [series(["b", 3], ["c", 4])]],
      [series(["a", 1], ["b", 5], ["c", 4])],
    ],
    ["adds the parts of histograms up", [[histogram([1, 2], 5)], [histogram([3, 4], 6)]], [histogram([4, 6], 11)]],
    ["adds some gauges up", [[gauge("g", "", "sum", 1)], [gauge("g", "", "sum", 2)]], [gauge("g", "", "sum", 3)]],
    ["takes the least of others", [[gauge("g", "", "min", 1)], [gauge("g", "", "min", 2)]], [gauge("g", "", "min", 1)]],
    ["takes the most of others", [[gauge("g", "", "max", 1)], [gauge("g", "", "max", 2)]], [gauge("g", "", "max", 2)]],
    [
      "has each metric once",
      [[counter("a", "", 1)], [counter("b", "", 2)]],
      [counter("a", "", 1), counter("b", "", 2)],
    ],
  ])("%s", (_, snapshots, merged) => {
    const before = structuredClone(snapshots);
    expect(mergeSnapshots(snapshots)).toEqual(merged);
    expect(snapshots).toEqual(before);
  });

  it("refuses to add what is not alike", () => {
    expect(() => mergeSnapshots([[counter("x", "", 1)], [gauge("x", "", "sum", 1)]])).toThrow(
      new TypeError("The metric x is a counter here, and a gauge there."),
    );
  });
});

it("keeps of a process that has ended what it had counted", () => {
  const counted = [counter("c", "", 1), histogram([1, 0], 1)];
  expect(toPast([...counted, gauge("g", "", "sum", 1)])).toEqual(counted);
});
