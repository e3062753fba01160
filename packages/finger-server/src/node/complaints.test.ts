import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createComplaints } from "./complaints.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function listen() {
  const heard: string[] = [];
  const complain = createComplaints((error) => heard.push((error as Error).message));
  return { heard, complain };
}

const proxy = { address: "192.0.2.1", port: 1 };
const REMEDY = "Have it send one, by send-proxy-v2 in HAProxy, or listen without proxyProtocol.";

it("tells of a mistake at once, and names the proxy", () => {
  const { heard, complain } = listen();
  complain(proxy, "it is wrong");
  expect(heard).toEqual([`The proxy at 192.0.2.1 sent no proper PROXY header: it is wrong. ${REMEDY}`]);
});

it("names the Unix socket where there is no address", () => {
  const { heard, complain } = listen();
  complain({ address: undefined, port: undefined }, "it is wrong");
  expect(heard).toEqual([`A proxy at the Unix socket sent no proper PROXY header: it is wrong. ${REMEDY}`]);
});

it("tells once a second of the last of many, and how many there were", () => {
  const { heard, complain } = listen();
  for (let count = 0; count < 10_000; count++) complain(proxy, `mistake ${count}`);
  expect(heard).toHaveLength(1);
  vi.advanceTimersByTime(1000);
  expect(heard).toHaveLength(2);
  expect(heard[1]).toContain("mistake 9999 (so did 9998 more connections of proxies).");
  vi.advanceTimersByTime(60_000);
  expect(heard).toHaveLength(2);
});

it("tells of one at once again when there was none for a second", () => {
  const { heard, complain } = listen();
  complain(proxy, "one");
  vi.advanceTimersByTime(1000);
  complain(proxy, "two");
  complain(proxy, "three");
  expect(heard.map((text) => text.split(": ")[1])).toEqual([`one. ${REMEDY}`, `two. ${REMEDY}`]);
  vi.advanceTimersByTime(1000);
  expect(heard[2]).toContain("three. ");
});
