import { type SetStatusOptions, setStatus } from "finger-client";
import { expect, it } from "vitest";
import { startSetter } from "../../../tests/support/setter.js";
import { listenWith } from "../../../tests/support/sockets.js";

const SETTINGS: ReadonlyArray<readonly [status: string, options: SetStatusOptions, lines: string, why: string]> = [
  ["Happy and well", {}, "alice\r\nHappy and well\r\n", "the two lines of the tutorial"],
  ["Ça va", {}, "alice\r\nÇa va\r\n", "text is UTF-8"],
  ["one\ntwo\n", {}, "alice\r\none\r\ntwo\r\n", "several lines, and no empty one at the end"],
  ["one\r\ntwo\r\n", {}, "alice\r\none\r\ntwo\r\n", "lines of Windows"],
  ["", {}, "alice\r\n\r\n", "nothing"],
  ["Here", { token: "s3cret" }, "alice s3cret\r\nHere\r\n", "a token stands behind the login"],
];

it.each(SETTINGS)("sets %j with %o by %j: %s", async (status, options, lines) => {
  const { port, told } = await startSetter("OK\r\n");
  await setStatus(`alice@127.0.0.1:${port}`, status, options);
  expect(told).toEqual([lines]);
});

it("asks the port of the options when the target names none", async () => {
  const { port, told } = await startSetter("OK\n");
  await setStatus("alice@127.0.0.1", "Here", { port });
  expect(told).toHaveLength(1);
});

it.each([
  ["No such token.\r\n", "ERR_FINGER_REFUSED", "The status of alice is not set: No such token."],
  ["\x1b[31mNOT OK", "ERR_FINGER_REFUSED", "The status of alice is not set: NOT OK"],
  ["", "ERR_FINGER_IO", "did not say whether the status of alice is set"],
])("fails when the setter says %j with %s", async (answer, code, message) => {
  const { port } = await startSetter(answer);
  const setting = setStatus(`alice@127.0.0.1:${port}`, "Here");
  await expect(setting).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
});

it.each(["@host", "a@b@c", "/W alice", "alice liddell", "alice@"])("refuses the target %j", async (target) => {
  await expect(setStatus(target, "Here")).rejects.toMatchObject({ code: "ERR_FINGER_TARGET" });
});

it("sends a token where others could read it only when it is told to", async () => {
  const options = { token: "s3cret", port: 1, timeout: 50 };
  const clear = setStatus("alice@no-such-host.invalid", "Here", options);
  await expect(clear).rejects.toMatchObject({ code: "ERR_FINGER_DENIED" });
  const allowed = setStatus("alice@no-such-host.invalid", "Here", { ...options, tokenInClear: true });
  await expect(allowed).rejects.not.toMatchObject({ code: "ERR_FINGER_DENIED" });
});

it("refuses a token that would be a line of its own", async () => {
  await expect(setStatus("alice", "Here", { token: "a\nb" })).rejects.toThrow(TypeError);
});

it("hears the answer of a setter that does not close behind it", async () => {
  const { port, server } = await listenWith(
    (socket) => void socket.once("end", () => socket.write("OK\r\nmore")).resume(),
  );
  await setStatus(`alice@127.0.0.1:${port}`, "Here");
  server.close();
});

it("takes the first line alone for the answer", async () => {
  const { port } = await startSetter("No.\r\nfinger-client: all is well\r\n");
  await expect(setStatus(`alice@127.0.0.1:${port}`, "Here")).rejects.toThrow(/^The status of alice is not set: No\.$/);
});
