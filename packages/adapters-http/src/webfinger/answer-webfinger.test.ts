import fc from "fast-check";
import type { FingerUser } from "finger-protocol";
import { expect, it } from "vitest";
import type { PersonLinks } from "../options.js";
import { answerWebFinger, type WebFingerRules } from "./answer-webfinger.js";

const USERS: readonly FingerUser[] = [
  { login: "alice", name: "Alice Liddell" },
  { login: "zoë" },
  { login: "a+b" },
  { login: "feed.atom" },
];

function rules(more: Partial<WebFingerRules> = {}): WebFingerRules {
  return {
    origin: "https://plan.example",
    base: "/finger",
    hosts: ["plan.example", "bücher.example", "dev.example:8443"],
    find: async (login) => USERS.find((user) => user.login === login),
    links: () => undefined,
    ...more,
  };
}

const ask = (resource: string, more?: Partial<WebFingerRules>) =>
  answerWebFinger(`?resource=${encodeURIComponent(resource)}`, rules(more));

async function read(search: string, more?: Partial<WebFingerRules>) {
  const answer = await answerWebFinger(search, rules(more));
  if (answer.status !== 200) throw new Error(answer.detail);
  return JSON.parse(answer.body);
}

it("answers as RFC 7033 4.4 has it, the link that matters most first", async () => {
  expect(await read("?resource=acct:alice@plan.example")).toEqual({
    subject: "acct:alice@plan.example",
    aliases: ["https://plan.example/finger/alice", "finger://plan.example/alice"],
    properties: { "http://schema.org/name": "Alice Liddell" },
    links: [
      {
        rel: "http://webfinger.net/rel/profile-page",
        type: "text/html",
        href: "https://plan.example/finger/alice",
      },
      { rel: "alternate", type: "application/json", href: "https://plan.example/finger/alice.json" },
      {
        rel: "http://schemas.google.com/g/2010#updates-from",
        type: "application/atom+xml",
        href: "https://plan.example/finger/alice/feed.atom",
      },
    ],
  });
});

const FOUND: ReadonlyArray<readonly [resource: string, login: string, why: string]> = [
  ["acct:alice@plan.example", "alice", "an account"],
  ["acct:@alice@plan.example", "alice", "as the fediverse writes names"],
  ["ACCT:alice@PLAN.example", "alice", "schemes and hosts have no case"],
  ["acct:%61lice@plan.example", "alice", "the name is percent-encoded (RFC 7565 7)"],
  ["acct:a+b@plan.example", "a+b", "a plus is a plus"],
  ["acct:a%2Bb@plan.example", "a+b", "an encoded plus is one, too"],
  ["acct:zo%C3%AB@plan.example", "zoë", "letters beyond ASCII, encoded"],
  ["acct:zoë@plan.example", "zoë", "letters beyond ASCII, as people paste them"],
  ["acct:alice@bücher.example", "alice", "an international host"],
  ["acct:alice@BÜCHER.example", "alice", "an international host in upper case"],
  ["acct:alice@xn--bcher-kva.example", "alice", "an international host in ASCII"],
  ["acct:alice@plan.example:443", "alice", "the port of WebFinger itself"],
  ["acct:alice@dev.example:8443", "alice", "a port that is configured"],
  ["acct:alice@dev.example", "alice", "a host has no port in an account (RFC 7565)"],
  ["finger://plan.example/alice", "alice", "what finger calls it"],
  ["finger://plan.example:79/%2FW%20alice", "alice", "finger, asked for more"],
  ["finger://alice@plan.example", "alice", "finger, as Bombadillo writes it"],
  ["https://plan.example/finger/alice", "alice", "the page"],
  ["https://PLAN.example:443/finger/%61lice", "alice", "the page, written otherwise"],
  ["https://plan.example/finger/~alice", "alice", "the page, by the tilde"],
  ["https://plan.example/finger/~feed.atom", "feed.atom", "the page of who is called as a feed is"],
];

it.each(FOUND)("finds %s: it is %s, %s", async (resource, login) => {
  const answer = await ask(resource);
  expect(answer).toMatchObject({ status: 200 });
  const subject: string = JSON.parse("body" in answer ? answer.body : "{}").subject;
  expect(decodeURIComponent(subject)).toBe(`acct:${login}@plan.example`);
});

