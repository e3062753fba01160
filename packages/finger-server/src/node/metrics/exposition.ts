import type { Family, HistogramFamily, Labels, Snapshot } from "./snapshot.js";

/** The media type of {@link formatMetrics}. */
export const METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/**
 * Lays out metrics as Prometheus reads them: its text format, version 0.0.4
 * (https://prometheus.io/docs/instrumenting/exposition_formats/).
 */
export function formatMetrics(snapshot: Snapshot): string {
  return snapshot.map(formatFamily).join("");
}

function formatFamily(family: Family): string {
  const { name, help, type } = family;
  const lines =
    type === "histogram" ? toHistogram(family) : family.samples.map((one) => toLine(name, one.labels, one.value));
  return `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${type}\n${lines.join("")}`;
}

/** Each bucket has in it what the smaller ones have. */
function toHistogram({ name, bounds, counts, sum }: HistogramFamily): readonly string[] {
  let count = 0;
  const buckets = counts.map((more, index) => {
    count += more;
    return toLine(`${name}_bucket`, { le: formatNumber(bounds[index] ?? Number.POSITIVE_INFINITY) }, count);
  });
  return [...buckets, toLine(`${name}_sum`, {}, sum), toLine(`${name}_count`, {}, count)];
}

function toLine(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escapeLabel(text)}"`);
  return `${name}${pairs.length > 0 ? `{${pairs.join(",")}}` : ""} ${formatNumber(value)}\n`;
}

function formatNumber(value: number): string {
  if (Number.isFinite(value) || Number.isNaN(value)) return String(value);
  return value > 0 ? "+Inf" : "-Inf";
}

function escapeHelp(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}

function escapeLabel(text: string): string {
  return escapeHelp(text).replaceAll('"', '\\"');
}
