import { once } from "node:events";
import { createFingerBot } from "finger-adapters-irc";
import { createFingerServer, fileProvider } from "finger-server";

const users = fileProvider(process.argv[4] ?? "examples/users", {
  onError: (error) => console.error(String(error)),
});
await users.start();

const server = createFingerServer({ provider: users });
const bot = createFingerBot({
  provider: users,
  url: process.argv[3] ?? "irc://fingerbot@127.0.0.1/#finger",
  logger: { debug() {}, info: tell, warn: tell, error: tell },
});

const { host, port } = await server.listen({ port: Number(process.argv[2] ?? 1079) });
console.log(`Listening on ${host}:${port}`);
await bot.start();

await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
await bot.stop();
await server.close();
await users.stop();

/**
 * Says what has happened.
 *
 * @param {object} _
 * @param {string} message
 */
function tell(_, message) {
  console.log(message);
}
