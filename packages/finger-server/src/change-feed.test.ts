import { expect, it, vi } from "vitest";
import { createChangeFeed } from "./change-feed.js";

it("tells every subscriber each login once, in order, and ends when it is aborted", async () => {
  const feed = createChangeFeed();
  const stop = new AbortController();
  const [one, other] = [feed.subscribe(stop.signal), feed.subscribe(stop.signal)];
  feed.publish([{ login: "alice" }, { login: "bob" }]);
  feed.publish([{ login: "alice" }]);
  for (const subscriber of [one, other]) {
    expect(await subscriber.next()).toEqual({ value: { login: "alice" }, done: false });
    expect(await subscriber.next()).toEqual({ value: { login: "bob" }, done: false });
  }
  const waiting = one.next();
  stop.abort();
  expect(await waiting).toEqual({ value: undefined, done: true });
  expect(await other.next()).toEqual({ value: undefined, done: true });
});

it("answers those who wait before there is a change", async () => {
  const feed = createChangeFeed();
  const subscriber = feed.subscribe(new AbortController().signal);
  const both = Promise.all([subscriber.next(), subscriber.next()]);
  feed.publish([{ login: "alice" }, { login: "bob" }]);
  expect((await both).map(({ value }) => value)).toEqual([{ login: "alice" }, { login: "bob" }]);
});

it("tells somebody who does not keep up that anybody may have changed", async () => {
  const feed = createChangeFeed();
  const subscriber = feed.subscribe(new AbortController().signal);
  feed.publish(Array.from({ length: 1001 }, (_, index) => ({ login: `user${index}` })));
  expect(await subscriber.next()).toEqual({ value: { login: undefined }, done: false });
  feed.publish([{ login: "alice" }]);
  expect(await subscriber.next()).toEqual({ value: { login: "alice" }, done: false });
});

it("can be left while waiting, and listens to the signal no longer", async () => {
  const feed = createChangeFeed();
  const { signal } = new AbortController();
  const subscriber = feed.subscribe(signal);
  const waiting = subscriber.next();
  await subscriber.return?.();
  expect(await waiting).toEqual({ value: undefined, done: true });
});

it("tells once that a subscriber has left, however it was", async () => {
  const feed = createChangeFeed();
  const onLeave = vi.fn();
  const stop = new AbortController();
  const [one, other] = [feed.subscribe(stop.signal, onLeave), feed.subscribe(stop.signal, onLeave)];
  await one.return?.();
  expect(onLeave).toHaveBeenCalledTimes(1);
  stop.abort();
  await other.return?.();
  expect(onLeave).toHaveBeenCalledTimes(2);
  feed.subscribe(stop.signal, onLeave);
  expect(onLeave).toHaveBeenCalledTimes(3);
});

it("gives nothing under a signal that is aborted already", async () => {
  expect(await createChangeFeed().subscribe(AbortSignal.abort()).next()).toEqual({ value: undefined, done: true });
});
