import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseRoute, type Route, toFormPath, toPersonPath } from "./route.js";

const person = (login: string, form?: "json" | "text"): Route => ({ kind: "person", login, form });

const ROWS: ReadonlyArray<[path: string, route: Route | undefined, why: string]> = [
  ["", { kind: "list", form: undefined }, "where it is mounted, without a slash"],
  ["/", { kind: "list", form: undefined }, "and with one"],
  ["/.json", { kind: "list", form: "json" }, "the list is what nobody's name asks for"],
  ["/.txt", { kind: "list", form: "text" }, "in this form, too"],
  ["/alice", person("alice"), "a page"],
  ["/alice.json", person("alice", "json"), "in a form"],
  ["/alice.txt", person("alice", "text"), "in another"],
  ["/alice.html", person("alice.html"), "which is no form"],
  ["/~alice", person("alice"), "as in a pubnix"],
  ["/~alice.json", person("alice.json"), "there the whole is the name"],
  ["/~events", person("events"), "whose name is taken otherwise"],
  ["/~~x", person("~x"), "a name with a tilde"],
  ["/a%2Fb", person("a/b"), "a slash in a name stays in it"],
  ["/%E2%82%AC", person("€"), "UTF-8"],
  ["/%7Ealice", person("~alice"), "an encoded tilde is part of the name"],
  ["/alice/feed.atom", { kind: "feed", login: "alice", format: "atom" }, "a feed"],
  ["/~feed.json/feed.json", { kind: "feed", login: "feed.json", format: "json" }, "of an odd name"],
  ["/feed.atom", { kind: "feed", login: undefined, format: "atom" }, "of everybody"],
  ["/feed.json", { kind: "feed", login: undefined, format: "json" }, "in JSON"],
  ["/events", { kind: "events" }, "changes"],
  ["/openapi.json", { kind: "openapi" }, "the description"],
  ["/RPC2", { kind: "rpc" }, "XML-RPC"],
  ["/rpc2", person("rpc2"), "which is no XML-RPC"],
  ["/@plan.example/alice", { kind: "gateway", host: "plan.example", name: "alice" }, "another server"],
  ["/@plan.example", { kind: "gateway", host: "plan.example", name: "" }, "and its list"],
  ["/@plan.example/", { kind: "gateway", host: "plan.example", name: "" }, "with a slash, too"],
  ["/@plan.example/a/b", undefined, "which is too much"],
  ["/alice/", { kind: "redirect", path: "/alice" }, "the page has one address"],
  ["/\\evil.example/", { kind: "redirect", path: "/%5Cevil.example" }, "which is never that of another host"],
  ["/alice/plan", undefined, "nothing of ours"],
  ["/alice/feed.atom/", undefined, "nor this"],
  ["//evil.example", undefined, "nor this"],
  ["/.well-known/webfinger", undefined, "which has its place at the root"],
  ["/favicon.ico", undefined, "what a browser looks for by itself"],
  ["/robots.txt", undefined, "and a robot"],
  ["/~robots.txt", person("robots.txt"), "who may be somebody"],
  ["s", undefined, "/fingers is not below /finger"],
];

describe("a path", () => {
  it.each(ROWS)("%j means %o: %s", (path, route) => {
    expect(parseRoute(path)).toEqual(route);
  });

  it.each(["/%", "/%zz", "/%FF", "/a%2/feed.atom"])("%j is none", (path) => {
    expect(() => parseRoute(path)).toThrow(expect.objectContaining({ name: "Problem", status: 400 }));
  });
});

describe("the path of a page", () => {
  it("leads to its user, whatever the login is, and keeps its way through a URL", () => {
    const logins = fc.oneof(
      fc.string({ unit: "grapheme", minLength: 1 }),
      fc.constantFrom(
        ".",
        "..",
        "events",
        "feed.json",
        "RPC2",
        ".json",
        "a.txt",
        "~",
        "~a",
        "@a",
        ".well-known",
        "a/../b",
      ),
    );
    fc.assert(
      fc.property(logins, (login) => {
        const { pathname } = new URL(toPersonPath(login), "http://localhost");
        expect(parseRoute(pathname)).toEqual(person(login));
      }),
    );
  });

  it("in a form does as well, where there is one", () => {
    expect(toFormPath("alice", "json")).toBe("/alice.json");
    expect(toFormPath("events", "text")).toBe("/events.txt");
    for (const login of ["feed", "openapi", "", "~a"]) expect(toFormPath(login, "json")).toBeUndefined();
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (login) => {
        const path = toFormPath(login, "json");
        if (path !== undefined)
          expect(parseRoute(new URL(path, "http://localhost").pathname)).toEqual(person(login, "json"));
      }),
    );
  });
});
