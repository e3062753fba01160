import type { CounterFamily, GaugeFamily, Labels, Sample } from "./snapshot.js";

/** A counter without labels. */
export function counter(name: string, help: string, value: number): CounterFamily {
  return counters(name, help, [{ labels: {}, value }]);
}

/** A counter of several series. */
export function counters(name: string, help: string, samples: readonly Sample[]): CounterFamily {
  return { name, help, type: "counter", samples };
}

/** A gauge of one series. */
export function gauge(
  name: string,
  help: string,
  together: GaugeFamily["together"],
  value: number,
  labels: Labels = {},
): GaugeFamily {
  return { name, help, type: "gauge", together, samples: [{ labels, value }] };
}