const NOT_FOUND: ReadonlyArray<readonly [resource: string, why: string]> = [
  ["acct:bob@plan.example", "nobody has the name"],
  ["acct:ALICE@plan.example", "names have a case"],
  ["acct:alice@other.example", "another host"],
  ["acct:alice@plan.example:9", "another port"],
  ["acct:alice@plan.example%2Fx", "no host at all"],
  ["acct:alice@plan.example\\x", "no URI at all"],
  ["acct:%ff@plan.example", "no UTF-8"],
  ["acct:alice%00@plan.example", "a control character"],
  ["mailto:alice@plan.example", "a mailbox is no account"],
  ["finger://plan.example", "a list"],
  ["finger://plan.example:7979/alice", "another port of finger's"],
  ["finger://plan.example/alice@other.example", "a third host"],
  ["https://plan.example/finger/", "the page of all"],
  ["https://plan.example/alice", "not below the base"],
  ["https://plan.example/finger/alice.json", "another form of the page"],
  ["https://plan.example/finger/alice/feed.atom", "the feed"],
  ["https://plan.example/finger/feed.atom", "the feed of all"],
  ["https://plan.example/finger/alice?x", "a query"],
  ["https://plan.example/finger/%ff", "no UTF-8 in a page"],
  ["http://plan.example/finger/alice", "another origin"],
  ["https://other.example/finger/alice", "another host"],
  ["urn:x:y", "another kind of URI"],
];

it.each(NOT_FOUND)("does not know %s: %s", async (resource, why) => {
  expect((await ask(resource)).status).toBe(why === "no URI at all" ? 400 : 404);
});

const REFUSED: ReadonlyArray<readonly [search: string, why: string]> = [
  ["", "no query"],
  ["?", "an empty query"],
  ["?rel=self", "no resource"],
  ["?resource", "a resource without a value"],
  ["?resource=", "an empty resource"],
  ["?resource=foobar", "a bare word"],
  ["?resource=alice@plan.example", "no scheme"],
  ["?resource=acct:alice", "an account without a host"],
  ["?resource=acct:@plan.example", "an account without a name"],
  ["?resource=acct:alice%40plan.example%0A", "a line end"],
  ["?resource=acct:al ice@plan.example", "a blank"],
  ["?resource=acct:al%25ice@plan.example", "a percent sign that encodes nothing"],
  ["?resource=%", "no percent-encoding"],
  ["?resource=acct:%ff@plan.example", "no UTF-8"],
  ["?resource=acct:alice@plan.example&resource=acct:alice@plan.example", "a resource twice"],
  ["?resource=acct:alice@plan.example&rel=%zz", "a rel that is not percent-encoded"],
];

it.each(REFUSED)("refuses %j: %s", async (search) => {
  expect(await answerWebFinger(search, rules())).toEqual({ status: 400, detail: expect.stringMatching(/^[A-Z].*\.$/) });
});

it("reads past what it does not know, and names that are encoded", async () => {
  expect((await read("?x=%&%72esource=acct%3Aalice%40plan.example&y")).subject).toBe("acct:alice@plan.example");
});

it("gives the links alone that are asked for, and all else", async () => {
  const more = { links: () => ({ avatar: "https://a.example/a.png", activityPub: "https://a.example/alice" }) };
  const jrd = await read(
    "?resource=acct:alice@plan.example&rel=self&rel=http%3A%2F%2Fwebfinger.net%2Frel%2Favatar&rel=x",
    more,
  );
  expect(jrd.links).toEqual([
    { rel: "http://webfinger.net/rel/avatar", href: "https://a.example/a.png" },
    { rel: "self", type: "application/activity+json", href: "https://a.example/alice" },
  ]);
  expect(jrd.aliases).toHaveLength(2);
  expect((await read("?resource=acct:alice@plan.example&rel=nothing")).links).toEqual([]);
});

it.each(["javascript:alert(1)", "/relative", "https://a.example/ b", ""])(
  "leaves out the link %j, which is none",
  async (href) => {
    const links: PersonLinks = { profile: href, avatar: href, activityPub: href };
    const rels = (await read("?resource=acct:alice@plan.example", { links: () => links })).links.map(
      ({ rel }: { rel: string }) => rel,
    );
    expect(rels).toEqual(["alternate", "http://schemas.google.com/g/2010#updates-from"]);
  },
);

it("names the user as the record does, whatever was asked for", async () => {
  const jrd = await read("?resource=acct:al@plan.example", { find: async () => ({ login: "alice" }) });
  expect(jrd.subject).toBe("acct:alice@plan.example");
  expect(jrd.properties).toBeUndefined();
});

it("hands on what goes wrong", async () => {
  const find = async () => {
    throw new Error("down");
  };
  await expect(ask("acct:alice@plan.example", { find })).rejects.toThrow("down");
});

it("writes a document of URIs about any login and name", async () => {
  const text = fc.string({ unit: "binary", maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(text.filter(Boolean), text, async (login, name) => {
      const { subject, aliases, links } = await read("?resource=acct:x@plan.example", {
        find: async () => ({ login, name }),
      });
      const hrefs = links.map(({ href }: { href: string }) => href);
      for (const uri of [subject, ...aliases, ...hrefs]) expect(uri).toMatch(/^[a-z]+:[!#-;=?-Z[\]_a-z~]+$/);
    }),
  );
});

it("answers any query", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), async (search, resource) => {
      expect([200, 400, 404]).toContain((await answerWebFinger(`?resource=${search}`, rules())).status);
      expect([200, 400, 404]).toContain(
        (await ask(`acct:${resource.replace(/\p{Surrogate}/gu, "")}@plan.example`)).status,
      );
    }),
  );
});
