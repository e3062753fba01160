// The main job: serves the example users, asks once with our own client, and serves on until it is interrupted.
import { once } from "node:events";
import { finger } from "finger-client";
import { createFingerServer, fileProvider } from "finger-server";
import { watchLauncher } from "./launcher.mjs";

const USERS = "examples/users";
const place = { host: "127.0.0.1", port: 7979 };

/**
 * What to try next; netkit's finger can only ask port 79.
 *
 * @type {ReadonlyArray<readonly [who: string, command: string]>}
 */
const EXAMPLES = [
  ["our client", `npx -y pnpm@10 exec finger-client alice@${place.host}:${place.port}`],
  ["", `npx -y pnpm@10 exec finger-client --json @${place.host}:${place.port}`],
  ["netcat", `printf 'zoë\\r\\n' | nc -N ${place.host} ${place.port}`],
  ["netkit finger", `finger alice@localhost   # it can ask port 79 only; README.md shows how`],
];

const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => stop.abort());
watchLauncher(() => stop.abort());

try {
  await main();
} catch (error) {
  console.error(`\nstart: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}

async function main() {
  const provider = fileProvider(USERS, { onError: console.error });
  const users = await provider.list();
  const server = createFingerServer({ provider, onError: console.error });
  const { host, port } = await server.listen(place);

  console.log(
    `\nServing ${users.length} users of ${USERS} on ${host}, port ${port}; change the file, and ask again.\n`,
  );
  console.log(`$ finger-client alice@${host}:${port}`);
  console.log((await finger(`alice@${host}:${port}`)).text);
  console.log("Now ask it yourself, from another terminal:\n");
  for (const [who, command] of EXAMPLES) console.log(`  ${who.padEnd(14)} ${command}`);
  console.log("\nPress Ctrl+C to stop.");

  if (!stop.signal.aborted) await once(stop.signal, "abort");
  console.log("\nStopping.");
  await server.close();
  await provider.stop();
}
