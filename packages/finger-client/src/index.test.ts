import * as client from "finger-client";
import { expect, it } from "vitest";

it("exports these names, and changes them only on purpose", () => {
  expect(Object.keys(client).sort()).toEqual(["finger", "fingerStream"]);
});
