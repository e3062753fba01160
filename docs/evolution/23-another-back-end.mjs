import { alias, cached, commandProvider, createFingerServer, fileProvider, route } from "finger-server";

const script = "console.log('Process', process.pid, 'greets', process.argv.at(-1))";
const program = commandProvider([process.execPath, "-e", script, "--", "{name}"]);

/** @type {import("finger-server").LookupFunction} */
async function readProgram(name, context) {
  const output = await program.lookup(name, context);
  if (output === undefined) return undefined;
  let text = "";
  for await (const piece of /** @type {AsyncIterable<string>} */ (output)) text += piece;
  return text;
}

const users = fileProvider(process.argv[3] ?? "examples/users");

const server = createFingerServer({
  provider: alias(route({ greet: cached(readProgram) }, users), {
    root: "alice",
    hello: "greet:world",
  }),
});

const { host, port } = await server.listen({ port: Number(process.argv[2] ?? 1079) });
console.log(`Listening on ${host}:${port}`);
