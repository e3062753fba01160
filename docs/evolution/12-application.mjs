import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createApplication, createServiceGroup, loadApplication, saveApplication } from "finger-server";

const folder = mkdtempSync(join(tmpdir(), "finger-"));
const { PASSPHRASE: passphrase = "correct horse battery staple" } = process.env;

// Made, which starts nothing; saved, as data and encrypted; and loaded, which gives the same.
const made = await createApplication({ users: "examples/users", listen: Number(process.argv[2] ?? 7979) });
const path = join(folder, "finger.config.yaml.age");
await saveApplication(path, made, { passphrase });
const application = await loadApplication(path, { passphrase });
console.log("Saved as", path);
console.log("Made of", application.describe());

// It is a service of many, and one of many, too.
const all = createServiceGroup("all", [application, uptime()]);
await all.start();
for (const { host, port } of application.addresses()) console.log(`Listening on ${host}:${port}`);
console.log("Services:", [...all, ...application].map(({ name }) => name).join(", "));

await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
await all.stop();

/** Tells at its end how long it ran. @returns {import("finger-server").Service} */
function uptime() {
  let start = 0;
  return {
    name: "uptime",
    async start() {
      start = performance.now();
    },
    async stop() {
      console.log(`Ran for ${Math.round(performance.now() - start)} ms`);
    },
  };
}
