import type { Service } from "../../service/service.js";
import { createMetricsService } from "../metrics/metrics-service.js";
import type { ApplicationDescription } from "./description.js";
import type { Fixtures } from "./fixtures.js";
import type { Parts } from "./parts.js";
import { toSinglePlace } from "./places.js";

/** Makes, or keeps, what tells the metrics, unless another process does. */
export async function takeMetrics(
  { metrics }: ApplicationDescription,
  parts: Parts,
  { tally, areMetricsElsewhere, sockets, isRunning, onError }: Fixtures,
): Promise<readonly Service[]> {
  const address = toSinglePlace("metrics", metrics, sockets);
  if (address === undefined || areMetricsElsewhere) return [];
  const isHealthy = () => (isRunning() ? { ok: true } : { ok: false, reason: "it has not started wholly yet" });
  const make = () => createMetricsService({ address, snapshot: tally.snapshot, isHealthy, onError });
  return [await parts.take("metrics", address, make)];
}
