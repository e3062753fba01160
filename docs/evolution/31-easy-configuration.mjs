import { once } from "node:events";
import { loadApplication } from "finger-server";

const application = await loadApplication(process.argv[2] ?? "docs/evolution/31-easy-configuration.yaml");
await application.start();
for (const { service, host, port } of application.addresses()) console.log(`${service} on ${host}:${port}`);

await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
await application.stop();
