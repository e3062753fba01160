import { expect, it, vi } from "vitest";
import { createOutbox } from "./outbox.js";

/** An outbox to somebody who hangs until `arrive` is called. */
function open() {
  const sent: number[] = [];
  const underWay: (() => void)[] = [];
  const onBehind = vi.fn();
  const tell = createOutbox<number>((message, onSent) => {
    sent.push(message);
    underWay.push(onSent);
  }, onBehind);
  const tellUpTo = (count: number) => {
    for (let message = 0; message < count; message++) tell(message);
  };
  const arrive = (count = underWay.length) => {
    for (const onSent of underWay.splice(0, count)) onSent();
  };
  return { sent, onBehind, tell, tellUpTo, arrive };
}

it("sends everything to somebody who keeps up", () => {
  const { sent, onBehind, tellUpTo, arrive } = open();
  for (let round = 0; round < 3; round++) {
    tellUpTo(1000);
    arrive();
  }
  expect(sent).toHaveLength(3000);
  expect(onBehind).not.toHaveBeenCalled();
});

it("leaves out what is too much, and says so once when the rest has arrived", () => {
  const { sent, onBehind, tellUpTo, arrive } = open();
  tellUpTo(1500);
  expect(sent).toHaveLength(1000);
  arrive(999);
  expect(onBehind).not.toHaveBeenCalled();
  arrive();
  expect(onBehind).toHaveBeenCalledOnce();
  tellUpTo(1);
  arrive();
  expect(onBehind).toHaveBeenCalledOnce();
});

it("may be told something at once when it says that", () => {
  const { sent, onBehind, tell, tellUpTo, arrive } = open();
  onBehind.mockImplementation(() => tell(-1));
  tellUpTo(1001);
  arrive();
  expect(sent.at(-1)).toBe(-1);
});
