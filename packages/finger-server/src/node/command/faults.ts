import { leave } from "../leave.js";
import { EXIT } from "./exit-code.js";
import type { HostProcess } from "./host-process.js";

/**
 * Ends this process at what nobody has caught: who knows what is still true then? It is told where all else is, and without a
 * stack. Gives what ends that.
 */
export function watchFaults({ outlet }: HostProcess): () => void {
  const end = (error: unknown) => {
    outlet.onError(error);
    outlet.close();
    leave(EXIT.software);
  };
  process.on("uncaughtException", end);
  return () => void process.off("uncaughtException", end);
}
