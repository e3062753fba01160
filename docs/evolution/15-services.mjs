import { once } from "node:events";
import { createFingerServer, createSetter, fileStore, storeProvider } from "finger-server";

/** What runs, each behind what it stands on. @type {AsyncDisposable[]} */
const running = [];

try {
  const store = fileStore(process.argv[4] ?? "docs/evolution/statuses");
  running.push(store);

  const statuses = storeProvider(store);
  running.push(statuses);
  await statuses.start();

  running.push(tellNews(statuses));

  const server = createFingerServer({ provider: statuses });
  running.push(server);
  const { host, port } = await server.listen({ port: Number(process.argv[2] ?? 7979) });
  console.log(`Listening on ${host}:${port}`);

  const setter = createSetter({ store });
  running.push(setter);
  const setting = await setter.listen({ port: Number(process.argv[3] ?? 1079) });
  console.log(`Setting on ${setting.host}:${setting.port}`);

  await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
} finally {
  for (const service of running.reverse()) await service[Symbol.asyncDispose]();
  console.log("All is ended.");
}

/**
 * Prints whose status has changed, until it is ended.
 *
 * @param {import("finger-server").StoreProvider} provider
 * @returns {AsyncDisposable}
 */
function tellNews(provider) {
  const stop = new AbortController();
  const ended = (async () => {
    for await (const { login } of provider.watch(stop.signal)) console.log(`News of ${login}`);
  })();
  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      await ended;
    },
  };
}
