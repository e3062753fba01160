import { expect, it } from "vitest";
import { isMisnamed, socketsOf, toPlaces, toSinglePlace } from "./places.js";

const NAMES: ReadonlyArray<readonly [name: string, service: string, misnamed: boolean, why: string]> = [
  ["finger", "finger", false, "its own name"],
  ["setter", "setter", false, "another service's"],
  ["finger-server.socket", "finger", false, "systemd names it after its unit"],
  ["unknown", "finger", false, "systemd has said nothing"],
  ["seter", "finger", true, "a slip of the fingers"],
];

it.each(NAMES)("takes a socket named %j for %s: %s, %s", (name, service, misnamed) => {
  const socket = { fd: 3, name };
  expect([socketsOf(service, [socket]), isMisnamed(socket)]).toEqual([[socket], misnamed]);
});

it("calls a place by one name, however it is written", () => {
  const written = [79, "79", "127.0.0.1:79", { address: 79 }];
  for (const address of written) expect(toPlaces(address, [])[0]?.name).toBe("127.0.0.1:79");
  expect(toPlaces(["[::1]:79", "/run/finger"], []).map(({ name }) => name)).toEqual(["[::1]:79", "/run/finger"]);
});

it("listens at the sockets that were passed, in the manner of the first address, and nowhere else", () => {
  const listen = { address: 79, proxyProtocol: ["10.0.0.0/8"], mode: "660" };
  expect(toPlaces(listen, [{ fd: 4, name: "finger" }])).toMatchObject([
    { name: "descriptor 4", where: { fd: 4, proxyProtocol: ["10.0.0.0/8"], mode: undefined } },
  ]);
  expect(toSinglePlace("metrics", 9079, [{ fd: 5, name: "metrics" }])).toEqual({ fd: 5 });
  expect(toSinglePlace("metrics", undefined, [{ fd: 5, name: "finger" }])).toBeUndefined();
});
