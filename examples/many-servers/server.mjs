import { once } from "node:events";
import { byToken, createFingerServer, createSetter, storeProvider, storeTokens } from "finger-server";
import { redisStore } from "finger-server/redis";

// One of many servers. What is said is in Redis; what it keeps to itself is how much each peer has asked.
const {
  REDIS_URL = "redis://127.0.0.1:6379", // in the environment, because everybody can read the arguments, and a password may be in it
  HOST: host = "127.0.0.1",
  FINGER_PORT = "7979",
  SETTER_PORT = "8079",
  PROXIES = "127.0.0.0/8", // where HAProxy is, and nobody else: who comes from there can name any address as its own
  RATE = "30", // queries a minute of one peer, or "off"
} = process.env;

const statuses = redisStore(REDIS_URL);
const tokens = redisStore(REDIS_URL, { prefix: "finger:tokens:", history: 1 }); // nobody needs the hashes of old ones
const provider = storeProvider(statuses);

const finger = createFingerServer({
  provider,
  limits: { rate: RATE === "off" ? false : Number(RATE) },
  onQuery: (event) => tell("query", event),
});
// Without "everywhere" it would matter by which machine one comes: who is on a server's own would need no token there.
const setter = createSetter({
  store: statuses,
  authenticate: byToken(storeTokens(tokens), { everywhere: true }),
  onSet: (event) => tell("set", event),
});

// A server that knows nobody yet is not to be asked: until it has read all, HAProxy finds its ports closed.
await provider.start();
const place = { host, proxyProtocol: PROXIES.split(",") };
const [asked, told] = await Promise.all([
  finger.listen({ ...place, port: Number(FINGER_PORT) }),
  setter.listen({ ...place, port: Number(SETTER_PORT) }),
]);
tell("listening", { finger: asked.port, setter: told.port });

await Promise.race([once(process, "SIGTERM"), once(process, "SIGINT")]);
// HAProxy's next check fails, and until then whom it sends here it sends on to another. Who is here already is answered.
await Promise.all([finger, setter].map((surface) => surface.close({ drain: 20_000 })));
await provider.stop();
for (const store of [statuses, tokens]) await store[Symbol.asyncDispose]();

/**
 * Writes a line of the audit.
 *
 * @param {string} what
 * @param {object} event
 */
function tell(what, event) {
  console.log(JSON.stringify({ what, ...event }));
}
