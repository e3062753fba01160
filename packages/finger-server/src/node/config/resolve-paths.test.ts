import { expect, it } from "vitest";
import type { ApplicationDescription } from "../application/description.js";
import { resolvePaths } from "./resolve-paths.js";

const PATHS: ReadonlyArray<readonly [given: ApplicationDescription, resolved: ApplicationDescription, why: string]> = [
  [{}, {}, "nothing is added"],
  [{ users: "users" }, { users: "/etc/finger/users" }, "a path"],
  [{ users: "../users" }, { users: "/etc/users" }, "a path upwards"],
  [{ users: "/srv/users" }, { users: "/srv/users" }, "absolute paths stay"],
  [{ users: "//srv/./users/" }, { users: "//srv/./users/" }, "to the letter"],
  [{ store: "file:statuses" }, { store: "file:/etc/finger/statuses" }, "a folder"],
  [{ store: "file:/var/lib" }, { store: "file:/var/lib" }, "an absolute folder"],
  [{ store: "file:///var/lib" }, { store: "file:///var/lib" }, "a URL"],
  [{ store: "redis://host/1" }, { store: "redis://host/1" }, "no folder"],
  [{ store: "memory:" }, { store: "memory:" }, "no folder"],
  [{ aliases: "finger.conf" }, { aliases: "/etc/finger/finger.conf" }, "a file of aliases"],
  [{ aliases: { a: "b" } }, { aliases: { a: "b" } }, "aliases are no paths"],
  [{ listen: 79, metrics: "9079", http: "host:80" }, { listen: 79, metrics: "9079", http: "host:80" }, "ports"],
  [
    { listen: "./s", metrics: "./m", http: "h/h" },
    { listen: "/etc/finger/s", metrics: "/etc/finger/m", http: "/etc/finger/h/h" },
    "sockets",
  ],
  [
    { listen: [79, "./s", { address: "./t", mode: "660", tls: { key: "k", cert: "/c" } }] },
    {
      listen: [
        79,
        "/etc/finger/s",
        { address: "/etc/finger/t", mode: "660", tls: { key: "/etc/finger/k", cert: "/c" } },
      ],
    },
    "in a list, and with certificates",
  ],
  [{ setter: "./s" }, { setter: "/etc/finger/s" }, "the setter's socket"],
  [{ setter: { address: "./s" } }, { setter: { address: "/etc/finger/s" } }, "as a place"],
  [
    { setter: { listen: [{ address: "./s" }, 1079], tokens: "tokens", networks: ["10.0.0.0/8"] } },
    {
      setter: { listen: [{ address: "/etc/finger/s" }, 1079], tokens: "/etc/finger/tokens", networks: ["10.0.0.0/8"] },
    },
    "as a record; networks are no paths",
  ],
  [{ http: { address: "./s", mode: "660" } }, { http: { address: "/etc/finger/s", mode: "660" } }, "pages at a place"],
  [
    { http: { listen: { address: 443, tls: { key: "k", cert: "c" } }, base: "/finger" } },
    { http: { listen: { address: 443, tls: { key: "/etc/finger/k", cert: "/etc/finger/c" } }, base: "/finger" } },
    "pages with more about them; a path on the web is none here",
  ],
  [{ system: true }, { system: true }, "accounts have no path"],
  [
    { system: { programs: { folder: "programs" } } },
    { system: { programs: { folder: "/etc/finger/programs" } } },
    "programs in place of them",
  ],
  [{ irc: "ircs://irc.example/#a" }, { irc: "ircs://irc.example/#a" }, "a bot"],
  [
    { irc: { url: "ircs://h", account: { passwordFile: "p", certificate: { key: "k", cert: "/c" } } } },
    {
      irc: {
        url: "ircs://h",
        account: { passwordFile: "/etc/finger/p", certificate: { key: "/etc/finger/k", cert: "/c" } },
      },
    },
    "what it proves itself by",
  ],
  [{ http: { title: "Crew" } }, { http: { title: "Crew" } }, "pages that are nowhere in particular"],
  [
    { plugins: { a: { module: "./a.mjs", options: { file: "./b" } }, c: { module: "c" }, d: { module: "/d" } } },
    {
      plugins: {
        a: { module: "/etc/finger/a.mjs", options: { file: "./b" } },
        c: { module: "c" },
        d: { module: "/d" },
      },
    },
    "modules, but not packages, nor what a plug-in is given",
  ],
  [
    { process: { directory: ".", pidfile: "pid", logfile: "log", user: "a", workers: 2 } },
    {
      process: {
        directory: "/etc/finger",
        pidfile: "/etc/finger/pid",
        logfile: "/etc/finger/log",
        user: "a",
        workers: 2,
      },
    },
    "files of the process",
  ],
  [
    { routes: { w: { program: ["/bin/w", "--", "{name}"] }, p: { page: "https://h/{name}" } } },
    { routes: { w: { program: ["/bin/w", "--", "{name}"] }, p: { page: "https://h/{name}" } } },
    "programs are absolute, and pages are elsewhere",
  ],
];

it.each(PATHS)("makes %j %j: %s", (given, resolved) => {
  const before = structuredClone(given);
  expect(resolvePaths(given, "/etc/finger")).toEqual(resolved);
  expect(given).toEqual(before);
  expect(resolvePaths(resolved, "/elsewhere")).toEqual(resolved);
});
