import { expect, it } from "vitest";
import { formatMetrics } from "./exposition.js";
import { counter, counters, gauge } from "./families.js";
import type { Snapshot } from "./snapshot.js";

it.each<[snapshot: Snapshot, text: string, why: string]>([
  [[], "", "nothing is nothing"],
  [
    [counter("a_total", "Things.", 3)],
    "# HELP a_total Things.\n# TYPE a_total counter\na_total 3\n",
    "a metric without labels has no braces",
  ],
  [
    [counters("a_total", "", [{ labels: { x: "1", y: "2" }, value: 0 }])],
    '# HELP a_total \n# TYPE a_total counter\na_total{x="1",y="2"} 0\n',
    "zero is a value",
  ],
  [
    [gauge("a", 'One\\ "two"\nthree', "sum", 1, { of: '\\"\n' })],
    '# HELP a One\\\\ "two"\\nthree\n# TYPE a gauge\na{of="\\\\\\"\\n"} 1\n',
    "quotes are escaped in labels alone",
  ],
  [
    [{ name: "h", help: "", type: "histogram", bounds: [0.001, 1], counts: [1, 2, 3], sum: 9.5 }],
    '# HELP h \n# TYPE h histogram\nh_bucket{le="0.001"} 1\nh_bucket{le="1"} 3\nh_bucket{le="+Inf"} 6\nh_sum 9.5\nh_count 6\n',
    "a bucket has in it what the smaller ones have",
  ],
  [
    [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e21, 1.5e-9].map((value) =>
      gauge("g", "", "sum", value),
    ),
    ["NaN", "+Inf", "-Inf", "1e+21", "1.5e-9"].map((text) => `# HELP g \n# TYPE g gauge\ng ${text}\n`).join(""),
    "numbers are those of Go",
  ],
])("lays out %j as %j: %s", (snapshot, text) => {
  expect(formatMetrics(snapshot)).toBe(text);
});
