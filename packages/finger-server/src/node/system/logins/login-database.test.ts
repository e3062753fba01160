import fc from "fast-check";
import { expect, it } from "vitest";
import { parseLastlog2 } from "./lastlog2.js";
import { parseWtmpdb } from "./wtmpdb.js";

const LASTLOG2 = `Username         Port     From                                       Latest
alice            pts/0    192.0.2.15                                 Tue Sep  1 08:01:40 +0000 2026
root             tty1                                                Tue Sep  1 08:06:40 +0000 2026
bob                                                                  **Never logged in**
a-name-of-twenty-one. pts/1    host.example                               Sun Nov 22 16:36:00 +0000 2026
zo\xc3\xab             pts/2    a-host-of-a-long-name-that-takes-more-than-its-column.example Sun Nov 22 16:36:00 +0000 2026
`;

it("reads the table that lastlog2 prints", () => {
  expect(Object.fromEntries(parseLastlog2(LASTLOG2))).toEqual({
    alice: { since: new Date("2026-09-01T08:01:40Z"), tty: "pts/0", host: "192.0.2.15" },
    root: { since: new Date("2026-09-01T08:06:40Z"), tty: "tty1" },
    "a-name-of-twenty-one.": { since: new Date("2026-11-22T16:36:00Z"), tty: "pts/1", host: "host.example" },
    zoë: {
      since: new Date("2026-11-22T16:36:00Z"),
      tty: "pts/2",
      host: "a-host-of-a-long-name-that-takes-more-than-its-column.example",
    },
  });
});

const WTMPDB = `{
   "entries": [
     { "user": "alice",
       "tty": "pts/1",
       "hostname": "new.example",
       "login": "2026-09-02T08:00:00+0000",
       "logout": "still logged in"
     },
     { "user": "alice",
       "tty": "pts/0",
       "hostname": "old.example",
       "login": "2026-09-01T08:00:00+0000",
       "logout": "2026-09-01T09:00:00+0000",
       "length": "01:00"
     },
     { "user": "q"uote",
       "tty": "?",
       "hostname": "",
       "login": "2026-09-01T07:00:00+0000",
       "logout": "crash"
     },
     { "user": "reboot",
       "tty": "system boot",
       "hostname": "6.12.48",
       "login": "2026-09-01T06:00:00+0000",
       "logout": "still running"
     }
   ],
   "start": "2026-09-01T06:00:00+0000"
}
`;

it("reads what wtmpdb prints, the newest first", () => {
  expect(Object.fromEntries(parseWtmpdb(WTMPDB))).toEqual({
    alice: { since: new Date("2026-09-02T08:00:00Z"), tty: "pts/1", host: "new.example" },
    'q"uote': { since: new Date("2026-09-01T07:00:00Z") },
  });
});

it("reads anything", () => {
  const line = fc.constantFrom(...LASTLOG2.split("\n"), ...WTMPDB.split("\n"), '       "login": "x",');
  const cut = fc.tuple(line, fc.nat(90), fc.string()).map(([text, at, more]) => text.slice(0, at) + more);
  fc.assert(
    fc.property(fc.array(fc.oneof(line, cut)), (lines) => {
      parseLastlog2(lines.join("\n"));
      parseWtmpdb(lines.join("\n"));
    }),
  );
});
