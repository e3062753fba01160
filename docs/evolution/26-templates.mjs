import { once } from "node:events";
import express from "express";
import { finger, html, linkify } from "finger-adapters-http";
import { createFingerServer, fileProvider } from "finger-server";

/** What the pages look like. Each template is a function of what there is to show. */
const pages = {
  style: "body { max-width: 40em; margin: 2em auto; font: 1.1em/1.5 serif } h1 { font-style: italic }",

  /** @param {import("finger-adapters-http").DirectoryView} view */
  directory: ({ title, people }) => ({
    title,
    main: html`<h1>${title}</h1>
<ul>${people.map(({ user, href }) => html`<li><a href="${href}">${user.login}</a></li>`)}</ul>`,
  }),

  /** @param {import("finger-adapters-http").PersonView} view */
  person: ({ user, directory }) => ({
    title: user.login,
    main: html`<h1>${user.login}</h1>
<p>${linkify(user.status ?? "says nothing")}</p>
${directory !== undefined && html`<p><a href="${directory}">All users</a></p>`}`,
  }),
};

const provider = fileProvider(process.argv[4] ?? "examples/users", {
  onError: (error) => console.error(String(error)),
});
await provider.start();

const server = createFingerServer({ provider });
const { host, port } = await server.listen({ port: Number(process.argv[2] ?? 1079) });
console.log(`Listening on ${host}:${port}`);

const app = express();
app.get("/", (_, response) => void response.send('The users are at <a href="/finger/">/finger/</a>.'));
app.use("/finger", finger({ provider, pages }));

const web = app.listen(Number(process.argv[3] ?? 8000), "127.0.0.1");
await once(web, "listening");
const { port: webPort } = /** @type {import("node:net").AddressInfo} */ (web.address());
console.log(`On the web at http://127.0.0.1:${webPort}/finger/`);
