import { createFingerServer, fileProvider, firstOf, systemProvider } from "finger-server";

const accounts = systemProvider({ places: { passwd: process.argv[4] } });
const others = fileProvider(process.argv[3] ?? "docs/evolution/plans");

const server = createFingerServer({ provider: firstOf(accounts, others) });

const { host, port } = await server.listen({ port: Number(process.argv[2] ?? 1079) });
console.log(`Listening on ${host}:${port}`);
