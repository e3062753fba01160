import { finger } from "finger-client";
import { createScriptedServer, HANG } from "finger-client/testing";
import { expect, it } from "vitest";
import type { Caller, Dial, DialRules } from "./connection/dial.js";
import { askingAgain, isSwitchUnknown } from "./verbose.js";

const encode = (text: string) => new TextEncoder().encode(text);

const UNKNOWN: ReadonlyArray<readonly [reply: string, why: string]> = [
  ["", "some servers close without a word"],
  ["\r\n \r\n", "or with an empty line"],
  ["finger: /W: no such user.\r\n", "netkit's fingerd, and ours"],
  ["\nHello 127.0.0.1,\nYou tried to finger non-existent user!!!\n", "efingerd's, behind its greeting"],
  ["Login name: /W alice           In real life: ???\r\n", "that of 4.3BSD and Solaris"],
  ["finger: /W alice: no such user.\r\n", "the switch as a part of the name"],
  ["Login: /W alice\r\nNo such user\r\n", "Twisted's"],
  ["Login: /W alice           \t\t\tName: ???\r\nNo such user.\r\n", "a record of /W is a record of nobody"],
  ["\r\n\r\nUser not found\r\n", "empty lines come first"],
  ["Sorry, no match for /W alice.\r\n", "a directory"],
  ["/W alice: unknown user\r\n", "old ones"],
  ["I don't know /W alice: that user doesn't exist.\r\n", "in prose"],
  ["Couldn't find user '/W alice'\r\n", "in other prose"],
  ["Invalid username.\r\n", "a strict one"],
  ["Bad request\r\n", "one that speaks HTTP at heart"],
  ["Usage: finger alice@example.com\r\n", "a helpful one"],
  ["FINGER: /W ALICE: NO SUCH USER.\r\n", "loud ones"],
  ["\xff\xfe unknown user\r\n", "bytes of no known text"],
];

it.each(UNKNOWN)("takes %j for a switch that is not known: %s", (reply) => {
  expect(isSwitchUnknown(encode(reply))).toBe(true);
});

const NETKIT = "Login: alice          \t\t\tName: Alice Liddell\r\n";

const KNOWN: ReadonlyArray<readonly [reply: string, why: string]> = [
  ["Happy and well\r\n", "a status"],
  [`${NETKIT}Directory: /home/alice   \tShell: /bin/bash\r\nNever logged in.\r\nNo mail.\r\nNo Plan.\r\n`, "a record"],
  [`${NETKIT}Plan:\r\nWhere I go nobody knows.\r\n`, "a plan may say it of its author"],
  [`${NETKIT}Office: unknown\r\n`, "and so may a field"],
  ["Login name: alice   \tName: Alice\r\nNo such luck, not found yet\r\n", "the record of an older system"],
  ["One\r\nTwo\r\nThree\r\nNo such user.\r\n", "what comes late refuses nothing"],
  ["I am known to all, in the knowledge that all is found.\r\n", "parts of words say nothing"],
  ["Login    Name         Tty   Idle\r\nalice    Alice        1     3d\r\n", "a list"],
  [`No such user.${" ".repeat(500)}`, "a refusal is no longer than 512 bytes"],
];

it.each(KNOWN)("takes %j for an answer: %s", (reply) => {
  expect(isSwitchUnknown(encode(reply))).toBe(false);
});

const RULES: DialRules = {
  connectTimeout: 1000,
  family: undefined,
  addresses: undefined,
  tls: undefined,
  proxy: undefined,
};
const PLACE = { host: "host", port: 79 };

/** Connections that do as they are told, and what became of them. */
function createDial(): { dial: Dial; lines: string[]; callers: Caller[]; done: string[] } {
  const [lines, callers, done]: [string[], Caller[], string[]] = [[], [], []];
  const dial: Dial = (line, _place, _rules, caller) => {
    lines.push(line);
    callers.push(caller);
    const note = (what: string) => () => void done.push(`${what} ${line.trim()}`);
    // A socket of Node says that it is closed to who closes it, too.
    const destroy = () => {
      note("destroy")();
      caller.ended();
    };
    return { pause: note("pause"), resume: note("resume"), end: note("end"), destroy };
  };
  return { dial, lines, callers, done };
}

/** Notes what it hears, but for the signs of life. */
function listen(): Caller & { heard: string[] } {
  const heard: string[] = [];
  return {
    heard,
    connected: (address) => heard.push(`connected ${address?.address}`),
    received: (bytes) => {
      if (bytes.length > 0) heard.push(`received ${new TextDecoder().decode(bytes)}`);
    },
    ended: (error) => heard.push(`ended ${error}`),
  };
}

it("asks nobody again when it is closed before the reply came", () => {
  const { dial, lines } = createDial();
  const caller = listen();
  askingAgain(dial, "alice\r\n")("/W alice\r\n", PLACE, RULES, caller).destroy();
  expect(lines).toEqual(["/W alice\r\n"]);
});

