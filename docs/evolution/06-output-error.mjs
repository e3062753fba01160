import { createFingerServer } from "finger-server";

const server = createFingerServer({
  provider: { lookup: async () => "No such user" },
  texts: { listDenied: "No such user" },
});

const { host, port } = await server.listen({ port: Number(process.argv[2] ?? 1079) });
console.log(`Listening on ${host}:${port}`);
