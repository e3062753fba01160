/** @import { LookupProvider } from "finger-server" */
/** @import { Machine, Slot } from "./machine.mjs" */

/**
 * What a vending machine answers (RFC 1288 2.5.5): the list has what can be bought now; a slot, or a product, is told of in
 * detail. A query asks and does nothing, whatever it says: nothing here inserts, sells or pays.
 *
 * @param {Pick<Machine, "slots">} machine
 * @returns {LookupProvider}
 */
export function vendingProvider(machine) {
  return {
    lookup: async (name, { verbose }) => {
      const found = machine.slots().filter((slot) => isCalled(slot, name));
      return found.length === 0 ? undefined : found.map((slot) => describeSlot(slot, verbose)).join("\n\n");
    },
    list: async () =>
      machine
        .slots()
        .filter((slot) => slot.count > 0 && !slot.isJammed)
        .map(({ slot, product, price, count }) => ({
          login: slot,
          name: product,
          status: `${count} left, ${formatPrice(price)}`,
        })),
  };
}

/**
 * @param {Slot} slot
 * @param {string} name
 */
function isCalled({ slot, product }, name) {
  return [slot, product].some((own) => own.toLowerCase() === name.toLowerCase());
}

/**
 * `/W` asks for more (RFC 1288 2.5.4).
 *
 * @param {Slot} slot
 * @param {boolean} isLong
 */
function describeSlot({ slot, product, price, count, isJammed }, isLong) {
  const lines = [`Slot ${slot}: ${product}`, `Left: ${count}`, `Price: ${formatPrice(price)}`];
  if (!isLong) return lines.join("\n");
  const state = isJammed ? "jammed; your credit is safe, press the coin return" : "in order";
  return [...lines, `Motor: ${state}`, `All of it: ${formatPrice(price * count)}`].join("\n");
}

/** @param {number} cents */
function formatPrice(cents) {
  return (cents / 100).toFixed(2);
}
