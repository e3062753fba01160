import { httpService } from "finger-adapters-http";
import { sanitize } from "finger-protocol";
import { createFingerServer, fileProvider } from "finger-server";

const [, , fingerPort = "1079", webPort = "8000", path = "examples/users"] = process.argv;

const users = await openUsers(path);
await answerByFinger(users, Number(fingerPort));
await answerOnTheWeb(users, Number(webPort));
await tellNews(users);

/** Reads who there is. @param {string} path */
async function openUsers(path) {
  const users = fileProvider(path, { onError: (error) => console.error(String(error)) });
  await users.start();
  return users;
}

/**
 * @param {import("finger-server").LookupProvider} provider
 * @param {number} wanted
 */
async function answerByFinger(provider, wanted) {
  const server = createFingerServer({ provider });
  const { host, port } = await server.listen({ port: wanted });
  console.log(`Listening on ${host}:${port}`);
}

/**
 * @param {import("finger-server").LookupProvider} provider
 * @param {number} wanted
 */
async function answerOnTheWeb(provider, wanted) {
  const web = httpService({ provider, title: "Who is here", where: { port: wanted } });
  await web.start();
  console.log(`On the web at http://${web.address?.host}:${web.address?.port}/`);
}

/** Prints what is new, for as long as this runs. @param {import("finger-server").FileProvider} provider */
async function tellNews(provider) {
  const { signal } = new AbortController();
  for await (const { login } of provider.watch(signal)) {
    if (login !== undefined) console.log(formatStatus(login, await provider.lookup(login)));
  }
}

/**
 * @param {string} login
 * @param {import("finger-protocol").FingerUser | undefined} user
 */
function formatStatus(login, user) {
  return sanitize(`Status of ${login}: ${user?.status ?? "No such user"}`);
}
