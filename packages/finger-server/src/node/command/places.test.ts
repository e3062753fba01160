import { homedir } from "node:os";
import { expect, it } from "vitest";
import { toDefaultLogfile, toDefaultPidfile, toStateFolder } from "./places.js";

type Environment = Readonly<Record<string, string>>;

const HOME = homedir();

/** Paths: of the folder that lasts, of the pidfile, of the log. */
const PLACES: ReadonlyArray<
  [env: Environment, isRoot: boolean, state: string, pidfile: string, logfile: string, why: string]
> = [
  [
    {},
    true,
    "/var/lib/finger-server",
    "/run/finger-server/finger-server.pid",
    "/var/log/finger-server.log",
    "root is for the system",
  ],
  [
    { XDG_STATE_HOME: "/s", XDG_RUNTIME_DIR: "/r" },
    true,
    "/var/lib/finger-server",
    "/run/finger-server/finger-server.pid",
    "/var/log/finger-server.log",
    "sudo may keep the folders of a person",
  ],
  [
    { STATE_DIRECTORY: "/var/lib/x" },
    true,
    "/var/lib/x",
    "/run/finger-server/finger-server.pid",
    "/var/log/finger-server.log",
    "systemd counts before that",
  ],
  [
    { XDG_STATE_HOME: "/s", XDG_RUNTIME_DIR: "/r" },
    false,
    "/s/finger-server",
    "/r/finger-server.pid",
    "/s/finger-server/finger-server.log",
    "people have folders of their own",
  ],
  [
    {},
    false,
    `${HOME}/.local/state/finger-server`,
    `${HOME}/.local/state/finger-server/finger-server.pid`,
    `${HOME}/.local/state/finger-server/finger-server.log`,
    "they have them without variables, too",
  ],
  [
    { XDG_STATE_HOME: "s", XDG_RUNTIME_DIR: "./r" },
    false,
    `${HOME}/.local/state/finger-server`,
    `${HOME}/.local/state/finger-server/finger-server.pid`,
    `${HOME}/.local/state/finger-server/finger-server.log`,
    "the specification has relative paths ignored",
  ],
  [
    { STATE_DIRECTORY: "/var/lib/x", XDG_STATE_HOME: "/s", XDG_RUNTIME_DIR: "/r" },
    false,
    "/var/lib/x",
    "/r/finger-server.pid",
    "/var/lib/x/finger-server.log",
    "a unit says where, and a person does not",
  ],
  [
    { STATE_DIRECTORY: "/var/lib/x:/var/lib/y" },
    false,
    "/var/lib/x",
    "/var/lib/x/finger-server.pid",
    "/var/lib/x/finger-server.log",
    "of several folders the first is taken",
  ],
  [
    { STATE_DIRECTORY: "", XDG_STATE_HOME: "", XDG_RUNTIME_DIR: "" },
    false,
    `${HOME}/.local/state/finger-server`,
    `${HOME}/.local/state/finger-server/finger-server.pid`,
    `${HOME}/.local/state/finger-server/finger-server.log`,
    "what is empty is as if it were not there",
  ],
];

it.each(PLACES)("of %j, as root: %j, are %s, %s and %s: %s", (env, isRoot, state, pidfile, logfile) => {
  expect(toStateFolder(env, isRoot)).toBe(state);
  expect(toDefaultPidfile(env, isRoot)).toBe(pidfile);
  expect(toDefaultLogfile(env, isRoot)).toBe(logfile);
});
