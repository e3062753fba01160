import { execFile, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { answerXmlRpc } from "../../packages/adapters-http/src/xml-rpc/answer-xml-rpc.js";
import { describePeer } from "./support/peer.js";

const PYTHON = "python3";
const isThere = spawnSync(PYTHON, ["-c", "import xmlrpc.client"]).status === 0;

/** Calls a method with what stands in the arguments as JSON, and prints the result, or the fault. */
const CALL = `
import json, sys, xmlrpc.client
server = xmlrpc.client.ServerProxy(sys.argv[1], allow_none=True)
try:
    print(json.dumps(getattr(server, sys.argv[2])(*json.loads(sys.argv[3]))))
except xmlrpc.client.Fault as fault:
    print(json.dumps([fault.faultCode, fault.faultString]))
`;

const HOSTILE = "<b>&amp; ]]> \"'\t\n \ud83e\udd8a é";
/** Python sends a CR as it is, and XML makes a line end of it; we send it so that it stays. */
const ENDS = "a\rb\r\nc";

const CALLS: ReadonlyArray<readonly [method: string, args: readonly unknown[], result: unknown]> = [
  ["getUser", ["moshez"], "Happy and well"],
  ["getUser", ["nobody"], "No such user"],
  ["getUser", [HOSTILE], `You asked for ${HOSTILE}${ENDS}`],
  ["getUsers", [], ["moshez", HOSTILE]],
  ["getUser", [], [8002, "error"]],
  ["getUser", [1], [8002, "error"]],
  ["getUser", [true], [8002, "error"]],
  ["getUser", [null], [8002, "error"]],
  ["getUser", [1.5e300], [8002, "error"]],
  ["getUser", [["moshez", 1.5, { name: [null, "x"] }]], [8002, "error"]],
  ["getUser", ["broken"], [8002, "error"]],
  ["setUser", ["moshez"], [8001, "function setUser not found"]],
  ["system.methodHelp", ["getUsers"], "The names of all users."],
  ["system.methodSignature", ["getUser"], [["string", "string"]]],
];

describePeer("Python's xmlrpc.client", isThere, "apt-get install python3", () => {
  let server: Server;
  let url: string;

  beforeAll(async () => {
    server = createServer(async (request, response) => {
      const answer = await answerXmlRpc(await text(request), { getUser, getUsers: async () => ["moshez", HOSTILE] });
      response.writeHead(200, { "content-type": "text/xml" }).end(answer);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/RPC2`;
  });
  afterAll(() => server.close());

  it.each(CALLS)("calls %s with %j and hears %j", async (method, args, result) => {
    const { stdout } = await promisify(execFile)(PYTHON, ["-c", CALL, url, method, JSON.stringify(args)]);
    expect(JSON.parse(stdout)).toEqual(result);
  });
});

async function getUser(name: string): Promise<string> {
  if (name === "broken") throw new Error("broken");
  if (name === "moshez") return "Happy and well";
  return name === HOSTILE ? `You asked for ${name}${ENDS}` : "No such user";
}
