import { commandProvider, createFingerServer } from "finger-server";

const server = createFingerServer({
  provider: commandProvider(["/usr/bin/id", "--", "{name}"], {
    // id(1) exits with 1 for whom it does not know.
    unknownExitCodes: [1],
  }),
});

const { host, port } = await server.listen({ port: Number(process.argv[2] ?? 1079) });
console.log(`Listening on ${host}:${port}`);