it("pauses, resumes and closes the connection that there is", () => {
  const { dial, callers, done } = createDial();
  const connection = askingAgain(dial, "alice\r\n")("/W alice\r\n", PLACE, RULES, listen());
  connection.pause();
  callers[0]?.ended();
  connection.resume();
  connection.end();
  connection.destroy();
  expect(done).toEqual(["pause /W alice", "destroy /W alice", "resume alice", "end alice", "destroy alice"]);
});

it("tells of one connection, one reply and one end", () => {
  const { dial, callers } = createDial();
  const caller = listen();
  askingAgain(dial, "alice\r\n")("/W alice\r\n", PLACE, RULES, caller);
  const address = { address: "192.0.2.1", port: 79, family: 4 } as const;
  callers[0]?.connected(address);
  callers[0]?.received(encode("finger: /W: no "));
  callers[0]?.received(encode("such user.\r\n"));
  callers[0]?.ended();
  callers[1]?.connected(address);
  callers[1]?.received(encode("Happy "));
  callers[1]?.received(encode("and well\r\n"));
  callers[1]?.ended();
  expect(caller.heard).toEqual(["connected 192.0.2.1", "received Happy and well\r\n", "ended undefined"]);
});

it("gives the whole of a first reply that stands, in one piece", () => {
  const { dial, callers } = createDial();
  const caller = listen();
  askingAgain(dial, "alice\r\n")("/W alice\r\n", PLACE, RULES, caller);
  callers[0]?.received(encode("No such "));
  callers[0]?.received(encode("user.\r\n"));
  callers[0]?.ended();
  callers[1]?.ended(new Error("It broke."));
  expect(caller.heard).toEqual(["received No such user.\r\n", "ended undefined"]);
});

it("tells what broke the first reply, and the second one", () => {
  const { dial, callers } = createDial();
  const [first, second] = [listen(), listen()];
  const ask = askingAgain(dial, "alice\r\n");
  ask("/W alice\r\n", PLACE, RULES, first);
  callers[0]?.received(encode("Login: a"));
  callers[0]?.ended(new Error("It broke."));
  ask("/W alice\r\n", PLACE, RULES, second);
  callers[1]?.ended();
  callers[2]?.received(encode("Hap"));
  callers[2]?.ended(new Error("It broke, too."));
  expect(first.heard).toEqual(["received Login: a", "ended Error: It broke."]);
  expect(second.heard).toEqual(["received Hap", "ended Error: It broke, too."]);
});

const RELEASED: ReadonlyArray<readonly [pieces: readonly string[], heard: readonly string[], why: string]> = [
  [["Login: alice\t\t\tName: Alice\r\n"], ["Login: alice\t\t\tName: Alice\r\n"], "a record is no refusal"],
  [["one\n", "two\n", "three\n"], ["one\ntwo\nthree\n"], "three lines that refuse nothing"],
  [["x".repeat(513)], ["x".repeat(513)], "no refusal is so long"],
  [["finger: /W: no such user.\r\n"], [], "it could be all"],
];

it.each(RELEASED)("of %j gives %j before the end: %s", (pieces, heard) => {
  const { dial, callers } = createDial();
  const caller = listen();
  askingAgain(dial, "alice\r\n")("/W alice\r\n", PLACE, RULES, caller);
  for (const piece of pieces) callers[0]?.received(encode(piece));
  expect(caller.heard).toEqual(heard.map((text) => `received ${text}`));
});

it("keeps what came before the server fell silent", async () => {
  await using server = await createScriptedServer({ "/W alice": ["Login: ali\r\nmore", HANG] });
  const reply = await finger(server.target("alice"), { verbose: "auto", timeout: 50 });
  expect(reply).toMatchObject({ text: "Login: ali\nmore", truncated: true, error: { code: "ERR_FINGER_TIMEOUT" } });
  expect(server.queries).toEqual(["/W alice"]);
});

it("keeps the longer reply when the second one refuses as well, and the switch was not the reason", async () => {
  await using server = await createScriptedServer({
    "/W alice": "Alice chases an unknown user.\r\nPhone: 555\r\n",
    alice: "Alice chases an unknown user.\r\n",
  });
  const { text } = await finger(server.target("alice"), { verbose: "auto" });
  expect(text).toBe("Alice chases an unknown user.\nPhone: 555\n");
});

it("hears nothing of the first connection any more when the second is made", () => {
  const { dial, callers } = createDial();
  const caller = listen();
  askingAgain(dial, "alice\r\n")("/W alice\r\n", PLACE, RULES, caller);
  callers[0]?.ended();
  callers[0]?.ended(new Error("It broke later."));
  callers[1]?.received(encode("Happy and well\r\n"));
  callers[1]?.ended();
  expect(caller.heard).toEqual(["received Happy and well\r\n", "ended undefined"]);
});
