import fc from "fast-check";
import { expect, it } from "vitest";
import { createIsupport, type Isupport } from "./isupport.js";

const TOKENS: ReadonlyArray<readonly [tokens: readonly string[], known: Partial<Isupport>, why: string]> = [
  [[], { caseMapping: "rfc1459", channelTypes: "#&" }, "nothing said"],
  [[], { nickLength: 9, userLength: 10, hostLength: 63, botMode: undefined }, "nor of lengths"],
  [["CASEMAPPING=ascii", "CHANTYPES=#"], { caseMapping: "ascii", channelTypes: "#" }, "names"],
  [["STATUSMSG=@+", "BOT=B"], { botMode: "B" }, "a mark"],
  [["NICKLEN=30", "USERLEN=18", "HOSTLEN=64"], { nickLength: 30, userLength: 18, hostLength: 64 }, "lengths"],
  [["NICKLEN=0"], { nickLength: 9 }, "a length that no name has"],
  [["NICKLEN=-5", "USERLEN=1e9", "HOSTLEN"], { nickLength: 9, userLength: 10, hostLength: 63 }, "or that is no number"],
  [["CHANTYPES="], { channelTypes: "" }, "no channels at all"],
  [["CASEMAPPING"], { caseMapping: "rfc1459" }, "a name without its value"],
  [["BOT=Bx"], { botMode: undefined }, "more than a letter"],
  [["CHANTYPES=\\x23\\x3d\\x5C"], { channelTypes: "#=\\" }, "escapes"],
  [["CHANTYPES=#=b"], { channelTypes: "#=b" }, "an equals sign in a value"],
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
  isupport.hear(["bot", "CHANTYPES=#", "are supported by this server"]);
  expect(isupport).toMatchObject({ nickLength: 30, channelTypes: "#" });
});

it("takes the 005 of old servers, which sends people elsewhere, for nothing", () => {
  const isupport = createIsupport();
  isupport.hear(["bot", "Try server irc.example, port 6667"]);
  expect(isupport).toMatchObject({ nickLength: 9, channelTypes: "#&" });
});

it("tells which names are the same, as soon as it has heard how", () => {
  const isupport = createIsupport();
  expect(isupport.isSame("Ada[m]", "ada{m}")).toBe(true);
  isupport.hear(["bot", "CASEMAPPING=ascii"]);
  expect(isupport.isSame("Ada[m]", "ada{m}")).toBe(false);
  expect(isupport.isSame("Ada[m]", "ada[M]")).toBe(true);
  expect(isupport.fold("Ada")).toBe("ada");
});

it("tells channels from people", () => {
  const isupport = createIsupport();
  expect(["#a", "&a", "+a", "ada", ""].filter(isupport.isChannel)).toEqual(["#a", "&a"]);
  isupport.hear(["bot", "CHANTYPES=+"]);
  expect(["#a", "&a", "+a", "ada", ""].filter(isupport.isChannel)).toEqual(["+a"]);
});

it("survives any parameters", () => {
  const token = fc.oneof(
    fc.string(),
    fc.string().map((value) => `CHANTYPES=${value}\\x`),
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
