import { readFileSync, writeFileSync } from "node:fs";
import { setStatus } from "finger-client";
import { storeTokens } from "finger-server";
import { redisStore } from "finger-server/redis";
import { afterEach, expect, it } from "vitest";
import { eventually, freshPath } from "../support/programs.js";
import { exchange } from "../support/sockets.js";
import { makeCertificate } from "./support/certificate.js";
import { type ExampleServer, startExampleServer } from "./support/example-server.js";
import { findFreePort } from "./support/free-port.js";
import { type HAProxy, startHAProxy } from "./support/haproxy-process.js";
import { repository } from "./support/network.js";
import { describePeer, hasCommand } from "./support/peer.js";
import { type RedisServer, startRedis } from "./support/redis-server.js";
import { BEGINNING, startLoad, toLogin, toLogins } from "./support/steady-load.js";

const EXAMPLE = repository("examples/many-servers");
/** None of them is HAProxy's own. */
const ADDRESSES: readonly string[] = [2, 3, 4, 5, 6, 7, 8, 9].map((number) => `127.0.0.${number}`);

/** Whose statuses change until the end. */
const OWN: readonly string[] = ADDRESSES.map(toLogin);

const toClose: Array<() => Promise<unknown>> = [];
afterEach(async () => {
  for (const close of toClose.splice(0).reverse()) await close();
});

/** All of the example: Redis, three servers, and HAProxy in front of them. */
async function startAll() {
  const redis = await startRedis(["--include", `${EXAMPLE}/redis.conf`]);
  toClose.push(redis.close);
  const token = await prepare(redis);
  const servers = await Promise.all(["one", "two", "three"].map(() => startExampleServer(redis.url)));
  toClose.push(...servers.map(({ kill }) => kill));
  const [one, two, three] = servers as [ExampleServer, ExampleServer, ExampleServer];
  const [fingerPort, setterPort] = [await findFreePort(), await findFreePort()];
  const haproxy = await startHAProxy(`${EXAMPLE}/haproxy.cfg`, {
    FINGER: `127.0.0.1:${fingerPort}`,
    SETTER: `127.0.0.1:${setterPort}`,
    ...Object.fromEntries(
      Object.entries({ ONE: one, TWO: two, THREE: three }).flatMap(([name, server]) => [
        [`FINGER_${name}`, `127.0.0.1:${server.fingerPort}`],
        [`SETTER_${name}`, `127.0.0.1:${server.setterPort}`],
      ]),
    ),
  });
  toClose.push(haproxy.close);
  return { token, redis, servers, one, two, three, haproxy, fingerPort, setterPort };
}

/** Gives people their first statuses, and all logins one token: to make it takes long, and to copy its hash does not. */
async function prepare({ url }: RedisServer): Promise<string> {
  await using statuses = redisStore(url);
  await using hashes = redisStore(url, { prefix: "finger:tokens:" });
  const token = await storeTokens(hashes).issue("somebody");
  const hash = (await hashes.get("somebody"))?.text ?? "";
  await Promise.all(ADDRESSES.flatMap(toLogins).map((login) => hashes.put(login, hash)));
  await Promise.all(OWN.map((login) => statuses.put(login, BEGINNING)));
  return token;
}

/** Asks a server itself, as HAProxy does for somebody. */
function askFor(login: string, { fingerPort }: ExampleServer): Promise<string> {
  return exchange(fingerPort, [`PROXY TCP4 ${ADDRESSES[0]} 127.0.0.1 40000 79\r\n${login}\r\n`]);
}

/** Of the statuses those that a server answers otherwise: with another, or not at all. */
async function findMissing(statuses: ReadonlyMap<string, string>, server: ExampleServer): Promise<readonly string[]> {
  const missing: string[] = [];
  for (const [login, status] of statuses) {
    const answer = await askFor(login, server);
    if (answer !== `${status}\r\n`) missing.push(`${login}: ${answer}`);
  }
  return missing;
}

