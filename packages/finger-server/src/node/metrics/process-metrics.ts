import { readdirSync } from "node:fs";
import { counter, gauge } from "./families.js";
import type { Snapshot } from "./snapshot.js";

/** How this process does, by the names that all clients of Prometheus use. */
export function readProcess(): Snapshot {
  const { user, system } = process.cpuUsage();
  const descriptors = countDescriptors();
  return [
    gauge(
      "process_start_time_seconds",
      "When the first of the processes was started, in seconds since 1970.",
      "min",
      performance.timeOrigin / 1000,
    ),
    counter("process_cpu_seconds_total", "Processor time of all processes, in seconds.", (user + system) / 1e6),
    gauge("process_resident_memory_bytes", "Memory of all processes.", "sum", process.memoryUsage.rss()),
    ...(descriptors === undefined
      ? []
      : [gauge("process_open_fds", "File descriptors that the processes have open.", "sum", descriptors)]),
  ];
}

/** `undefined` where the system does not tell. What the folder is read with is not counted. */
function countDescriptors(): number | undefined {
  try {
    return readdirSync(process.platform === "linux" ? "/proc/self/fd" : "/dev/fd").length - 1;
  } catch {
    return undefined;
  }
}
