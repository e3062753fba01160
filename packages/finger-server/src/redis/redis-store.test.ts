import { describe, expect, it } from "vitest";
import { type RedisStoreOptions, redisStore } from "./index.js";

describe("a store in Redis", () => {
  const NAMES: ReadonlyArray<readonly [url: string, name: string, why: string]> = [
    ["redis://localhost", "redis://localhost:6379/0", "the port and the database have defaults"],
    ["rediss://redis.example:6380/3", "rediss://redis.example:6380/3", "TLS shows"],
    ["redis://[::1]:7000/", "redis://[::1]:7000/0", "an address of IPv6 has brackets"],
    ["redis://alice:secret@localhost/1", "redis://localhost:6379/1", "who logs in is nobody's business"],
  ];
  it.each(NAMES)("of %s is called %s: %s", async (url, name) => {
    await using store = redisStore(url);
    expect(store.name).toBe(name);
  });

  const MISTAKES: ReadonlyArray<readonly [url: string, why: string, told: RegExp]> = [
    ["", "it is empty", /no URL/],
    ["localhost:6379", "it has no scheme", /begins with something else/],
    ["http://u:secret@localhost", "it is of the web", /begins with something else/],
    ["secret@localhost", "it has a password alone", /no URL/],
    ["secret:u@localhost", "what looks like a scheme may be a password", /begins with something else/],
    ["redis://", "it has no host", /no host/],
    ["redis://:secret", "so has this: the host was forgotten, and the password looks like a port", /no URL/],
    ["redis://u:secret", "the same, with a login", /no URL/],
    ["redis://u:secret@", "the same, with the sign after it", /no URL/],
    ["redis:u:secret@localhost", "the slashes were forgotten", /no host/],
    ["redis://u:secret@localhost:99999", "there is no such port", /no URL/],
    ["redis://u:secret@localhost/finger", "a database has a number", /no number of a database/],
    ["redis://u:secret/5@localhost", "a slash in a password must be escaped", /no URL/],
    ["redis://localhost/0?password=secret", "what a query says would be ignored", /has a query/],
    ["redis://localhost#secret", "so would a fragment", /has a query or a fragment/],
    ["redis://u:secret%@localhost", "a percent sign must escape something", /percent sign .* escapes nothing/],
  ];
  it.each(MISTAKES)("is not opened for %j: %s", (url, _why, told) => {
    const open = () => redisStore(url);
    expect(open).toThrow(TypeError);
    expect(open).toThrow(/^The URL of Redis must be like redis:\/\/localhost:6379\/0 or rediss:…, but /);
    expect(open).toThrow(told);
    expect(open).not.toThrow(/secret/);
  });

  const OPTIONS: ReadonlyArray<readonly [options: RedisStoreOptions, error: RegExp]> = [
    [{ prefix: 1 as unknown as string }, /option prefix must be a text, but is 1/],
    [{ history: 0 }, /option history must be a whole number/],
    [{ timeout: 0 }, /option timeout must be a whole number/],
    [{ pollInterval: 0.5 }, /option pollInterval must be a whole number/],
    [{ onError: "log" as unknown as () => void }, /option onError must be a function, but is log/],
  ];
  it.each(OPTIONS)("refuses %o", (options, error) => {
    expect(() => redisStore("redis://localhost", options)).toThrow(error);
  });

  it("is made of a URL or a client, and nothing else", () => {
    for (const client of [undefined, null, 7, {}, { duplicate: () => {}, isCluster: true }]) {
      expect(() => redisStore(client as unknown as string)).toThrow(
        /^Redis is given by a URL or by a Redis of ioredis/,
      );
    }
  });
});