async function findAllMissing(
  statuses: ReadonlyMap<string, string>,
  servers: readonly ExampleServer[],
): Promise<readonly string[]> {
  return (await Promise.all(servers.map((server) => findMissing(statuses, server)))).flat();
}

/** Whether HAProxy takes each server for one that answers, at both ports. */
async function areUp(haproxy: HAProxy): Promise<boolean> {
  const health = await haproxy.readHealth();
  return health.size === 6 && [...health.values()].every((what) => what === "UP L4OK");
}

const isThere = ["haproxy", "redis-server"].every(hasCommand);

describePeer("many servers behind HAProxy, with one Redis", isThere, "apt-get install haproxy redis-server", () => {
  it("keep what they acknowledged, and agree, though a server, Redis and HAProxy go and come under load", async () => {
    const { token, redis, servers, one, two, three, haproxy, fingerPort, setterPort } = await startAll();
    await expect.poll(() => areUp(haproxy), { timeout: 5_000 }).toBe(true);
    const load = startLoad({ fingerPort, setterPort, addresses: ADDRESSES, token });
    toClose.push(async () => load.abandon());
    const { report } = load;
    const goOn = async () => {
      const { sets, lookups } = report;
      await eventually(() => report.sets >= sets + 16 && report.lookups >= lookups + 16);
    };
    await goOn();

    await one.kill();
    await goOn();

    await redis.kill();
    await eventually(() => report.refusals.length > 0);
    const { lookups } = report;
    await eventually(() => report.lookups >= lookups + 16); // what was last known is still told
    await redis.start();
    await goOn();

    const { cert, key } = makeCertificate("localhost");
    const bundle = freshPath();
    writeFileSync(bundle, `${readFileSync(cert)}${readFileSync(key)}`);
    const tlsPort = await findFreePort();
    await haproxy.reload((config) =>
      config
        .replaceAll("send-proxy-v2", "send-proxy")
        .replace("frontend setter\n", `$&  bind 127.0.0.1:${tlsPort} ssl crt ${bundle}\n`),
    );
    await goOn();

    await load.stop();
    const changing = new Map([...report.acknowledged].filter(([login]) => OWN.includes(login)));
    await expect
      .poll(() => findAllMissing(changing, [two, three]), {
        timeout: report.lastAt + 1_000 - performance.now(),
        interval: 10,
      })
      .toEqual([]);
    await one.start();
    expect(await findAllMissing(report.acknowledged, servers)).toEqual([]);

    expect(report.wrong).toEqual([]);
    // A server that is killed takes with it whom it was serving, and whom the system let in while it died; nobody else is.
    expect(report.unanswered).toBeLessThanOrEqual(2 * ADDRESSES.length);
    expect(report.unheard).toBeLessThanOrEqual(2 * ADDRESSES.length);
    expect(report.refusals.filter((line) => !/^(?:Not|Perhaps not) stored\b.*\.\r\n$/.test(line))).toEqual([]);

    await expect.poll(() => areUp(haproxy), { timeout: 5_000 }).toBe(true);
    const tls = { ca: readFileSync(cert, "utf8"), servername: "localhost" };
    await setStatus(`${OWN[0]}@127.0.0.1:${tlsPort}`, "Through TLS", { token, tls });
    const told = new Map([[OWN[0] ?? "", "Through TLS"]]);
    await expect.poll(() => findAllMissing(told, servers), { timeout: 1_000, interval: 10 }).toEqual([]);

    expect(await Promise.all(servers.map(({ stop }) => stop()))).toEqual([0, 0, 0]);
    const audit = servers.flatMap((server) => server.audit);
    for (const kind of ["query", "set"]) {
      const peers = audit.filter(({ what }) => what === kind).map(({ peer }) => peer.address);
      // Who came by TLS came from HAProxy's own address. A health check would have, too, and does not show.
      const others = kind === "set" ? ["127.0.0.1"] : [];
      expect([...new Set(peers)].sort()).toEqual([...others, ...ADDRESSES]);
      expect(peers.filter((address) => address === "127.0.0.1")).toHaveLength(others.length);
    }
  }, 60_000);
});
