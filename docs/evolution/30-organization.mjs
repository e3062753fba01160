import { once } from "node:events";
import { createFingerServer, createServiceGroup, createSetter, fileStore, storeProvider } from "finger-server";

const [port = 7979, settingPort = 1079, folder = "docs/evolution/statuses"] = process.argv.slice(2);

const store = fileStore(folder);
const statuses = storeProvider(store);
const server = createFingerServer({ provider: statuses });
const setter = createSetter({ store });

const finger = createServiceGroup("finger", [
  { name: "store", start: async () => {}, stop: async () => store[Symbol.asyncDispose]() },
  statuses,
  toService("server", server, "Listening", Number(port)),
  toService("setter", setter, "Setting", Number(settingPort)),
]);

await finger.prepare(); // Now the ports are open, and privileges could be dropped.
await finger.start();
await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
await finger.stop();

/**
 * @param {string} name
 * @param {import("finger-server").FingerServer | import("finger-server").Setter} surface
 * @param {string} verb
 * @param {number} port
 * @returns {import("finger-server").Service}
 */
function toService(name, surface, verb, port) {
  return {
    name,
    async prepare() {
      const { host, port: taken } = await surface.listen({ port });
      console.log(`${verb} on ${host}:${taken}`);
    },
    start: async () => {},
    stop: () => surface.close(),
  };
}
