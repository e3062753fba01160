import { symlinkSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { basename, relative } from "node:path";
import { expect, it } from "vitest";
import { hearLine, start, writeProgram } from "../../../../../tests/support/daemon-program.js";
import { listen } from "../../../../../tests/support/descriptors.js";
import { freshPath } from "../../../../../tests/support/programs.js";
import { findPortOwner, findSocketOwner } from "./port-owner.js";

const isLinux = process.platform === "linux";
const portOf = (server: { address(): unknown }) => (server.address() as AddressInfo).port;

it.runIf(isLinux)("names the program that listens on a port, and of Node what it runs", async () => {
  const path = await writeProgram(`const { createServer } = await import("node:net");
    const server = createServer().listen(0, "127.0.0.1", () => say(server.address().port));`);
  const program = start(path);
  const port = await hearLine(program);
  const command = `${basename(process.execPath)} ${basename(path)}`;
  expect(findPortOwner(port)).toEqual({ pid: program.child.pid, command });
});

it.runIf(isLinux)("tells what is in the way of an address from what is not", async () => {
  const { server } = await listen();
  const port = portOf(server);
  const found = (host: string) => findPortOwner(port, host)?.pid;
  for (const host of ["127.0.0.1", "0.0.0.0", "::", "localhost"]) expect(found(host)).toBe(process.pid);
  for (const host of ["127.0.0.2", "::1"]) expect(found(host)).toBeUndefined();
  server.close();
  expect(findPortOwner(port)).toBeUndefined();
});

it.runIf(isLinux)("finds who listens on all addresses, or on one of IPv6", async () => {
  const all = await listen({ port: 0, host: "::" });
  const one = await listen({ port: 0, host: "::1" });
  expect(findPortOwner(portOf(all.server), "127.0.0.1")?.pid).toBe(process.pid);
  expect(findPortOwner(portOf(one.server), "::1")?.pid).toBe(process.pid);
  expect(findPortOwner(portOf(one.server), "127.0.0.1")).toBeUndefined();
  for (const { server } of [all, one]) server.close();
});

it.runIf(isLinux)("finds who listens on a Unix socket", async () => {
  const path = `${freshPath()} with a space`;
  const { server } = await listen({ path });
  expect(findSocketOwner(path)?.pid).toBe(process.pid);
  expect(findSocketOwner(relative(process.cwd(), path))?.pid).toBe(process.pid);
  expect(findSocketOwner(freshPath())).toBeUndefined();
  server.close();
});

it.runIf(isLinux)("lets no program write to the terminal by its name", async () => {
  const program = await writeProgram(`const { createServer } = await import("node:net");
    const server = createServer().listen(0, "127.0.0.1", () => say(server.address().port));`);
  const evil = `${freshPath()}-\u001b]0;evil\u0007é`;
  symlinkSync(program, evil);
  const port = await hearLine(start(evil));
  expect(findPortOwner(port)?.command).toMatch(/-\?\]0;evil\?\?$/);
});

it("finds nobody where nobody is, whatever it is asked", () => {
  for (const port of [0, -1, 70_000, Number.NaN]) expect(findPortOwner(port, "nonsense:")).toBeUndefined();
  expect(findSocketOwner("")).toBeUndefined();
});
