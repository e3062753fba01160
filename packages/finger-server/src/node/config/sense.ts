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
  return [...faults, ...findClashes(description)];
}
