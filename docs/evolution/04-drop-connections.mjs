import { createFingerServer, memoryProvider } from "finger-server";

const server = createFingerServer({
  provider: memoryProvider({}),
  accept: () => false,
});

const { host, port } = await server.listen({ port: Number(process.argv[2] ?? 1079) });
console.log(`Listening on ${host}:${port}`);
