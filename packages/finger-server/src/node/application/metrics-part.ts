import type { Service } from "../../service/service.js";
import { parsePlace } from "../address.js";
import { createMetricsService } from "../metrics/metrics-service.js";
import type { ApplicationDescription } from "./description.js";
import type { Fixtures } from "./fixtures.js";
import type { Parts } from "./parts.js";
import { socketsOf } from "./places.js";

/** Makes, or keeps, what tells the metrics, unless somebody else does. */
export async function takeMetrics(
  { metrics }: ApplicationDescription,
  parts: Parts,
  { tally, areMetricsElsewhere, sockets, onError }: Fixtures,
): Promise<readonly Service[]> {
  const [passed] = socketsOf("metrics", sockets);
  if ((metrics === undefined && passed === undefined) || areMetricsElsewhere) return [];
  const address = passed === undefined ? parsePlace("metrics", String(metrics)) : { fd: passed.fd };
  const isHealthy = () => ({ ok: true });
  const make = () => createMetricsService({ address, snapshot: tally.snapshot, isHealthy, onError });
  return [await parts.take("metrics", [metrics, passed], make)];
}
