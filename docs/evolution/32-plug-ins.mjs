/**
 * A user who tells the time, and a line in the log for each change of a status.
 *
 * @type {import("finger-server").Plugin}
 */
export default function clock(options, { provider, logger }) {
  const { zone = "UTC" } = Object(options);
  // A zone that there is not is thrown out here.
  const format = new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeStyle: "long", timeZone: zone });
  return {
    provider: (name) => (name === "clock" ? `It is ${format.format()}.` : undefined),
    service: tellNews(provider, logger),
  };
}

/**
 * @param {import("finger-server").PluginContext["provider"]} provider
 * @param {import("finger-server").Logger} logger
 * @returns {import("finger-server").Service}
 */
function tellNews(provider, logger) {
  let stopping = new AbortController();
  let ended = Promise.resolve();
  const follow = async () => {
    for await (const { login } of provider.watch(stopping.signal)) logger.info({ login }, "news");
  };
  return {
    name: "news",
    async start() {
      stopping = new AbortController();
      ended = follow();
    },
    async stop() {
      stopping.abort();
      await ended;
    },
  };
}
