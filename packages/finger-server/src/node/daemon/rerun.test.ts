import { describe, expect, it } from "vitest";
import { hearLine, isRoot, run, start, writeProgram } from "../../../../../tests/support/daemon-program.js";
import { listen } from "../../../../../tests/support/descriptors.js";

/** As for a machine where somebody has switched it on. */
const WITH_RING = { ...process.env, UV_USE_IO_URING: "1" };

/** A program that starts itself again, in any case, and then does something. */
const again = (code: string) => `
  if (process.env.UV_USE_IO_URING !== "0") process.exit(await it.rerun(process.env));
  ${code}`;

describe("a program that is started again without io_uring", () => {
  it.runIf(isRoot("dropping privileges after another start"))(
    "can become another user then, and needs no start where it can anyway",
    async () => {
      const code = `
      if (it.needsRerun(process.env)) process.exit(await it.rerun(process.env));
      await it.dropPrivileges({ uid: 1, gid: 1, name: "daemon" });
      say([process.getuid(), it.needsRerun(process.env)]);
      await fs.promises.readdir("/root").catch((error) => say(error.code));`;
      for (const env of [WITH_RING, { ...process.env, UV_USE_IO_URING: undefined }]) {
        expect(await run(code, { env })).toEqual({ code: 0, signal: null, said: [[1, false], "EACCES"], stderr: "" });
      }
    },
  );

  it.runIf(isRoot("dropping privileges with io_uring"))(
    "is what Node 20 needs, and tells so when it was not",
    async () => {
      const code = `say(it.needsRerun(process.env));
      await it.dropPrivileges({ uid: 1, gid: 1, name: "daemon" }).then(() => say("fine"), (error) => say(error.message));`;
      const { said } = await run(code, { env: WITH_RING });
      const why = "initgroups() disabled: io_uring may be enabled. See CVE-2024-22017.";
      const message = `This process cannot become user 1 (daemon) of group 1: ${why}. Start it with UV_USE_IO_URING=0 in its environment.`;
      const isNode20 = process.versions.node.startsWith("20.") && process.platform === "linux";
      expect(said).toEqual(isNode20 ? [true, message] : [false, "fine"]);
    },
  );

  it("has what it was given, and gives its exit code", async () => {
    const code = again(`say([process.argv.slice(2), process.execArgv, process.env.FAVOURITE]);
      say(fs.readFileSync(0, "utf8"));
      console.error("to standard error");
      process.exit(78);`);
    const program = start(await writeProgram(code), {
      argv: ["--users", "a file"],
      env: { ...WITH_RING, FAVOURITE: "tea" },
    });
    program.child.stdin?.end("to standard input");
    expect(await program.ended).toEqual({
      code: 78,
      signal: null,
      said: [[["--users", "a file"], [], "tea"], "to standard input"],
      stderr: "to standard error\n",
    });
  });

  it.each(["SIGINT", "SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2"] as const)(
    "hears of %s once, as when a terminal sends it to all",
    async (signal) => {
      const code = again(`let times = 0;
      process.on("${signal}", () => { times++; setTimeout(() => process.exit(times), 20); });
      setInterval(() => {}, 1e6);
      say("ready");`);
      const program = start(await writeProgram(code), { env: WITH_RING, detached: true });
      await hearLine(program);
      process.kill(-(program.child.pid ?? 0), signal);
      expect(await program.ended).toMatchObject({ code: 1, signal: null });
    },
  );

  it("is not started when this one is to end already: nobody would tell it", async () => {
    const { code, said } = await run(`say(await it.rerun(process.env, AbortSignal.abort()));`, { env: WITH_RING });
    expect([code, said]).toEqual([0, [0]]);
  });

  it("may be ended by a signal", async () => {
    const { code } = await run(again(`process.kill(process.pid, "SIGKILL");`), { env: WITH_RING });
    expect(code).toBe(128 + 9);
  });

  it.runIf(process.platform === "linux")("has the sockets that systemd passed", async () => {
    const sockets = [await listen(), await listen()];
    const code = again("say(it.takeSockets(process.env)); say(process.env.LISTEN_PID ?? null);");
    // Who passes them knows the number of the process before it is the program.
    const before = ["sh", "-c", 'LISTEN_PID=$$ exec "$@"', "sh"];
    const env = { ...WITH_RING, LISTEN_FDS: "2", LISTEN_FDNAMES: "finger:setter" };
    const program = start(await writeProgram(code), {
      env,
      before,
      stdio: ["ignore", "pipe", "pipe", ...sockets.map(({ fd }) => fd)],
    });
    const { said } = await program.ended;
    for (const { server } of sockets) server.close();
    expect(said).toEqual([
      [
        { fd: 3, name: "finger" },
        { fd: 4, name: "setter" },
      ],
      null,
    ]);
  });
});
