import { expect, it } from "vitest";
import { createTrouble } from "./trouble.js";

/** A trouble, and what it has told. */
function make(toError?: (cause: unknown) => unknown) {
  const told: string[] = [];
  return { told, ...createTrouble((error) => told.push(String(error)), toError) };
}

it("is told once for a place, and again when it was over", () => {
  const { told, begin, end } = make();
  begin("here", "broken");
  begin("here", "broken");
  begin("here", "broken otherwise");
  end("here");
  begin("here", "broken again");
  expect(told).toEqual(["broken", "broken again"]);
});

it("is told for another place when the cause is another", () => {
  const { told, begin, at } = make((cause) => `${cause}!`);
  begin("here", "broken");
  begin("there", "broken");
  at("elsewhere").begin("gone");
  at("elsewhere").begin("gone");
  expect(told).toEqual(["broken!", "gone!"]);
  at("elsewhere").end();
  begin("elsewhere", "lost");
  expect(told).toEqual(["broken!", "gone!", "lost!"]);
});
