// Runs inside a network namespace of its own, where port 79 is free and nobody else's. Reads what to do as JSON from the
// command line: start `servers`, wait until each listens, run `commands` one after the other, and print their outcomes.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";

/** @type {{ servers: { argv: string[], port: number }[], commands: string[][] }} */
const { servers, commands } = JSON.parse(process.argv[2] ?? "");

await run(["ip", "link", "set", "lo", "up"]);
const children = [];
for (const { argv, port } of servers) {
  const [file = "", ...args] = argv;
  children.push(spawn(file, args, { stdio: ["ignore", "inherit", "inherit"] }));
  await untilListening(port);
}
const outcomes = [];
for (const command of commands) outcomes.push(await run(command));
for (const child of children) child.kill("SIGTERM");
console.log(JSON.stringify(outcomes));

/**
 * @param {string[]} argv
 * @returns {Promise<{ code: number, stdout: string, stderr: string }>}
 */
function run([file = "", ...args]) {
  return new Promise((resolve, reject) => {
    execFile(file, args, { timeout: 20_000 }, (error, stdout, stderr) => {
      if (error && typeof error.code !== "number") reject(error);
      else resolve({ code: Number(error?.code ?? 0), stdout, stderr });
    });
  });
}

/**
 * A program that we did not write does not tell when it listens: it is asked until it does.
 *
 * @param {number} port
 */
async function untilListening(port) {
  for (let attempt = 0; attempt < 200; attempt++) {
    const socket = connect(port, "127.0.0.1");
    const isOpen = await Promise.race([
      once(socket, "connect").then(() => true),
      once(socket, "error").then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`nothing listens on port ${port} after 10 s`);
}
