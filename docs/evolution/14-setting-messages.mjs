import { createFingerServer, createSetter, fileStore, storeProvider } from "finger-server";

const store = fileStore(process.argv[4] ?? "docs/evolution/statuses");

const server = createFingerServer({ provider: storeProvider(store) });
const setter = createSetter({
  store,
  onSet: ({ login, outcome }) => console.log(`Status of ${login}: ${outcome}`),
});

const { host, port } = await server.listen({ port: Number(process.argv[2] ?? 7979) });
console.log(`Listening on ${host}:${port}`);
const setting = await setter.listen({ port: Number(process.argv[3] ?? 1079) });
console.log(`Setting on ${setting.host}:${setting.port}`);
