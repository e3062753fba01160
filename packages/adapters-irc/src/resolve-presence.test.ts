import { expect, it } from "vitest";
import { resolvePresence } from "./resolve-presence.js";

const provider = () => undefined;
const url = "ircs://plan@irc.example:7000/#a";
const tls = { ca: "PEM" };

it("is what the URL says, and what is said beside it counts more", () => {
  const told = () => {};
  expect(resolvePresence({ provider, url }, told)).toMatchObject({
    server: { host: "irc.example", port: 7000, tls: true },
    nick: "plan",
    channels: ["#a"],
  });
  const server = { tls, password: "sesame" };
  expect(resolvePresence({ provider, url, server, nick: "other", channels: ["#b key"] }, told)).toMatchObject({
    server: { host: "irc.example", port: 7000, tls, password: "sesame" },
    nick: "other",
    channels: ["#b key"],
  });
});

it("is once in each channel, with the key that is named first", () => {
  const watched = { lookup: async () => undefined, async *watch() {} };
  const options = {
    provider: watched,
    url,
    channels: ["#a key", "#b", "#A"],
    announce: { channels: ["#B", "#c", "#c"] },
  };
  expect(resolvePresence(options, () => {}).channels).toEqual(["#a key", "#b", "#c"]);
});
