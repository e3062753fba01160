import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createSetter, memoryStore, type SetEvent, type Setter } from "../index.js";

let folder = "";
const setters: Setter[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "finger-setter-"));
});
afterEach(async () => {
  for (const setter of setters.splice(0)) await setter.close({ drain: 0 });
  rmSync(folder, { recursive: true });
});

function make(options: Partial<Parameters<typeof createSetter>[0]> = {}) {
  const store = memoryStore();
  const events: SetEvent[] = [];
  const setter = createSetter({ store, onSet: (event) => events.push(event), ...options });
  setters.push(setter);
  return { setter, store, events };
}

async function send(path: string, message: string): Promise<string> {
  const socket = connect({ path, allowHalfOpen: true });
  socket.end(message);
  return text(socket);
}

describe("a setter on a Unix socket", () => {
  it("takes whoever may open it for somebody on this machine", async () => {
    const { setter, store } = make();
    const path = join(folder, "setter");
    await setter.listen({ path, mode: 0o660 });
    expect(statSync(path).mode & 0o777).toBe(0o660);
    expect(await send(path, "alice\nWell\n")).toBe("OK\r\n");
    expect(await store.get("alice")).toMatchObject({ text: "Well" });
  });

  it("of one user sets that user's status, and belongs to the user", async () => {
    const { setter, store, events } = make();
    const path = join(folder, "alice");
    const isRoot = process.getuid?.() === 0;
    const owner = isRoot ? { uid: 1234, gid: 1234 } : { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
    await setter.listen({ path, login: "alice", owner });
    expect(statSync(path)).toMatchObject({ uid: owner.uid, gid: owner.gid });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await send(path, "alice\nWell\n")).toBe("OK\r\n");
    expect(await send(path, "bob\nWell\n")).toBe("Refused: this is the socket of alice.\r\n");
    expect(await store.get("bob")).toBeUndefined();
    expect(events.map(({ peer }) => peer.login)).toEqual(["alice", "alice"]);
  });

  it.each([[{ mode: 0o600 }], [{ login: "alice" }], [{ owner: { uid: 0, gid: 0 } }]])(
    "is what %o is of, and no port",
    async (options) => {
      await expect(make().setter.listen({ port: 0, ...options })).rejects.toThrow(/is of a Unix socket: give a path/);
    },
  );
});

it("does not take for somebody on this machine who was gone before it could be asked who it is", async () => {
  const { setter, store, events } = make();
  const { port } = await setter.listen({ port: 0 });
  // It sends all, and resets the connection, while this process does not look.
  execFileSync("python3", ["-c", SEND_AND_RESET, String(port)]);
  await expect.poll(() => events.length).toBe(1);
  expect(events).toMatchObject([{ outcome: expect.stringMatching(/denied|aborted/), peer: { address: "" } }]);
  expect(await store.get("alice")).toBeUndefined();
});

const SEND_AND_RESET = `
import socket, struct, sys
peer = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
peer.send(b"alice\\nWell\\n")
peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
peer.close()
`;
