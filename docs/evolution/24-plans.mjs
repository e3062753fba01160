import { createFingerServer, fileProvider } from "finger-server";

const server = createFingerServer({
  provider: fileProvider(process.argv[3] ?? "docs/evolution/plans"),
});

const { host, port } = await server.listen({ port: Number(process.argv[2] ?? 1079) });
console.log(`Listening on ${host}:${port}`);
