import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { afterEach, expect, it } from "vitest";
import { createNotifier } from "../../packages/finger-server/src/node/daemon/notify.js";
import { freshPath } from "../support/programs.js";
import { describePeer, hasCommand } from "./support/peer.js";

/** What systemd does: it receives messages, and closes the descriptor that comes with a barrier. */
const RECEIVER = `
import array, os, socket, sys
path = sys.argv[1]
receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
receiver.bind("\\0" + path[1:] if path[0] == "@" else path)
if path[0] != "@": os.chmod(path, 0o666)
print("listens", flush=True)
while True:
    text, extra, _, _ = receiver.recvmsg(4096, 1024)
    for _, kind, data in extra:
        if kind == socket.SCM_RIGHTS:
            for fd in array.array("i", data): os.close(fd)
    print(text.decode().replace("\\n", " "), flush=True)
`;

const receivers: ChildProcess[] = [];
afterEach(() => {
  for (const receiver of receivers.splice(0)) receiver.kill("SIGKILL");
});

/** Starts a receiver, whose messages are to be read one after the other. */
async function receive(socket: string): Promise<() => Promise<string>> {
  const child = spawn("python3", ["-c", RECEIVER, socket], { stdio: ["ignore", "pipe", "inherit"] });
  receivers.push(child);
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const next = async () => String((await lines.next()).value);
  const hear = async (): Promise<string> => {
    const line = await next();
    return line === "BARRIER=1" ? hear() : line;
  };
  expect(await next()).toBe("listens");
  return hear;
}

const errors: unknown[] = [];
const onError = (error: unknown) => errors.push(error);
afterEach(() => errors.splice(0));
const { PATH } = process.env;

describePeer(
  "systemd-notify, and python3 to hear it",
  hasCommand("systemd-notify") && hasCommand("python3"),
  "apt-get install systemd python3",
  () => {
    it.each<[what: string, toSocket: () => string]>([
      ["with a path", freshPath],
      ["without one", () => `@finger-${process.pid}-notify`],
    ])("tells systemd how the service is, in order, by a socket %s", async (_, toSocket) => {
      const socket = toSocket();
      const hear = await receive(socket);
      const notifier = createNotifier({ NOTIFY_SOCKET: socket, PATH }, onError);
      const before = process.hrtime.bigint() / 1000n;
      const told = [
        notifier.ready("Answers at 127.0.0.1, port 79: €\nREADY=0"),
        notifier.reloading(),
        notifier.ready(),
        notifier.stopping(),
      ];
      expect(await hear()).toBe("READY=1 STATUS=Answers at 127.0.0.1, port 79: € READY=0");
      const [state, time = ""] = (await hear()).split(" MONOTONIC_USEC=");
      expect(state).toBe("RELOADING=1");
      expect(BigInt(time)).toBeGreaterThanOrEqual(before);
      expect([await hear(), await hear()]).toEqual(["READY=1", "STOPPING=1"]);
      await Promise.all(told);
      expect(errors).toEqual([]);
    });

    it("tells of a socket that nobody is at, and goes on", async () => {
      const notifier = createNotifier({ NOTIFY_SOCKET: "/nowhere/at/all", PATH }, onError);
      await notifier.ready();
      await notifier.stopping();
      const [first, second] = errors;
      const toMessage = (what: string) =>
        `systemd could not be told ${what}: Failed to notify init system: No such file or directory.`;
      expect(first).toMatchObject({ code: "ERR_FINGER_PROCESS", message: toMessage("READY=1") });
      expect(second).toMatchObject({ code: "ERR_FINGER_PROCESS", message: toMessage("STOPPING=1") });
    });
  },
);

it("tells when the program is missing that tells systemd", async () => {
  await createNotifier({ NOTIFY_SOCKET: "/nowhere/at/all", PATH: "/nowhere" }, onError).ready();
  const message =
    "systemd could not be told READY=1: the program systemd-notify is missing. Install it, or write Type=exec into the unit.";
  expect(errors).toEqual([expect.objectContaining({ code: "ERR_FINGER_PROCESS", message })]);
});

it("runs nothing unless systemd waits to be told", async () => {
  const program = freshPath();
  writeFileSync(program, "#!/bin/sh\nexit 1\n");
  chmodSync(program, 0o755);
  const notifier = createNotifier({ PATH: program }, onError);
  await Promise.all([notifier.ready("fine"), notifier.reloading(), notifier.stopping()]);
  expect(errors).toEqual([]);
});
