import { once } from "node:events";
import { copyFileSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:https";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { type ConnectionOptions, connect, type SecureVersion, type TLSSocket } from "node:tls";
import { html } from "finger-adapters-http";
import { describe, expect, it, onTestFinished } from "vitest";
import { type Certificate, makeCertificate } from "./peers/support/certificate.js";
import { makeFolder, type Running, start } from "./support/chapter.js";
import { freshPath } from "./support/programs.js";
import { exchange } from "./support/sockets.js";

/** A chapter with pages. */
interface OnTheWeb extends Running {
  /** Of its list, or of its methods. */
  readonly url: string;
  /** Resolves to the status and the body of what is there. */
  readonly get: (path: string, type?: string) => Promise<string>;
}

/** Runs a chapter that has pages, too. */
async function startWeb(chapter: string, ...args: string[]): Promise<OnTheWeb> {
  const running = await start(chapter, ...args);
  const url = await running.printed(/^(?:On the web|Methods) at (https?:\S+)\n/m);
  return {
    ...running,
    url,
    async get(path, type = "*/*") {
      const response = await fetch(new URL(path, url), { headers: { accept: type } });
      return `${response.status} ${await response.text()}`;
    },
  };
}

/** Makes a users file, or puts another in its place. */
function writeUsers(users: string, path: string = join(makeFolder(), "users")): string {
  writeFileSync(`${path}.new`, users);
  renameSync(`${path}.new`, path);
  return path;
}

/** What stands between the tags of `main`. */
function readMain(page: string): string {
  return /<main[^>]*>([\s\S]*)<\/main>/.exec(page)?.[1] ?? page;
}

const EVE = "<b>eve</b>: <script>alert(1)</script> says javascript:alert(1) and http://eve.test/?a=1&b=2\n";
const EVE_PATH = encodeURIComponent("<b>eve</b>");
/** No tag of hers, and no quote that ends an attribute, is in the page as she wrote it. */
const OF_EVE = /<b>eve|<script>alert|href="javascript/;

const ANSWERS: ReadonlyArray<readonly [path: string, type: string, answer: string | RegExp, why: string]> = [
  ["/", "text/html", /^200 [\s\S]*<a href="\/moshez">[\s\S]*Happy and well/, "the list is a page"],
  ["/", "text/plain", /^200 Login +Status\n[\s\S]*^moshez +Happy and well$/m, "a text"],
  ["/", "application/json", /^200 {"users":\[.*{"login":"moshez","status":"Happy and well"}.*\]}\n?$/, "and JSON"],
  ["/moshez", "text/html", /^200 [\s\S]*<h1[^>]*>moshez<\/h1>[\s\S]*Happy and well/, "a user is a page"],
  ["/moshez", "text/plain", "200 Happy and well\n", "a text"],
  ["/moshez", "application/json", /^200 {"login":"moshez","status":"Happy and well"}\n?$/, "and JSON"],
  ["/moshez.txt", "*/*", "200 Happy and well\n", "the path can say which"],
  ["/moshez.json", "*/*", /^200 {"login":"moshez","status":"Happy and well"}\n?$/, "for JSON, too"],
  ["/zo%C3%AB.txt", "*/*", "200 Ça va — merci 🙂\n", "a name may have any letters"],
  ["/nobody", "text/html", /^404 <!doctype html>[\s\S]*There is no such user\./, "a browser is told so on a page"],
  ["/nobody", "application/json", /^404 {.*"detail":"There is no such user\."}\n?$/, "a program by the status"],
];

describe("chapter 17, on the web, too", () => {
  it.each(ANSWERS)("answers %s as %s with %s: %s", async (path, type, answer) => {
    const { get } = await startWeb("17-web");
    const received = await get(path, type);
    if (typeof answer === "string") expect(received).toBe(answer);
    else expect(received).toMatch(answer);
  });

  it("answers by finger what it answers on the web", async () => {
    const { port, get } = await startWeb("17-web");
    expect(await exchange(port, ["moshez\r\n"])).toBe("Happy and well\r\n");
    expect(await exchange(port, ["nobody\r\n"])).toBe("finger: nobody: no such user.\r\n");
    expect(await get("/shawn.txt")).toBe("200 alive\n");
  });

  it("has names and statuses as text on its pages", async () => {
    const { get } = await startWeb("17-web", writeUsers(EVE));
    for (const path of ["/", `/${EVE_PATH}`, `/${encodeURIComponent("<b>eve")}`]) {
      expect(readMain(await get(path, "text/html"))).not.toMatch(OF_EVE);
    }
    expect(await get(`/${EVE_PATH}`)).toContain("&lt;script&gt;alert(1)&lt;/script&gt; says");
  });

  it("follows its file on both fronts, and tells those who look at a page", async () => {
    const path = writeUsers("moshez: Happy and well\nshawn: alive\n");
    const { port, url, get } = await startWeb("17-web", path);
    expect(await get("/moshez", "text/html")).toContain('data-events="/events?login=moshez"');
    const events = await follow(new URL("/events?login=moshez", url));
    writeUsers("moshez: Busy\n", path);
    expect(await events.next(/^data: (.*)$/m)).toBe('{"login":"moshez"}');
    expect(await get("/moshez.txt")).toBe("200 Busy\n");
    expect(await get("/shawn.txt")).toMatch(/^404 /);
    expect(await exchange(port, ["moshez\r\n"])).toBe("Busy\r\n");
    expect(await exchange(port, ["shawn\r\n"])).toBe("finger: shawn: no such user.\r\n");
  });
});

/** Opens a stream of events, and resolves when it has begun. */
async function follow(url: URL): Promise<{ next(pattern: RegExp): Promise<string> }> {
  const leaving = new AbortController();
  onTestFinished(() => leaving.abort());
  const { body } = await fetch(url, { signal: leaving.signal });
  const reader = (body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  let received = "";
  const read = async () => {
    const { value, done } = await reader.read();
    if (done) throw new Error(`The stream has ended: ${received}`);
    received += decoder.decode(value, { stream: true });
  };
  await read();
  return {
    async next(pattern) {
      for (;;) {
        const match = pattern.exec(received);
        if (match !== null) return match[1] ?? "";
        await read();
      }
    },
  };
}

/** A call by XML-RPC, of which the parameters are XML. */
function toCall(method: string, ...values: readonly string[]): string {
  const params = values.map((value) => `<param><value>${value}</value></param>`).join("");
  return `<?xml version="1.0"?><methodCall><methodName>${method}</methodName><params>${params}</params></methodCall>`;
}

/** Sends a call, and resolves to the texts and numbers of the answer. */
async function post(url: string, body: string): Promise<string[]> {
  const response = await fetch(url, { method: "POST", headers: { "content-type": "text/xml" }, body });
  const answer = await response.text();
  return [...answer.matchAll(/<(string|int)>([^<]*)<\/\1>/g)].map(([, , value = ""]) => value);
}

const CALLS: ReadonlyArray<readonly [call: string, answer: readonly string[], why: string]> = [
  [toCall("getUser", "moshez"), ["Happy and well"], "a text without a type is a string"],
  [toCall("getUser", "<string>zoë</string>"), ["Ça va — merci 🙂"], "so is one with it"],
  [toCall("getUser", "nobody"), ["No such user"], "that is a text, and no fault"],
  [toCall("getUsers"), ["alice", "bob", "moshez", "shawn", "weather", "zoë"], "all that the file has"],
  [toCall("setUser", "moshez"), ["8001", "function setUser not found"], "there is no such method"],
  [toCall("getUser"), ["8002", "error"], "an argument is missing"],
  [toCall("getUser", "<int>1</int>"), ["8002", "error"], "a number is no name"],
];

describe("chapter 19, XML-RPC", () => {
  it.each(CALLS)("is sent %s and answers %j: %s", async (call, answer) => {
    const { url } = await startWeb("19-xml-rpc");
    expect(await post(url, call)).toEqual(answer);
  });

  it("refuses a document type, and reads no file for it", async () => {
    const { url } = await startWeb("19-xml-rpc");
    const call = toCall("getUser", "&file;").replace("?>", '?><!DOCTYPE a [<!ENTITY file SYSTEM "/etc/hostname">]>');
    const [code, reason] = await post(url, call);
    expect(code).toBe("8002");
    expect(reason).toMatch(/: line 1, column \d+: a document type is not allowed$/);
  });

  it("calls its own methods", async () => {
    const { printed } = await startWeb("19-xml-rpc");
    await printed(
      /<string>Happy and well<\/string>[\s\S]*<string>No such user<\/string>[\s\S]*<array>.*<string>moshez<\/string>/,
    );
  });

  it("takes no GET, and has the page of a user called RPC2 elsewhere", async () => {
    const { get } = await startWeb("19-xml-rpc", writeUsers("RPC2: I am a robot\nmoshez: Happy\n"));
    expect(await get("/RPC2")).toMatch(/^405 /);
    expect(await get("/~RPC2")).toMatch(/^200 [\s\S]*I am a robot/);
  });
});

describe("chapter 20, readable code", () => {
  it("has the same list over finger and as a text", async () => {
    const { port, get } = await startWeb("20-readable-code");
    const list = await exchange(port, ["\r\n"]);
    expect(list).toMatch(/^Login +Status\r\n/);
    expect(await get("/.txt")).toBe(`200 ${list.replaceAll("\r\n", "\n")}`);
    expect(await get("/", "text/html")).toMatch(/<title>Who is here<\/title>[\s\S]*<a href="\/moshez">/);
  });

  it("prints what is new, and who is gone", async () => {
    const path = writeUsers("moshez: Happy and well\nshawn: alive\n");
    const { printed } = await startWeb("20-readable-code", path);
    writeUsers("moshez: Busy\n", path);
    await printed(/^Status of moshez: Busy$/m);
    await printed(/^Status of shawn: No such user$/m);
  });

  it("commands no terminal", async () => {
    const path = join(makeFolder(), "users.json");
    writeUsers('{ "moshez": "Happy" }', path);
    const { printed } = await startWeb("20-readable-code", path);
    writeUsers(JSON.stringify({ moshez: "Busy \u001b[2J" }), path);
    expect(await printed(/^Status of moshez: (.*)$/m)).not.toContain("\u001b");
  });
});

describe("chapter 26, templates", () => {
  it("has the pages of its templates, and their style", async () => {
    const { get } = await startWeb("26-templates");
    expect(await get("/finger/", "text/html")).toMatch(
      /^200 [\s\S]*<style>body { max-width[\s\S]*<h1>Users<\/h1>\n<ul>.*<li><a href="\/finger\/moshez">moshez<\/a><\/li>/,
    );
    expect(readMain(await get("/finger/moshez", "text/html"))).toBe(
      '\n<h1>moshez</h1>\n<p>Happy and well</p>\n<p><a href="/finger/">All users</a></p>\n',
    );
    expect(await get("/finger/nobody", "text/html")).toMatch(/^404 [\s\S]*There is no such user\./);
  });

  it("leaves to the app what is the app's", async () => {
    const { get } = await startWeb("26-templates");
    expect(await get("/")).toBe('200 The users are at <a href="/finger/">/finger/</a>.');
    expect(await get("/moshez")).toMatch(/^404 [\s\S]*Cannot GET \/moshez/);
  });

  it("has names and statuses as text, and links only what is safe to follow", async () => {
    const { get } = await startWeb("26-templates", writeUsers(EVE));
    for (const path of ["/finger/", `/finger/${EVE_PATH}`, `/finger/${encodeURIComponent("<b>eve")}`]) {
      expect(readMain(await get(path, "text/html"))).not.toMatch(OF_EVE);
    }
    const page = readMain(await get(`/finger/${EVE_PATH}`, "text/html"));
    expect([...page.matchAll(/href="([^"]*)"/g)].map(([, href]) => href)).toEqual([
      "http://eve.test/?a=1&amp;b=2",
      "/finger/",
    ]);
  });

  it("does not insert into a script", () => {
    expect(() => html`<script>say("${"hello"}")</script>`).toThrow(/^Nothing can be inserted in <script>: /);
  });

  it("tells all logins by XML-RPC, below the same path", async () => {
    const { url } = await startWeb("26-templates");
    expect(await post(`${url}RPC2`, toCall("getUsers"))).toEqual(["alice", "bob", "moshez", "shawn", "weather", "zoë"]);
    expect(await post(`${url}RPC2`, toCall("getUser", "moshez"))).toEqual(["Happy and well"]);
  });
});

describe("chapter 28, HTTPS", () => {
  it("has the pages over TLS, and tells browsers to come by it alone", async () => {
    const { port, tls, get } = await startSecure();
    expect(await get("/moshez.txt")).toBe("200 Happy and well\n");
    expect(await get("/", "strict-transport-security")).toBe("max-age=600");
    expect(await exchange(port, ["moshez\r\n"])).toBe("Happy and well\r\n");
    expect(await exchange(tls, ["GET / HTTP/1.1\r\nhost: localhost\r\n\r\n"])).toBe("");
  });

  const VERSIONS: ReadonlyArray<readonly [version: SecureVersion, answer: string, why: string]> = [
    ["TLSv1.1", "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION", "it is too old"],
    ["TLSv1.2", "welcome", "it will do"],
    ["TLSv1.3", "welcome", "it is the one of today"],
  ];

  it.each(VERSIONS)("is met with %s and says %s: %s", async (version, answer) => {
    const { tls, pair } = await startSecure();
    // Without the level, the client itself would not offer the old one.
    const offer = { minVersion: version, maxVersion: version, ciphers: "DEFAULT@SECLEVEL=0" };
    const met = once(connectTo(tls, pair, offer), "secureConnect");
    expect(await met.then(() => "welcome").catch(({ code }) => code)).toBe(answer);
  });

  it.skipIf(process.platform === "win32")("takes a new certificate, and cuts nobody off", async () => {
    const { child, tls, pair, printed, get } = await startSecure();
    expect(await get("/moshez.txt")).toBe("200 Happy and well\n");
    const open = connectTo(tls, pair);
    await once(open, "secureConnect");
    replace(pair);
    child.kill("SIGHUP");
    await printed(/^The certificate is read again\.$/m);
    const next = connectTo(tls, pair);
    await once(next, "secureConnect");
    expect(open.authorized && next.authorized).toBe(true);
    expect(next.getPeerX509Certificate()?.serialNumber).not.toBe(open.getPeerX509Certificate()?.serialNumber);
    open.write("GET /moshez.txt HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
    expect(await text(open)).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*\r\n\r\nHappy and well\n$/);
  });

  it.skipIf(process.platform === "win32")("keeps its certificate when the new one does not fit the key", async () => {
    const { child, pair, printed, get } = await startSecure();
    copyFileSync(makeCertificate("localhost").key, pair.key);
    child.kill("SIGHUP");
    await printed(/^The certificate stays as it was: /m);
    expect(await get("/moshez.txt")).toBe("200 Happy and well\n");
  });

  it("ends without a key, and says why", async () => {
    const { cert } = makeCertificate("localhost");
    const { child, printed } = await start("28-https", freshPath(), cert);
    await printed(/Cannot listen for HTTPS: its certificate or key cannot be used: ENOENT/);
    if (child.exitCode === null) await once(child, "close");
    expect(child.exitCode).toBe(1);
  });
});

/** Puts another key and certificate in the place of a pair. */
function replace(pair: Certificate): void {
  const other = makeCertificate("localhost");
  copyFileSync(other.key, pair.key);
  copyFileSync(other.cert, pair.cert);
}

/** The chapter with a certificate of its own. */
interface Secure extends Running {
  readonly tls: number;
  readonly pair: Certificate;
  /** Resolves to the status and the body, or to one header. */
  readonly get: (path: string, header?: string) => Promise<string>;
}

async function startSecure(): Promise<Secure> {
  const pair = makeCertificate("localhost");
  const ca = readFileSync(pair.cert);
  const running = await start("28-https", pair.key, pair.cert);
  const tls = Number(await running.printed(/^On the web at https:\/\/127\.0\.0\.1:(\d+)\/$/m));
  await running.printed(/^kill -HUP \d+ /m);
  return {
    ...running,
    tls,
    pair,
    async get(path, header) {
      const options = { host: "127.0.0.1", port: tls, path, ca, servername: "localhost", agent: new Agent() };
      const [response] = await once(request(options).end(), "response");
      const body = await text(response);
      return header === undefined ? `${response.statusCode} ${body}` : String(response.headers[header]);
    },
  };
}

/** Connects as somebody who trusts the certificate that is there now. */
function connectTo(port: number, { cert }: Certificate, offer: ConnectionOptions = {}): TLSSocket {
  const socket = connect({ host: "127.0.0.1", port, servername: "localhost", ca: readFileSync(cert), ...offer });
  onTestFinished(() => void socket.destroy());
  return socket;
}
