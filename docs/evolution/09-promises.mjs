import { setTimeout as delay } from "node:timers/promises";
import { createFingerServer } from "finger-server";

const server = createFingerServer({
  provider: async (name, context) => {
    if (name === "moshez") return delay(500, "Happy and well", { signal: context.signal });
    if (name === "shawn") throw new Error("The database is on fire.");
    if (name === "build") return build(context.signal);
    return undefined;
  },
  onError: (error) => console.error("Not for the peer:", error),
});

/** @param {AbortSignal} signal */
async function* build(signal) {
  try {
    for (const step of ["Fetched.", "Compiled.", "Tested."]) {
      yield `${step}\n`;
      await delay(500, undefined, { signal });
    }
  } finally {
    if (signal.aborted) console.log("Nobody reads the log any more.");
  }
}

const { host, port } = await server.listen({ port: Number(process.argv[2] ?? 1079) });
console.log(`Listening on ${host}:${port}`);
