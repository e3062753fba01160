import { readFile } from "node:fs/promises";
import { httpService } from "finger-adapters-http";
import { createFingerServer, fileProvider } from "finger-server";

const [, , fingerPort = "1079", webPort = "8443", keyPath = "key.pem", certPath = "cert.pem"] = process.argv;

/** Reads the key and the certificate: now, and whenever they are to be read again. */
async function readTls() {
  const [key, cert] = await Promise.all([readFile(keyPath), readFile(certPath)]);
  return { key, cert };
}

const provider = fileProvider("examples/users", { onError: (error) => console.error(String(error)) });
await provider.start();

const server = createFingerServer({ provider });
const { host, port } = await server.listen({ port: Number(fingerPort) });
console.log(`Listening on ${host}:${port}`);

const web = httpService({ provider, where: { port: Number(webPort), tls: readTls }, hsts: 600 });
await web.start();

process.on("SIGHUP", () => {
  web.reloadTls().then(
    () => console.log("The certificate is read again."),
    (error) => console.error(`The certificate stays as it was: ${error.message}`),
  );
});
console.log(`On the web at https://${web.address?.host}:${web.address?.port}/`);
console.log(`kill -HUP ${process.pid} has the certificate read again.`);
