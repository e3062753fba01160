import { createFingerServer } from "finger-server";

const server = createFingerServer({
  provider: { lookup: async () => "" },
  texts: { listDenied: "" },
});

const { host, port } = await server.listen({ port: Number(process.argv[2] ?? 1079) });
console.log(`Listening on ${host}:${port}`);
