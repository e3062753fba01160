import fc from "fast-check";
import { expect, it } from "vitest";
import { createIsupport, type Isupport } from "./isupport.js";

const TOKENS: ReadonlyArray<readonly [tokens: readonly string[], known: Partial<Isupport>, why: string]> = [
  [[], { caseMapping: "rfc1459" }, "nothing said"],
  [[], { nickLength: 9, userLength: 10, hostLength: 63, botMode: undefined }, "nor of lengths"],
  [["CASEMAPPING=ascii", "CHANTYPES=#"], { caseMapping: "ascii" }, "names"],
  [["STATUSMSG=@+", "BOT=B"], { botMode: "B" }, "a mark"],
  [["NICKLEN=30", "USERLEN=18", "HOSTLEN=64"], { nickLength: 30, userLength: 18, hostLength: 64 }, "lengths"],
  [["NICKLEN=0"], { nickLength: 9 }, "a length that no name has"],
  [["NICKLEN=-5", "USERLEN=1e9", "HOSTLEN"], { nickLength: 9, userLength: 10, hostLength: 63 }, "or that is no number"],
  [["CASEMAPPING"], { caseMapping: "rfc1459" }, "a name without its value"],
  [["BOT=Bx"], { botMode: undefined }, "more than a letter"],
  [["BOT=\\x62"], { botMode: "b" }, "escapes"],
  [["BOT=B=b"], { botMode: undefined }, "an equals sign in a value"],
  [["NICKLEN=30", "-NICKLEN"], { nickLength: 9 }, "what holds no longer"],
  [["NICKLEN=30", "NICKLEN=20"], { nickLength: 20 }, "what holds instead"],
  [["SAFELIST", "__proto__=x", "-"], { nickLength: 9 }, "what nobody asks for"],
];

it.each(TOKENS)("hears %j and knows %o: %s", (tokens, known) => {
  const isupport = createIsupport();
  isupport.hear(["bot", ...tokens, "are supported by this server"]);
  expect(isupport).toMatchObject(known);
});

it("adds one line to another", () => {
  const isupport = createIsupport();
  isupport.hear(["bot", "NICKLEN=30", "are supported by this server"]);
  isupport.hear(["bot", "BOT=B", "are supported by this server"]);
  expect(isupport).toMatchObject({ nickLength: 30, botMode: "B" });
});

it("takes the 005 of old servers, which sends people elsewhere, for nothing", () => {
  const isupport = createIsupport();
  isupport.hear(["bot", "Try server irc.example, port 6667"]);
  expect(isupport).toMatchObject({ nickLength: 9, botMode: undefined });
});

it("tells which names are the same, as soon as it has heard how", () => {
  const isupport = createIsupport();
  expect(isupport.isSame("Ada[m]", "ada{m}")).toBe(true);
  isupport.hear(["bot", "CASEMAPPING=ascii"]);
  expect(isupport.isSame("Ada[m]", "ada{m}")).toBe(false);
  expect(isupport.isSame("Ada[m]", "ada[M]")).toBe(true);
  expect(isupport.fold("Ada")).toBe("ada");
});

const MODES: ReadonlyArray<[modes: string | undefined, token: string, botMode: string | undefined, why: string]> = [
  ["abBcCFiIoqrRswx", "NICKLEN=9", "B", "ngIRCd has it, and no token"],
  ["iosw", "NICKLEN=9", undefined, "there is none"],
  ["abB", "BOT=b", "b", "the token counts more"],
  [undefined, "NICKLEN=9", undefined, "a line that is too short"],
];

it.each(MODES)("takes of the modes %j and the token %s the mode %s for a bot: %s", (modes, token, botMode) => {
  const isupport = createIsupport();
  isupport.hearModes(["bot", "irc.example", "server-1", ...(modes === undefined ? [] : [modes, "beiI"])]);
  isupport.hear(["bot", token]);
  expect(isupport.botMode).toBe(botMode);
});

it("survives any parameters", () => {
  const token = fc.oneof(
    fc.string(),
    fc.string().map((value) => `BOT=${value}\\x`),
    fc.constant("NICKLEN=9e9"),
  );
  fc.assert(
    fc.property(fc.array(token), (params) => {
      const isupport = createIsupport();
      isupport.hear(params);
      expect(isupport.nickLength).toBeGreaterThan(0);
    }),
  );
});
