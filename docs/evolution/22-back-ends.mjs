import {
  createFingerServer,
  createSetter,
  fileProvider,
  firstOf,
  memoryProvider,
  memoryStore,
  merge,
  storeProvider,
} from "finger-server";

const people = memoryProvider({
  alice: { name: "Alice Adams", plan: "Learn to juggle." },
  carol: { name: "Carol Chu", status: "On the train" },
});
const statuses = fileProvider(process.argv[4] ?? "examples/users");
const notices = memoryProvider([{ login: "motd", status: "Maintenance at noon." }]);
const store = memoryStore();

const server = createFingerServer({
  provider: firstOf(notices, merge(storeProvider(store), statuses, people)),
});
const setter = createSetter({ store });

const { host, port } = await server.listen({ port: Number(process.argv[2] ?? 7979) });
console.log(`Listening on ${host}:${port}`);
const setting = await setter.listen({ port: Number(process.argv[3] ?? 1079) });
console.log(`Setting on ${setting.host}:${setting.port}`);
