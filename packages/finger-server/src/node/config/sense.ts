import type { ApplicationDescription } from "../application/description.js";
import { findClashes } from "./clashes.js";
import type { Fault } from "./issues.js";

/** What does not go together, of keys that are right each for itself. */
export function findContradictions(description: ApplicationDescription): readonly Fault[] {
  const { store, setter, process } = description;
  const faults: Fault[] = [];
  if (setter !== undefined && store === undefined) {
    faults.push({ path: ["setter"], why: "say where statuses are to be kept with store, such as file:statuses" });
  }
  const workers = process?.workers;
  if (store === "memory:" && typeof workers === "number" && workers > 1) {
    faults.push({
      path: ["store"],
      why: `each of the ${workers} workers would have a memory of its own; write file:FOLDER or redis://HOST`,
    });
  }
  return [...faults, ...findHttpFaults(description), ...findClashes(description)];
}

/** What the pages cannot do, whatever else is wrong there. */
function findHttpFaults({ http }: ApplicationDescription): readonly Fault[] {
  const isPlace = has(http, "address");
  const path = isPlace ? ["http"] : ["http", "listen"];
  const place: unknown = isPlace ? http : Object(http).listen;
  const faults: Fault[] = [];
  if (has(place, "proxyProtocol")) {
    const why = "the pages do not speak the PROXY protocol; leave it out";
    faults.push({ path: [...path, "proxyProtocol"], why });
  }
  if (has(http, "hsts") && !has(place, "tls")) {
    faults.push({ path: ["http", "hsts"], why: "it is of HTTPS alone; give http.listen a certificate by tls" });
  }
  return faults;
}

function has(value: unknown, key: string): boolean {
  return typeof value === "object" && value !== null && key in value;
}
